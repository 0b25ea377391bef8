"""What each style writes: the paper's transcripts, golden texts, the grammar, styles of users."""

import ast
import copy
import importlib
import itertools
import re
import subprocess
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path

import pytest

from rfft.tracer import Rule, StyleNotFound, Trace, trace
from rfft.tracer.styles import Style, load, names

from ..examples import CASES, EXAMPLES, INPUTS, example
from . import golden

DATA = Path(__file__).with_name("data")
PROGRAM = str(Path(sysconfig.get_path("scripts")) / "rfft-trace")


def paper(name: str) -> str:
    """Return a transcript as the paper prints it."""
    return (DATA / f"{name}.txt").read_text()


# The paper's transcripts

D1_QUESTION = (
    "Given an integer number 15, repeatedly add up all its digits until the result has only one"
    " digit."
)
D2_QUESTION = "Given two lists, ywhm = [3] and erep = [50, 31], what is the final value of ywhm?"
D3_QUESTION = D1_QUESTION.replace("15", "32")
PRINTED = {
    "rfft": ("add_digits", "15", D1_QUESTION, "d1-prompt", "d1-response"),
    "natural": (
        "natural/add_digits", "32", D3_QUESTION, "d3-prompt", "d3-response",
    ),
    "rfft-icl": (
        "process_list", "[3], [50, 31]", D2_QUESTION, "d2-example-prompt", "d2-example-response",
    ),
}  # fmt: skip


@pytest.mark.parametrize("style", PRINTED)
def test_the_papers_transcript(style: str) -> None:
    name, arguments, question, prompt, response = PRINTED[style]
    args = ast.literal_eval(f"[{arguments}]")
    traced = trace(example(name), *copy.deepcopy(args))
    assert traced.prompt(style, question) == paper(prompt)
    assert traced.response(style) == paper(response)
    written = example(name).writer(style)(*args)
    assert written.response == paper(response)


