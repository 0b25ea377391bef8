"""Objects on a page: which variables hold one, and diagrams of those of the rule's classes."""

from rfft.tracer import Rule, trace
from rfft.tracer.page import page

from .browser import texts

LINKED = """\
class Link:
    def __init__(self, val, next=None):
        self.val = val
        self.next = next


def rule(items):
    head = None
    for item in items:
        head = Link(item, head)
    tail = head
    tail = None
    return head.val
"""
SHARED = """\
def rule(items):
    same = items
    same.append(1)
    items = [2]
    return same
"""


def aliases(shown):
    rows = shown.locator("#state tr").all()
    return {
        row.locator("th").inner_text(): row.locator(".alias").inner_text()
        for row in rows
        if row.locator(".alias").count()
    }


def test_variables_that_hold_one_object_are_marked(browser):
    shown = browser.open(page(trace(Rule.from_source(SHARED), [0])))
    assert aliases(shown) == {}
    both = {"items": "the same object as same", "same": "the same object as items"}
    for expected in (both, both, {}, {}):
        shown.keyboard.press("ArrowRight")
        assert aliases(shown) == expected
    shown.keyboard.press("ArrowLeft")
    shown.keyboard.press("ArrowLeft")
    assert aliases(shown) == both


def test_objects_are_diagrams(browser):
    shown = browser.open(page(trace(Rule.from_source(LINKED), ["a)", "=,"])))
    shown.keyboard.press("End")
    assert texts(shown, ".diagram .name") == ["Link", "Link"]
    assert texts(shown, ".diagram .field") == ["val '=,'", "val 'a)'", "next None"]
    assert [label.split()[0] for label in texts(shown, ".diagram .label")] == ["next"]
    shown.keyboard.press("ArrowLeft")
    shown.keyboard.press("ArrowLeft")
    assert aliases(shown) == {"head": "the same object as tail", "tail": "the same object as head"}


def test_a_tree_a_cycle_and_many(browser):
    source = """\
class Tree:
    def __init__(self, name):
        self.name = name
        self.kids = []
        self.up = self


def rule(n):
    root = Tree("root")
    for number in range(n):
        root.kids.append(Tree({"n": number}))
    return len(root.kids)
"""
    shown = browser.open(page(trace(Rule.from_source(source), 2)))
    shown.keyboard.press("End")
    assert texts(shown, ".diagram .box > .name") == ["Tree", "[ ]", "Tree", "Tree"]
    assert "up Tree(...)" in texts(shown, ".diagram .field")
    shown = browser.open(page(trace(Rule.from_source(source), 80)))
    shown.keyboard.press("End")
    assert shown.locator(".diagram").count() == 0  # the text says it
    assert "Tree(name=" in shown.inner_text("#state")


def test_what_is_no_object_has_no_diagram(browser):
    source = "class Box:\n    pass\n\n\ndef rule(text):\n    copy = text\n    return copy\n"
    for text in ("Box(a=", "'Box(", "{[(Box", "x" * 50_000):
        shown = browser.open(page(trace(Rule.from_source(source), text)))
        shown.keyboard.press("End")
        assert shown.locator(".diagram").count() == 0
