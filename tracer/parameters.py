"""The parameters of a rule, and the arguments that a call gives them."""

import ast
import functools
import inspect
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from typing import Any

from .arguments import POSITION, Taking
from .errors import InputRejected
from .plan.names import FunctionNode, is_literal
from .values.show import show

_KINDS = inspect.Parameter


class Parameters:
    """What a call of a rule gives values to, but for a first one that is `supplied`."""

    def __init__(self, function: str, node: FunctionNode, supplied: bool, taking: Taking) -> None:
        self.function = function
        self.node = node
        self.taking = taking
        self._supplied = supplied

    @functools.cached_property
    def signature(self) -> inspect.Signature:
        """The parameters that a call gives values to."""
        a = self.node.args
        required = len(a.posonlyargs) + len(a.args) - len(a.defaults)
        found: list[tuple[ast.arg, Any]] = [(p, _KINDS.POSITIONAL_ONLY) for p in a.posonlyargs]
        found += [(p, _KINDS.POSITIONAL_OR_KEYWORD) for p in a.args]
        optional = {p.arg for p, _ in found[required:]}
        found = found[1:] if self._supplied else found
        found += [(a.vararg, _KINDS.VAR_POSITIONAL)] if a.vararg else []
        found += [(p, _KINDS.KEYWORD_ONLY) for p in a.kwonlyargs]
        found += [(a.kwarg, _KINDS.VAR_KEYWORD)] if a.kwarg else []
        named = zip(a.kwonlyargs, a.kw_defaults, strict=True)
        optional.update(p.arg for p, default in named if default is not None)
        return inspect.Signature(
            [_KINDS(p.arg, k, default=... if p.arg in optional else _KINDS.empty) for p, k in found]
        )

    def check(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        """See that a call with these arguments is possible. Raises InputRejected."""
        plain = self.plain
        if kwargs or plain is None or len(args) != len(plain) or not self.taking.is_plain:
            self.taking.check(self.bind(args, kwargs))

    @functools.cached_property
    def plain(self) -> list[str] | None:
        """The parameters, if a call may give all of them, and nothing else, by position."""
        a = self.node.args
        if a.vararg or a.kwonlyargs or a.kwarg:
            return None
        names = [p.arg for p in (*a.posonlyargs, *a.args)]
        return names[1:] if self._supplied else names

    def bind(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return the given arguments by parameter name. Raises InputRejected."""
        more = {}
        if self.taking.has_position and POSITION in kwargs:
            more = {POSITION: kwargs[POSITION]}
            kwargs = {name: value for name, value in kwargs.items() if name != POSITION}
        try:
            return {**self.signature.bind(*args, **kwargs).arguments, **more}
        except TypeError as error:
            takes = ", ".join(self.signature.parameters) or "no arguments"
            raise InputRejected(f"{self.function} takes {takes}: {error}") from None

    def by_position(
        self, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[tuple[Any, ...], dict[str, Any]]:
        """Return arguments by position as far as that goes, and the rest by name.

        Raises InputRejected.
        """
        found = self.bind(args, kwargs)
        more = {n: found.pop(n) for n in [*found] if n not in self.signature.parameters}
        bound = inspect.BoundArguments(self.signature, OrderedDict(found))
        return bound.args, {**bound.kwargs, **more}

    def texts(self, args: Sequence[str], kwargs: Mapping[str, str] | None = None) -> dict[str, str]:
        """Return the texts of arguments by parameter. Raises InputRejected."""
        bound = self.bind(args, kwargs or {})
        return {n: t if isinstance(t, str) else _together(t) for n, t in bound.items()}

    @functools.cached_property
    def defaults(self) -> dict[str, str]:
        """What arguments are that are not given, as Python writes it, by their names."""
        a = self.node.args
        positional = [p.arg for p in (*a.posonlyargs, *a.args)]
        pairs = list(zip(positional[len(positional) - len(a.defaults) :], a.defaults, strict=True))
        pairs += [(p.arg, d) for p, d in zip(a.kwonlyargs, a.kw_defaults, strict=True) if d]
        return {name: _written(default) for name, default in pairs}


def _together(texts: tuple[str, ...] | dict[str, str]) -> str:
    """Return the text of the arguments that one ``*`` or ``**`` parameter takes."""
    if isinstance(texts, tuple):
        return f"({', '.join(texts)}{',' if len(texts) == 1 else ''})"
    return "{" + ", ".join(f"{n!r}: {t}" for n, t in texts.items()) + "}"


def _written(node: ast.expr) -> str:
    """Return a value as Python writes it; what is no literal stays as it is in the source."""
    return show(ast.literal_eval(node)) if is_literal(node) else ast.unparse(node)
