"""The lines of a program as a tree of blocks, and back."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from .program import indented


@dataclass(slots=True)
class Block:
    """A loop or an ``if``: its first word, what stands behind it, and what is in it."""

    word: str
    rest: str
    body: "list[Node]" = field(default_factory=list)
    orelse: "list[Node]" = field(default_factory=list)


Node: TypeAlias = str | Block
Heads: TypeAlias = Callable[[Block], str]


def parse(lines: Sequence[str]) -> list[Node]:
    """Return the tree of a program's lines."""
    nodes: list[Node] = []
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and lines[end].startswith(" "):
            end += 1
        body = [line[4:] for line in lines[start + 1 : end]]
        _add(nodes, lines[start], body)
        start = end
    return nodes


def _add(nodes: list[Node], line: str, body: list[str]) -> None:
    """Add a statement to those before it."""
    word, _, rest = line.removesuffix(":").partition(" ")
    if not line.endswith(":"):
        nodes.append(line)
    elif word in ("elif", "else"):
        above = nodes[-1]
        while isinstance(above, Block) and above.orelse:
            above = above.orelse[0]
        assert isinstance(above, Block)
        above.orelse = parse(body) if word == "else" else [Block("if", rest, parse(body))]
    else:
        nodes.append(Block(word, rest, parse(body)))


def unparse(nodes: Iterable[Node], head: Heads = lambda block: block.rest) -> list[str]:
    """Return the lines of a tree; `head` gives what stands behind a block's first word."""
    lines: list[str] = []
    for node in nodes:
        if isinstance(node, str):
            lines.append(node)
            continue
        lines += [f"{node.word} {head(node)}:", *indented(unparse(node.body, head))]
        orelse = unparse(node.orelse, head)
        first = node.orelse[0] if len(node.orelse) == 1 else ""
        if isinstance(first, Block) and first.word == "if":
            lines += [f"el{orelse[0]}", *orelse[1:]]
        elif orelse:
            lines += ["else:", *indented(orelse)]
    return lines


def blocks(nodes: Iterable[Node]) -> Iterator[Block]:
    """Yield all blocks of a tree."""
    for node in nodes:
        if isinstance(node, Block):
            yield node
            yield from blocks(node.body)
            yield from blocks(node.orelse)