@pytest.mark.parametrize("style", PRINTED)
def test_the_papers_transcript_on_the_command_line(style: str) -> None:
    name, arguments, question, prompt, response = PRINTED[style]
    command = [PROGRAM, str(EXAMPLES / f"{name}.py"), "--input", arguments, "--style", style]
    done = subprocess.run(
        [*command, "--question", question], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{paper(prompt)}\n{paper(response)}"


def asking(source: str, question: str) -> str:
    """Return the source of a rule with a question for its docstring."""
    head, _, body = source.partition(":\n")
    return f'{head}:\n    """{question}"""\n{body}'


def test_the_papers_prompt_with_an_example_in_front() -> None:
    asked = "Given two lists, ywhm = {ywhm} and erep = {erep}, what is the final value of ywhm?"
    source = asking((EXAMPLES / "process_list.py").read_text(), asked)
    shot = trace(Rule.from_source(source), [3], [50, 31])
    rule = re.search(r"def .*?(?=\n\nQ: )", paper("d2-question"), re.DOTALL)
    assert rule is not None
    question = paper("d2-question").partition("\nQ: ")[2].strip()
    first, second = ast.literal_eval(
        re.sub(r".*? = (\[.*?\]).*? = (\[.*?\]).*", r"\1, \2", question)
    )
    prompt = trace(Rule.from_source(rule[0]), first, second).prompt("rfft-icl", question, shot)
    parts = ("d2-example-prompt", "d2-example-response", "d2-question")
    assert prompt == "".join(map(paper, parts))


@pytest.mark.parametrize("style", [s for s in names() if s != "rfft-icl"])
def test_an_example_stands_in_front(style: str) -> None:
    rule = example("move_zeroes")
    shot, asked = trace(rule, [0, 1]), trace(rule, [2, 0])
    prompt = asked.prompt(style, example=shot)
    places = [shot.question, shot.response(style), asked.question]
    assert [prompt.index(p) for p in places] == sorted(prompt.index(p) for p in places)
    assert prompt.count(load(style).rule(rule)) == (2 if load(style).has_rule else 0)
    assert asked.response(style) not in prompt


def test_prompts() -> None:
    traced = trace(example("move_zeroes"), [0, 1])
    asked = (
        "Given an integer array [0, 1], move all zeros to the end and keep the order of the other"
        " numbers. What is the array then?"
    )
    first = "Follow the given rule to solve the question.\n"
    rule = traced.rule.text
    assert traced.prompt("rfft") == f"{first}Rule:\n\n{rule}\n\nQ: {asked}\n"
    assert traced.prompt("rfft-icl") == f"{first}rule:\n{rule}\n\nQ: {asked}\n"
    words = load("natural").rule(traced.rule)
    assert traced.prompt("natural") == f"{first}Rule:\n{words}\n\nQ: {asked}\n"
    assert traced.prompt("scratchpad") == f"Answer the question step by step.\nQ: {asked}\n"
    assert traced.prompt("direct") == f"Answer the question.\nQ: {asked}\n"


# Golden texts


@pytest.mark.parametrize("name", golden.NAMES)
def test_golden(name: str) -> None:
    expected = golden.read(name)
    traced = expected.traced()
    assert expected.texts.keys() == golden.read(golden.NAMES[0]).texts.keys()
    for style, text in expected.texts.items():
        assert traced.response(style) == text
        assert expected.written(style).response == text


@pytest.mark.parametrize("name", golden.NAMES)
def test_the_direct_style_has_the_last_line_alone(name: str) -> None:
    traced = golden.read(name).traced()
    assert traced.response("direct") == traced.response("rfft").splitlines(keepends=True)[-1]
    raised = f"The rule raises {type(traced.exception).__name__}"
    last = raised if traced.exception else f"So the answer is {traced.answer}"
    assert traced.response("direct") == f"{last}\n"


# The grammar of `rfft`, as its docstring has it

TITLE = re.compile(r"\d+\. .+|\d+\.1 One iteration")
FIXED = re.compile(
    r"now,|no change|else:|finally:|try:|break|continue|pass"
    r"|enter (the loop|if|elif|else|with|case|except|finally)"
    r"|do not enter( if| elif)?|leave the loop|go to the next iteration|no more items|item \d+"
    r"|the exception is \w+|call \w+, depth \d+|back in \w+|\w+ returns .+"
)
PLACE = re.compile(r"\w+(?:\.\w+|\[[^\]]+\])+ = .+ = .+")
LAST = re.compile(r"So the answer is .+|The rule raises \w+")


def recitals(rule: Rule) -> set[str]:
    """Return every line of the rule's text, as recited."""
    lines = {line for s in rule.module.statements for line in s.source.split("\n")}
    return lines | {line.strip() for line in rule.source.splitlines()}


def stated(rule: Rule) -> set[str]:
    """Return what can stand left of a value: variables, attributes and sub-expressions."""
    nodes = list(ast.walk(rule.module.tree))
    found = {name for scope in rule.module.scopes for name in scope.order}
    found |= {n.name for n in nodes if isinstance(n, ast.ExceptHandler) and n.name}
    found |= {
        item.source for s in rule.module.statements for item in s.items if hasattr(item, "source")
    }
    return found | {ast.unparse(n) for n in nodes if isinstance(n, ast.Attribute)}


def all_traces() -> list[Trace]:
    """Return traces of every example and of every golden rule."""
    traces = [trace(example(name), *copy.deepcopy(args)) for name, args in CASES]
    return traces + [golden.read(name).traced() for name in golden.NAMES]


def test_every_line_is_of_a_kind_of_the_grammar() -> None:
    for traced in all_traces():
        known, left = recitals(traced.rule), stated(traced.rule)
        *lines, last = traced.response("rfft").splitlines()
        assert LAST.fullmatch(last), last
        for line in lines:
            assert (
                line in known
                or TITLE.fullmatch(line)
                or FIXED.fullmatch(line)
                or any(line.startswith(f"{name} = ") for name in left)
                or PLACE.match(line)
            ), line


def test_now_is_followed_by_what_is_so() -> None:
    for traced in all_traces():
        lines, left = traced.response("rfft").splitlines(), stated(traced.rule)
        for line, following in itertools.pairwise(lines):
            if line == "now,":
                known = any(following.startswith(f"{name} = ") for name in left)
                assert known or PLACE.match(following), following


OPERATION = re.compile(r".+? = (.+ (?:[-+*/%@&|^]|//|\*\*|<<|>>) .+) = (.+)")


def value_of(text: str) -> object:
    """Work out a text that has no names in it; return None for any other."""
    try:
        tree = ast.parse(text, mode="eval")
    except SyntaxError:
        return None
    if any(isinstance(n, ast.Name | ast.Call) for n in ast.walk(tree)):
        return None
    result: object = eval(compile(tree, "<line>", "eval"))
    return result


@pytest.mark.parametrize("style", ["rfft", "rfft-icl"])
def test_every_operation_with_its_values_is_true(style: str) -> None:
    checked = 0
    for traced in all_traces():
        for line in traced.response(style).splitlines():
            equation = OPERATION.fullmatch(line)
            if equation and line not in recitals(traced.rule):
                left, right = map(value_of, equation.groups())
                assert left == right, line
                checked += left is not None
    assert checked > 100


RELATION = re.compile(r".+? = (.+? (?:==|!=|<=|>=|<|>|in|not in|is|is not) .+)")


def test_every_relation_holds() -> None:
    checked = 0
    for traced in all_traces():
        for line in traced.response("rfft-icl").splitlines():
            relation = RELATION.fullmatch(line)
            if relation and line not in recitals(traced.rule):
                holds = value_of(relation[1])
                assert holds in (True, None), line
                checked += holds is True
    assert checked > 10


# Styles of users

STYLE = """\
from rfft.tracer.styles import Style

class Mine(Style):
    name = "mine"

    def prompt(self, source, question, example):
        return f"{question}\\n"

    def result(self, scope, statement, nested):
        return [(f"{scope.name} is done",)]
"""


@pytest.fixture
def style_file(tmp_path: Path) -> Callable[[str], str]:
    """Return what writes a style's file and returns its path."""

    def write(text: str) -> str:
        path = tmp_path / "my_style.py"
        path.write_text(text)
        return str(path)

    return write


def test_a_style_of_ones_own_by_path(style_file: Callable[[str], str]) -> None:
    path = style_file(STYLE)
    traced = trace(example("move_zeroes"), [])
    assert traced.response(path) == "move_zeroes is done\n"
    assert traced.prompt(path, "Why?") == "Why?\n"
    assert example("move_zeroes").writer(path)([1]).response == "move_zeroes is done\n"
    assert load(path) is load(path)


def test_a_style_that_extends_one_of_ours(style_file: Callable[[str], str]) -> None:
    path = style_file(
        "from rfft.tracer.styles import Rfft, Scope\n\nclass Mine(Rfft):\n    name = 'mine'\n\n"
        "    def heading(self, number, title):\n        return f'# {title}'\n"
    )
    assert trace(example("fibonacci"), 0).response(path).startswith("# Initialize\nn = 0\n")


def test_two_files_of_one_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for word in ("done", "over"):
        folder = tmp_path / word
        folder.mkdir()
        (folder / "mine.py").write_text(STYLE.replace("done", word))
        monkeypatch.chdir(folder)
        response = trace(example("move_zeroes"), []).response("mine.py")
        assert response == f"move_zeroes is {word}\n"


TERSE = """\
num = 15
while num > 9: yes
sum = 0
while num: yes
sum = 5
num = 1
while num: yes
sum = 6
num = 0
while num: no
num = 6
while num > 9: no
So the answer is 6
"""


def test_the_example_of_a_style() -> None:
    path = str(EXAMPLES / "styles" / "terse.py")
    rule = example("add_digits")
    assert trace(rule, 15).response(path) == TERSE
    assert rule.writer(path)(15).response == TERSE
    command = [PROGRAM, str(EXAMPLES / "add_digits.py"), "--input", "15", "--style", path]
    done = subprocess.run(
        [*command, "--question", "Which?"], capture_output=True, text=True, timeout=60
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{rule.text}\n\nQ: Which?\n\n{TERSE}"


@pytest.mark.parametrize("name", INPUTS)
def test_the_example_of_a_style_is_written_alike(name: str) -> None:
    path = str(EXAMPLES / "styles" / "terse.py")
    for args in INPUTS[name]:
        traced = trace(example(name), *copy.deepcopy(args))
        written = example(name).writer(path)(*copy.deepcopy(args))
        assert written.response == traced.response(path)


def install(folder: Path, entry: str, module: str) -> None:
    """Put a package with one entry point into a folder."""
    info = folder / "styles_of_a_friend-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: styles-of-a-friend\nVersion: 1.0\n"
    )
    (info / "entry_points.txt").write_text(f"[rfft.styles]\n{entry}\n")
    (folder / "friends_style.py").write_text(module)
    importlib.invalidate_caches()


@pytest.mark.parametrize("made", ["Mine", "an_instance"])
def test_a_style_of_an_installed_package(
    made: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, f"{made}-style = friends_style:{made}", f"{STYLE}\nan_instance = Mine()\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "friends_style", raising=False)
    assert names()[-1] == f"{made}-style"
    assert trace(example("fibonacci"), 1).response(f"{made}-style") == "fibonacci is done\n"


def test_a_package_cannot_take_the_name_of_a_style_of_ours(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, "rfft = friends_style:Mine", STYLE)
    monkeypatch.syspath_prepend(str(tmp_path))
    assert names().count("rfft") == 1
    assert trace(example("fibonacci"), 1).response("rfft").startswith("1. Initialize\n")


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("broken = friends_style:os", "not a Style"),
        ("broken = friends_style:missing", "missing"),
        ("broken = no_such_module:Mine", "no_such_module"),
    ],
)
def test_a_broken_package(
    entry: str, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    install(tmp_path, entry, "import os\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "friends_style", raising=False)
    with pytest.raises(StyleNotFound, match=said):
        load("broken")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\n", "must define one Style, not 0"),
        (STYLE + "class Other(Mine): pass\n", "must define one Style, not 2"),
        ("import rfft.tracer.styles.rfft as r\nStyle = r.Style\n", "must define one Style, not 0"),
        ("1 / 0\n", "fails: ZeroDivisionError: division by zero"),
        ("from rfft.tracer.styles import Rffft\n", "cannot import name 'Rffft'"),
        ("def :\n", "fails: SyntaxError: "),
        ("raise SystemExit(3)\n", "fails: SystemExit: 3"),
        (STYLE + "    def __init__(self, x): pass\n", "fails: TypeError: "),
    ],
)
def test_a_bad_file(text: str, said: str, style_file: Callable[[str], str]) -> None:
    path = style_file(text)
    with pytest.raises(StyleNotFound, match=re.escape(said)) as raised:
        load(path)
    assert path in str(raised.value)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    for path in (tmp_path / "nope.py", tmp_path):
        with pytest.raises(StyleNotFound, match=r"no style"):
            load(str(path))


def test_an_unknown_name_lists_the_names() -> None:
    with pytest.raises(StyleNotFound, match=r"no style 'nope'; there are rfft, rfft-icl, .*\.py"):
        load("nope")


def test_a_style_object_is_taken_as_it_is() -> None:
    class Silent(Style):
        name = "silent"

    style = Silent()
    assert load(style) is style
    assert trace(example("fibonacci"), 0).response(style) == "So the answer is 0\n"
    with pytest.raises(NotImplementedError, match="style silent has no prompt"):
        trace(example("fibonacci"), 0).prompt(style)
