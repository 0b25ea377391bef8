"""The moments of a rule in a style, and which can follow which.

A *node* is one moment of a run (see `rfft.tracer.styles`) at one place of the rule, with the forms
of the lines that the style may write there. Its `ways` are the nodes that control can reach from
it. Nothing is run to make them: a graph says what a text may look like for any input at all.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..plan.names import pattern_names
from ..plan.statements import Scope, Statement
from ..rule import Rule
from ..styles import Style
from ..styles.context import in_try
from ..styles.slots import Lines
from .forms import forms_of
from .nodes import Node, Place, Table, arm_of, changed_by, fixed_by, once, walk

_LONGEST_PREFIX = 8  # of a group of neighbours that may be cut short when it runs


@dataclass
class _Around:
    """What surrounds a block: where its jumps lead to."""

    again: Node | None = None  # the next iteration
    out: Node | None = None  # after the loop
    raises: list[Node] = field(default_factory=list)
    finals: list[tuple[Node, Node]] = field(default_factory=list)  # start and end, inside out


class Graph:
    """The nodes of a rule: one set for its own run, one for the calls of each of its functions."""

    def __init__(self, rule: Rule, style: Style) -> None:
        self.style = style
        self.nodes: list[Node] = []
        self.start = self._function(rule.scope, nested=False)
        self.functions: list[Node] = []
        scopes = rule.module.functions
        if any(s.calls or s.pauses for s in rule.module.statements):
            self.functions = [self._function(scope, nested=True) for scope in scopes]
        failure = style.failure("\0")
        self.failure = ["".join(map(str, line)).partition("\0") for line in failure]
        self.backs = {
            f.constant: scope for scope in scopes for f in forms_of(style.back(scope)) if f.constant
        }
        self.calls = Table([p for f in self.functions for p in self.firsts(f)[0]])

    @cached_property
    def everywhere(self) -> Table:
        """All places of the graph."""
        return Table([Place(n, i, f) for n in self.nodes for i, f in enumerate(n.forms)])

    # What can come next

    def table(self, node: Node, used: int) -> Table:
        """Return the places that can follow when the forms `used` (bits) of a node were read."""
        table = node.tables.get(used)
        if table is None:
            own, _ = self._rest(node, used)
            places = [Place(p.node, p.index, p.form, stays=True) for p in own]
            callers = [node] if node.may_call(used) else []
            for following in self._after(node, used):
                more, silent = self.firsts(following)
                places += more
                callers += silent
            callers = list(dict.fromkeys(callers))
            table = node.tables[used] = Table(once(places), callers)
        return table

    def can_return(self, node: Node, used: int) -> bool:
        """Tell whether the function can be left from here without another line."""
        known = node.returns.get(used)
        if known is None:
            ahead = walk(self._after(node, used), self._after)
            known = node.returns[used] = self._done(node, used) and (
                node.leaves or any(n.leaves and self._done(n, 0) for n in ahead)
            )
        return known

    def firsts(self, node: Node) -> tuple[list[Place], list[Node]]:
        """Return the places at which a text can go on that has come to `node`.

        Also return the nodes on the way there that may call functions of the rule.
        """
        nodes = [*walk([node], self._after)]
        places = [place for n in nodes for place in self._rest(n, 0)[0]]
        return once(places), [n for n in nodes if n.calls and n.silent]

    def _rest(self, node: Node, used: int) -> tuple[list[Place], dict[bool | None, bool]]:
        """Return the places left in a node, and for each way whether it can be gone now."""
        forms = node.forms
        arm = arm_of(node, used)
        places: list[Place] = []
        done: dict[bool | None, bool] = {}
        taken: set[int] = set()
        last = max(used.bit_length() - 1, 0)  # the last form read, which may repeat
        for way in node.ways or {None: []}:
            if arm is not None and way is not None and way is not arm:
                continue
            open_ = True
            for i in range(0 if node.may_call(used) else last, len(forms)):
                form = forms[i]
                if form.arm is not None and way is not None and form.arm is not way:
                    continue
                free = form.many or not used >> i & 1
                if free and i not in taken:
                    taken.add(i)
                    places.append(Place(node, i, form))
                if free and not form.optional:
                    open_ = False
                    break
            done[way] = open_
        return places, done

    def _done(self, node: Node, used: int) -> bool:
        return any(self._rest(node, used)[1].values())

    def _after(self, node: Node, used: int = 0) -> list[Node]:
        _, done = self._rest(node, used)
        return [n for way, open_ in done.items() if open_ for n in node.ways.get(way, ())]

    # Making the nodes

    def _node(self, kind: str, scope: Scope, lines: Lines, *group: Statement) -> Node:
        node = Node(kind, scope, group, forms_of(lines))
        for form in node.forms:
            if form.repeats and group:
                s = group[form.pieces[0].of]  # type: ignore[union-attr]
                form.changes, form.named = changed_by(s), frozenset(r.name for r in s.reads)
            elif form.slots:
                form.fixed = {p: t for p, t in fixed_by(kind, group) if p in form.slots}
        self.nodes.append(node)
        return node

    def _function(self, scope: Scope, nested: bool) -> Node:
        self._nested = nested
        style = self.style
        start = self._node("call", scope, style.call(scope, nested))
        end = self._node("result", scope, style.result(scope, None, nested))
        end.leaves = True
        start.ways[None] = [self._block(scope.body, end, _Around())]
        return start

    def _join(self, scope: Scope, *following: Node) -> Node:
        return Node("join", scope, ways={None: list(following)})

    def _block(self, statements: Sequence[Statement], after: Node, around: _Around) -> Node:
        """Make the nodes of a block; return where it begins."""
        if not statements:
            return after
        starts = [self._join(s.scope) for s in statements] + [after]
        for i, s in enumerate(statements):
            if not s.moment:
                starts[i].ways[None] = [starts[i + 1]]
                continue
            if s.moment == "simple":
                begin = self._simple(statements, i, starts, around)
            else:
                begin = [self._compound(s, starts[i + 1], around)]
            if s.section:
                title = self._node("section", s.scope, self.style.section(s), s)
                title.ways[None] = begin
                begin = [title]
            starts[i].ways[None] = begin
        return starts[0]

    def _simple(
        self, statements: Sequence[Statement], i: int, starts: list[Node], around: _Around
    ) -> list[Node]:
        group = [statements[i]]
        while (
            i + len(group) < len(statements)
            and group[0].simple
            and (s := statements[i + len(group)]).moment == "simple"
            and self.style.joins(group, s)
        ):
            group.append(s)
        nodes = []
        for size in range(len(group), 0, -1):
            if size == len(group) or size <= _LONGEST_PREFIX:
                members = tuple(group[:size])
                node = self._node("simple", members[0].scope, self.style.simple(members), *members)
                node.ways[None] = [starts[i + size]]
                node.raises = around.raises
                nodes.append(node)
        return nodes

    def _compound(self, s: Statement, after: Node, around: _Around) -> Node:
        if s.loop:
            return self._loop(s, after, around)
        if s.moment == "test":
            test = self._test(s, first=True, around=around)
            test.ways[True] = [self._block(s.body, after, around)]
            test.ways[False] = [self._otherwise(s, after, around)]
            return test
        if s.moment == "result":
            return self._return(s, around)
        if s.moment == "leave":
            node = self._node("leave", s.scope, self.style.leave(s), s)
            target = around.out if s.kind == "break" else around.again
            node.ways[None] = [n for n in (target, *(f for f, _ in around.finals)) if n is not None]
            return node
        if s.moment == "enter":
            return self._with(s, after, around)
        node = self._node("statement", s.scope, self.style.statement(s), s)
        node.raises = around.raises
        if s.kind == "try":
            self._try(s, node, after, around)
        elif s.kind == "match":
            node.ways[None] = [*self._cases(s, after, around), after]
        elif s.kind == "raise":
            node.ways[None] = []
        else:
            node.ways[None] = [after]
        return node

    def _test(self, s: Statement, first: bool, around: _Around) -> Node:
        """Make the node of a test: what both outcomes begin with, then what each goes on with."""
        yes, no = self.style.test(s, True, first), self.style.test(s, False, first)
        common = 0
        while common < min(len(yes), len(no)) and yes[common] == no[common]:
            common += 1
        node = self._node("test", s.scope, yes[:common], s)
        node.forms += forms_of(yes[common:], True) + forms_of(no[common:], False)
        node.first, node.raises = first, around.raises
        return node

    def _loop(self, s: Statement, after: Node, around: _Around) -> Node:
        again = self._node("again", s.scope, self.style.again(s), s)
        inside = _Around(again, after, around.raises, around.finals)
        begin = self._node("iteration", s.scope, self.style.iteration(s), s)
        begin.ways[None] = [self._block(s.body, again, inside)]
        otherwise = self._otherwise(s, after, around)
        tests = [self._test(s, first, around) for first in (True, False)]
        for test in tests:
            test.ways = {True: [begin], False: [otherwise]}
        again.ways[None] = [tests[1]]
        return tests[0]

    def _otherwise(self, s: Statement, after: Node, around: _Around) -> Node:
        if not s.orelse:
            return after
        block = self._block(s.orelse, after, around)
        if s.orelse[0].elif_:
            return block
        node = self._node("otherwise", s.scope, self.style.otherwise(s), s)
        node.ways[None] = [block]
        return node

    def _return(self, s: Statement, around: _Around) -> Node:
        lines = self.style.result(s.scope, s, self._nested)
        node = self._node("result", s.scope, lines, s)
        node.leaves = True
        node.raises = around.raises
        if not lines or not in_try(s):
            return node
        head = self._node("result", s.scope, lines[:-1], s)
        head.raises = around.raises
        tail = self._node("tail", s.scope, lines[-1:], s)
        tail.leaves = True
        head.ways[None] = [tail, *(f for f, _ in around.finals[-1:])]
        for _, end in around.finals:
            end.ways[None].append(tail)
        return self._join(s.scope, node, head)

    def _enter(
        self, s: Statement, kind: str, source: str, names: Sequence[str], following: Node
    ) -> Node:
        node = self._node("enter", s.scope, self.style.enter(s, kind, source, names), s)
        node.block, node.source = kind, source
        node.ways[None] = [following]
        return node

    def _with(self, s: Statement, after: Node, around: _Around) -> Node:
        inside = _Around(around.again, around.out, [*around.raises, after], around.finals)
        end = Node("exit", s.scope, (s,), ways={None: [after]})
        node = self._enter(s, "with", s.source, s.targets, self._block(s.body, end, inside))
        node.raises = around.raises
        return node

    def _cases(self, s: Statement, after: Node, around: _Around) -> list[Node]:
        entries = []
        for case, body in zip(s.node.cases, s.handlers, strict=True):  # type: ignore[attr-defined]
            source = s.scope.source.case(case)
            block = self._block(body, after, around)
            names = [*s.guards.get(source, ()), *pattern_names(case.pattern)]
            entries.append(self._enter(s, "case", source, names, block))
        return entries

    def _try(self, s: Statement, node: Node, after: Node, around: _Around) -> None:
        finals, raises, end = around.finals, around.raises, after
        if s.finalbody:
            end = self._join(s.scope, after, *around.raises)
            end.ways[None] += [n for n in (around.again, around.out) if n is not None]
            final = self._enter(s, "finally", "finally:", (), self._block(s.finalbody, end, around))
            finals, raises, end = [*finals, (final, end)], [final], final
        outside = _Around(around.again, around.out, raises, finals)
        handlers = []
        for handler, body in zip(s.node.handlers, s.handlers, strict=True):  # type: ignore[attr-defined]
            source = s.scope.source.handler(handler)
            block = self._block(body, end, outside)
            names = (handler.name,) if handler.name else ()
            handlers.append(self._enter(s, "except", source, names, block))
        following = end
        if s.orelse:
            following = self._enter(s, "else", "else:", (), self._block(s.orelse, end, outside))
        inside = _Around(around.again, around.out, [*handlers, *raises], finals)
        node.ways[None] = [self._block(s.body, following, inside)]


def graph_of(rule: Rule, style: Style) -> Graph:
    """Return the graph of a rule in a style, made once."""
    if style.detailed:
        rule = rule.detailed
    graph: Graph | None = rule.memo.get((Graph, style))
    if graph is None:
        graph = rule.memo[Graph, style] = Graph(rule, style)
    return graph
