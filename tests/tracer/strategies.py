"""Whole programs, drawn by hypothesis: a function `rule` with its helpers, and arguments for it.

Every program ends: each turn of a loop takes one from ``fuel``, and a loop without fuel breaks.
Numbers and texts stay small. Programs may raise (an index out of range, a division by zero, an
unbound name), which is part of what they are for.
"""

import textwrap
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

DrawFn = st.DrawFn

INTS = ["i", "j", "k", "n"]
STRS = ["s", "t"]
LISTS = ["xs", "ys", "zs"]
GRIDS = ["grid"]
MAPS = ["d"]

HEADER = """
class Box:
    def __init__(self, value):
        self.value = value
        self.items = [value]
    def add(self, n):
        self.items.append(n)
        self.value += n
        return self.value
"""


@dataclass(frozen=True)
class Program:
    """The source of a program and the arguments of its function ``rule``."""

    source: str
    arguments: tuple[Any, ...]

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the program as hypothesis reports it: the source as it stands."""
        printer.text(f"\n{self.source}\nrule{self.arguments!r}\n")


@dataclass(frozen=True)
class Scope:
    """What a statement may mention: how deep it stands, and where."""

    depth: int
    helpers: tuple[str, ...] = ()
    in_loop: bool = False
    objects: bool = True

    def deeper(self, *, in_loop: bool | None = None) -> "Scope":
        """Return the scope of a block inside."""
        loop = self.in_loop if in_loop is None else in_loop
        return Scope(self.depth + 1, self.helpers, loop, self.objects)


def indent(lines: list[str]) -> list[str]:
    """Return the lines of a block."""
    return ["    " + line for line in lines]


def one_of(draw: DrawFn, *options: str) -> str:
    """Draw one of the texts."""
    return draw(st.sampled_from(options))


# Expressions


def number(draw: DrawFn, scope: Scope, size: int = 2) -> str:
    """Draw an expression for an int."""
    if size == 0:
        return one_of(draw, *INTS, "0", "1", "2", "-1", "10")
    kind = draw(st.integers(0, 17))
    if kind <= 4:
        return one_of(draw, *INTS)
    if kind <= 6:
        return str(draw(st.integers(-9, 12)))
    a = number(draw, scope, size - 1)
    if kind <= 9:
        return f"{a} {one_of(draw, '+', '-')} {number(draw, scope, size - 1)}"
    if kind == 10:
        return f"({a}) * ({number(draw, scope, size - 1)}) % 97"
    if kind == 11:
        return f"({a}) {one_of(draw, '//', '%')} ({number(draw, scope, size - 1)})"
    if kind == 12:
        return f"{one_of(draw, *LISTS)}[{number(draw, scope, size - 1)}]"
    if kind == 13:
        inside = [*LISTS, *STRS, "grid"]
        return one_of(
            draw, *(f"len({name})" for name in inside), "sum(xs)", "max(ys)", "grid[0][0]"
        )
    if kind == 14:
        return f"({a} if {condition(draw, scope, size - 1)} else {number(draw, scope, size - 1)})"
    if kind == 15 and scope.helpers:
        return call(draw, scope, size - 1)
    if kind == 16:
        return one_of(
            draw, f"abs({a})", f"min({a}, n)", f"-({a})", f"d.get({a}, 0)", f"int(str({a}))"
        )
    return one_of(draw, f"(k := {a})", f"sum(e + 1 for e in {a_list(draw, scope, 0)})", f"d[{a}]")


def call(draw: DrawFn, scope: Scope, size: int) -> str:
    """Draw a call of a helper."""
    helper = one_of(draw, *scope.helpers)
    arguments = [f"({number(draw, scope, size)}) % 4", one_of(draw, *LISTS)]
    return f"{helper}({', '.join(arguments)})"


def condition(draw: DrawFn, scope: Scope, size: int = 2) -> str:
    """Draw an expression that is tested."""
    kind = draw(st.integers(0, 9 if size else 3))
    if kind <= 1:
        return f"{number(draw, scope, 0)} {comparison(draw)} {number(draw, scope, 0)}"
    if kind == 2:
        return one_of(draw, *LISTS, *STRS, *INTS, "d")
    if kind == 3:
        return f"{one_of(draw, *INTS)} {one_of(draw, 'in', 'not in')} {one_of(draw, *LISTS)}"
    if kind <= 5:
        joined = one_of(draw, "and", "or")
        return f"{condition(draw, scope, size - 1)} {joined} {condition(draw, scope, size - 1)}"
    if kind == 6:
        return f"not ({condition(draw, scope, size - 1)})"
    if kind == 7:
        middle = number(draw, scope, size - 1)
        return f"{number(draw, scope, 0)} < {middle} {comparison(draw)} {number(draw, scope, 0)}"
    if kind == 8:
        return f"{text(draw, scope, 0)} {one_of(draw, '==', '<', 'in')} {text(draw, scope, 0)}"
    return f"any(e > 1 for e in {one_of(draw, *LISTS)})"


def comparison(draw: DrawFn) -> str:
    """Draw a comparison operator."""
    return one_of(draw, "<", "<=", ">", ">=", "==", "!=")


def text(draw: DrawFn, scope: Scope, size: int = 2) -> str:
    """Draw an expression for a str."""
    kind = draw(st.integers(0, 8 if size else 2))
    if kind <= 1:
        return one_of(draw, *STRS)
    if kind == 2:
        return repr(draw(st.text("ab é'\"\\\n", max_size=3)))
    a = text(draw, scope, size - 1)
    if kind <= 4:
        return f"({a} + {text(draw, scope, size - 1)})[:9]"
    if kind == 5:
        return f"str({number(draw, scope, size - 1)})"
    if kind == 6:
        return one_of(draw, f"{a}.upper()", f"{a}[::-1]", f"{a}.replace('a', 'b')", f"{a}[1:]")
    if kind == 7:
        return f"{one_of(draw, *STRS)}[{number(draw, scope, 0)}]"
    return f"f'{{{number(draw, scope, 0)}}}-{{{one_of(draw, *STRS)}!r}}'[:9]"


def a_list(draw: DrawFn, scope: Scope, size: int = 2) -> str:
    """Draw an expression for a list of ints: a new one, or one that a variable holds."""
    kind = draw(st.integers(0, 9 if size else 3))
    if kind <= 2:
        return one_of(draw, *LISTS)
    if kind == 3:
        return one_of(draw, "[]", "[0]", "[i, j]", "grid[0]", "[1, 2, 3]")
    a = a_list(draw, scope, size - 1)
    if kind == 4:
        return f"[{number(draw, scope, size - 1)}, {number(draw, scope, size - 1)}]"
    if kind == 5:
        return f"({a} + {a_list(draw, scope, size - 1)})[:6]"
    if kind == 6:
        return one_of(draw, f"{a}[1:]", f"{a}[:2]", f"{a}[::-1]", f"{a}[:]", f"list({a})")
    if kind == 7:
        return one_of(draw, f"sorted({a})", f"sorted({a}, key=lambda e: -e)", f"[*{a}, 1][:6]")
    if kind == 8:
        test = f"e {comparison(draw)} {number(draw, scope, 0)}"
        return f"[e {one_of(draw, '+', '-')} 1 for e in {a} if {test}]"
    return f"list(range({number(draw, scope, 0)} % 4))"


# Statements


def block(draw: DrawFn, scope: Scope, most: int = 3) -> list[str]:
    """Draw the statements of a block."""
    lines: list[str] = []
    for _ in range(draw(st.integers(1, most))):
        lines += statement(draw, scope)
    return lines


def statement(draw: DrawFn, scope: Scope) -> list[str]:
    """Draw one statement, as its lines."""
    if scope.depth < 3 and draw(st.integers(0, 9)) < 4:
        return draw(st.sampled_from([loop, a_for, an_if, an_if, a_try, a_match]))(draw, scope)
    return [simple(draw, scope)]


def simple(draw: DrawFn, scope: Scope) -> str:
    """Draw a simple statement."""
    kind = draw(st.integers(0, 29))
    x, y, i = one_of(draw, *LISTS), one_of(draw, *LISTS), one_of(draw, *INTS)
    if kind <= 4:
        return f"{i} = {number(draw, scope)}"
    if kind <= 6:
        return f"{i} {one_of(draw, '+=', '-=')} {number(draw, scope)}"
    if kind == 7:
        return f"{i} {one_of(draw, '//=', '%=')} {number(draw, scope, 0)}"
    if kind <= 9:
        return f"{one_of(draw, *STRS)} = {text(draw, scope)}"
    if kind <= 11:
        return f"{x} = {a_list(draw, scope)}"
    if kind == 12:
        return f"{x} = {y}"
    if kind <= 14:
        return f"{x}.append({number(draw, scope)})"
    if kind == 15:
        return one_of(
            draw, f"{x}.pop()", f"{i} = {x}.pop(0)", f"{x}.sort()", f"{x}.reverse()",
            f"{x}.clear()", f"{x}.insert(0, {i})", f"{x}.extend({y}[:2])", f"{x}.remove({i})",
            f"{x} += {y}[:2]",
        )  # fmt: skip
    if kind == 16:
        return f"{x}[{number(draw, scope, 1)}] = {number(draw, scope, 1)}"
    if kind == 17:
        return f"{x}[{number(draw, scope, 1)}] {one_of(draw, '+=', '-=')} {number(draw, scope, 1)}"
    if kind == 18:
        pair = f"{x}[0], {x}[1] = 1, 2"
        return one_of(draw, f"{x}[1:2] = {y}[:1]", f"del {x}[0]", f"del {x}[:1]", pair)
    if kind == 19:
        return one_of(draw, "i, j = j, i", f"{x}, {y} = {y}, {x}", f"i, *{x} = {y}", "i = j = k")
    if kind == 20:
        a, b = number(draw, scope, 0), number(draw, scope, 0)
        return one_of(
            draw, f"grid[0][{a}] += {b}", f"grid[{a} % 2] = {x}[:4]", f"{x} = grid[1]",
            f"grid[0].append({b})", "grid = [row[:] for row in grid]", f"grid[1][{a}] = {b}",
        )  # fmt: skip
    if kind == 21:
        a, b = number(draw, scope, 0), number(draw, scope, 1)
        return one_of(
            draw, f"d[{a}] = {b}", f"d[{a}] += {b}", f"d.pop({a}, 0)", f"{i} = d[{a}]", "d = {}",
            f"d = {{e: e * 2 for e in {x}}}", f"d.setdefault({a}, {b})", f"del d[{a}]",
        )  # fmt: skip
    if kind == 22 and scope.objects:
        return one_of(
            draw, f"{i} = box.add({number(draw, scope, 0)})", f"{x} = box.items",
            f"box.value += {i}", f"box = Box({i})", "other = box", "other.value = box.value + 1",
            f"box.items[0] = {i}", f"{i} = box.value",
        )  # fmt: skip
    if kind == 23:
        return f"assert {condition(draw, scope)}, {text(draw, scope, 0)}"
    if kind == 24 and scope.in_loop:
        return one_of(draw, "break", "continue")
    if kind == 25 and scope.depth > 1 and draw(st.integers(0, 2)) == 0:
        return f"return {draw(st.sampled_from([number, text, a_list]))(draw, scope)}"
    if kind == 26 and scope.depth > 1:
        return f"raise {one_of(draw, 'ValueError', 'KeyError')}({text(draw, scope, 0)}, {i})"
    if kind == 27:
        return one_of(draw, f"del {i}", "unbound", f"{i} = fresh", "pass", f"print({i}, {x})")
    if scope.helpers:
        return f"{i} = {call(draw, scope, 1)}"
    return f"{i} = {x}[-1]"


def loop(draw: DrawFn, scope: Scope) -> list[str]:
    """Draw a while loop."""
    lines = [f"while {condition(draw, scope)}:", *burn(draw, scope)]
    if draw(st.booleans()):
        lines += ["else:", *indent(block(draw, scope.deeper(), 2))]
    return lines


def burn(draw: DrawFn, scope: Scope) -> list[str]:
    """Draw the body of a loop, which ends the loop when there is no fuel."""
    body = block(draw, scope.deeper(in_loop=True))
    return indent(["fuel -= 1", "if fuel < 0:", "    break", *body])


def a_for(draw: DrawFn, scope: Scope) -> list[str]:
    """Draw a for loop."""
    head = one_of(
        draw, "for i in range(3)", f"for j in {a_list(draw, scope)}", "for zs in grid",
        f"for t in {text(draw, scope)}", f"for i, j in enumerate({a_list(draw, scope)})",
        "for k, n in zip(xs, ys)", "for i in sorted(d)", "for i, j in d.items()",
        "for xs[0] in range(2)", "for i in xs[:]",
    )  # fmt: skip
    lines = [f"{head}:", *burn(draw, scope)]
    if draw(st.booleans()):
        lines += ["else:", *indent(block(draw, scope.deeper(), 2))]
    return lines


def an_if(draw: DrawFn, scope: Scope) -> list[str]:
    """Draw an if statement."""
    lines = [f"if {condition(draw, scope)}:", *indent(block(draw, scope.deeper()))]
    for _ in range(draw(st.integers(0, 2))):
        lines += [f"elif {condition(draw, scope)}:", *indent(block(draw, scope.deeper(), 2))]
    if draw(st.booleans()):
        lines += ["else:", *indent(block(draw, scope.deeper(), 2))]
    return lines


def a_try(draw: DrawFn, scope: Scope) -> list[str]:
    """Draw a try statement."""
    inner = scope.deeper()
    lines = ["try:", *indent(block(draw, inner))]
    error = one_of(
        draw,
        "IndexError",
        "(ZeroDivisionError, KeyError)",
        "Exception as error",
        "LookupError as e",
    )
    caught = draw(st.integers(0, 3)) > 0
    if caught:
        handler = block(draw, inner, 2)
        if draw(st.integers(0, 5)) == 0:
            handler.append("raise")
        lines += [f"except {error}:", *indent(handler)]
        if draw(st.integers(0, 3)) == 0:
            lines += ["else:", *indent(block(draw, inner, 1))]
    if not caught or draw(st.integers(0, 2)) == 0:
        lines += ["finally:", *indent(block(draw, inner.deeper(in_loop=False), 2))]
    return lines


def a_match(draw: DrawFn, scope: Scope) -> list[str]:
    """Draw a match statement."""
    subject = one_of(draw, *LISTS, *INTS, "(i, xs)", "d")
    patterns = ["[]", "[i]", "[i, *zs]", "0 | 1", "int(j)", "(k, [])", "{1: i}", "[n, _] if n"]
    lines = [f"match {subject}:"]
    for _ in range(draw(st.integers(1, 3))):
        body = indent(block(draw, scope.deeper(), 2))
        lines += indent([f"case {one_of(draw, *patterns)}:", *body])
    if draw(st.booleans()):
        lines += indent(["case _:", *indent(block(draw, scope.deeper(), 1))])
    return lines


# Functions

_LOCALS = "i, j, k, s, t, ys, zs, d = 1, 2, 0, 'ab', '', [3], [], {1: 2}"


def helper(draw: DrawFn, name: str, helpers: tuple[str, ...]) -> list[str]:
    """Draw a helper function of an int and a list; it may call itself with a smaller int."""
    scope = Scope(1, helpers, objects=False)
    start = ["depth = n", _LOCALS, "grid, fuel = [[1], [2, 3]], 3"]
    body = block(draw, scope, 2)
    again = [f"i += {name}(depth - 1, xs)"] if draw(st.booleans()) else []
    last = f"return {number(draw, scope, 1)}"
    return [
        f"def {name}(n, xs):",
        *indent(["if n <= 0:", "    return len(xs)", *start, *body, *again, last]),
    ]


def closure(draw: DrawFn, scope: Scope) -> list[str]:
    """Draw a nested function that changes variables of the one around it."""
    lines = ["def inner(n, ys):", "    nonlocal k, xs", f"    k += {number(draw, scope, 1)}"]
    inside = one_of(draw, "xs.append(k)", "xs = ys", "xs = xs[:3] + [k]", "ys.append(len(xs))")
    return [*lines, f"    {inside}", "    return k + n"]


@st.composite
def programs(draw: DrawFn, plain: bool = False) -> Program:
    """Draw a program; `plain` ones have no objects, closures or aliases, and simple arguments."""
    names = tuple(f"help{n}" for n in range(draw(st.integers(0, 2))))
    lines: list[str] = []
    for n, name in enumerate(names):
        lines += helper(draw, name, names[:n])
    objects = not plain and draw(st.booleans())
    scope = Scope(1, names, objects=objects)
    body = [_LOCALS.replace("ys, ", "").replace("[3], ", ""), "fuel = 25"]
    if objects:
        body += ["box = other = Box(n)"]
    if not plain and draw(st.integers(0, 3)) == 0:
        body += closure(draw, scope)
        scope = Scope(1, (*names, "inner"), objects=objects)
    body += block(draw, scope, 6)
    everything = "i, j, k, n, s, t, xs, ys, zs, grid, d, fuel"
    body.append(f"return {one_of(draw, everything, 'xs', 'i', 's', 'grid', 'k, xs')}")
    lines += ["def rule(n, xs, ys, grid):", *indent(body)]
    small = st.integers(-3, 12)
    values = st.lists(small, max_size=4)
    arguments = [
        draw(small),
        draw(values),
        draw(values),
        draw(st.lists(values, min_size=2, max_size=3)),
    ]
    if not plain and draw(st.integers(0, 3)) == 0:
        arguments[2] = arguments[1]  # the same list twice
    if not plain and draw(st.integers(0, 4)) == 0:
        arguments[3][0] = arguments[1]
    source = (textwrap.dedent(HEADER).lstrip() if objects else "") + "\n".join(lines) + "\n"
    return Program(source, tuple(arguments))
