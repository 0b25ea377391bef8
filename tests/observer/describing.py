"""The text of a value, made by the observer's own means.

Plain data is its ``repr``; sets are sorted; objects of the rule's classes are
``Name(attribute=value)``, read without calling any of their methods. Where more than one text is
right, or a text can hold an address, the description is a pattern: ANY stands for any characters,
and FIRST x OR y LAST for either of two texts. `agrees` compares a description with a text.
"""

import collections
import enum
import functools
import re
import types
import unicodedata
from typing import Any

from .pasted import NODES, as_list

ANY, FIRST, OR, LAST = "\x00", "\x01", "\x02", "\x03"
_MARKS = re.compile("[\x00-\x03]")
_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")
_DEPTH, _MOST, _MOST_OBJECTS, _DIGITS = 60, 4900, 900, 4000
CODE = (
    types.FunctionType, types.BuiltinFunctionType, types.MethodType, types.ModuleType, type,
    staticmethod, classmethod, property,
    types.MethodWrapperType, types.WrapperDescriptorType, types.MethodDescriptorType,
    types.GenericAlias, types.UnionType,
)  # fmt: skip
_TYPING = {"typing", "types", "_abc", "functools", "__future__"}


class TooLarge(Exception):
    """A value has too many parts to copy before and after every statement."""


def is_data(value: object) -> bool:
    """Tell whether a value is data: not a function, a class, a module or a type hint."""
    kind = type(value)
    if kind is functools.partial:
        return True
    if any(base in CODE for base in type.__dict__["__mro__"].__get__(kind)):
        return False
    return type.__dict__["__module__"].__get__(kind) not in _TYPING


def either(first: str, second: str) -> str:
    """Return the description of a value that has two right texts."""
    return first if first == second else f"{FIRST}{first}{OR}{second}{LAST}"


def agrees(description: str, text: str) -> bool:
    """Tell whether a text is one that a description allows."""
    if not _MARKS.search(description):
        return description == text
    return bool(_pattern(description).fullmatch(text))


@functools.lru_cache(1000)
def _pattern(description: str) -> re.Pattern[str]:
    parts = {ANY: ".+", FIRST: "(?:", OR: "|", LAST: ")"}
    pieces = re.split("([\x00-\x03])", description)
    return re.compile("".join(parts.get(p) or re.escape(p) for p in pieces), re.DOTALL)


def describe(value: object) -> str:
    """Return the description of a value. Raises TooLarge."""
    return _Describer().text(value)


class _Describer:
    """Describes one value: the objects it is inside of, and how many parts there were."""

    def __init__(self) -> None:
        self.within: list[int] = []
        self.parts = 0

    def text(self, value: Any) -> str:
        self.parts += 1
        kind = type(value)
        if kind in (bool, type(None), float, complex, bytes, range, type(...)):
            return repr(value)
        if kind is int:
            if abs(value).bit_length() > _DIGITS:
                return ANY
            return repr(value)
        if kind is str:
            return _string(value)
        if self.parts > _MOST:
            raise TooLarge
        if id(value) in self.within:
            return ANY
        if len(self.within) > _DEPTH:
            raise TooLarge
        self.within.append(id(value))
        try:
            return self.container(value, kind)
        finally:
            self.within.pop()

    def items(self, values: Any) -> str:
        return ", ".join([self.text(v) for v in values])

    def pairs(self, pairs: Any) -> str:
        inner = ", ".join([f"{self.text(k)}: {self.text(v)}" for k, v in pairs])
        return "{" + inner + "}"

    def sorted(self, values: Any) -> str:
        values = list(values)
        if all(type(v) in (int, bool) for v in values) or all(type(v) is str for v in values):
            return self.items(sorted(values))
        return ", ".join(sorted(self.text(v) for v in values))

    def container(self, value: Any, kind: type) -> str:
        if kind is list:
            return f"[{self.items(value)}]"
        if kind is tuple:
            return f"({self.items(value)}{',' if len(value) == 1 else ''})"
        if kind is dict:
            return self.pairs(value.items())
        if kind is set:
            return "{" + self.sorted(value) + "}" if value else "set()"
        if kind is frozenset:
            return "frozenset({" + self.sorted(value) + "})" if value else "frozenset()"
        if kind is collections.deque:
            bound = "" if value.maxlen is None else f", maxlen={value.maxlen}"
            return f"deque([{self.items(value)}]{bound})"
        if kind is collections.defaultdict:
            return f"defaultdict({self.text(value.default_factory)}, {self.pairs(value.items())})"
        if kind is collections.OrderedDict:
            pairs = self.pairs(value.items())
            listed = f"[{self.items(value.items())}]"  # as Python before 3.12 prints it
            return f"OrderedDict({either(pairs, listed)})" if value else "OrderedDict()"
        if kind is collections.Counter:
            if not value:
                return "Counter()"
            return f"Counter({either(self.pairs(value.items()), self._most_common(value))})"
        if kind in (type({}.keys()), type({}.values()), type({}.items())):
            return f"{_name(kind)}([{self.items(value)}])"
        if kind is types.FunctionType or kind is types.MethodType:
            return f"<{ANY}>"
        return self.object(value, kind)

    def _most_common(self, value: Any) -> str:
        try:
            return self.pairs(value.most_common())
        except TypeError:
            return self.pairs(value.items())

    def object(self, value: Any, kind: type) -> str:
        if isinstance(value, type):
            return f"<class {ANY}>"
        if isinstance(value, types.ModuleType):
            return f"<module {ANY}>"
        if isinstance(value, enum.Enum):
            return either(f"{_name(kind)}.{value._name_}", f"<{_name(kind)}.{ANY}>")
        if isinstance(value, BaseException):
            return self.exception(value, kind)
        if not from_rule(kind):
            return library_text(value)
        if self.parts > _MOST_OBJECTS:
            raise TooLarge
        if _name(kind) in NODES:
            listed = as_list(value, attributes_of(value), self.text)
            if listed is not None:
                return listed
        attributes = ", ".join([f"{k}={self.text(v)}" for k, v in attributes_of(value).items()])
        inner = self.inherited(value)
        if hasattr(kind, "_fields") and isinstance(value, tuple):  # a named tuple
            named = zip(kind._fields, tuple.__iter__(value), strict=True)
            return f"{_name(kind)}({', '.join([f'{k}={self.text(v)}' for k, v in named])})"
        if inner is None:
            return f"{_name(kind)}({attributes})"
        whole = f"{_name(kind)}({', '.join(part for part in (inner, attributes) if part)})"
        return either(whole, inner)

    def inherited(self, value: Any) -> str | None:
        """Return the text of what an object holds as a kind of list, dict, number, ..."""
        for base, iterate in ((list, list), (tuple, tuple), (collections.deque, list)):
            if isinstance(value, base):
                return self.text(iterate(base.__iter__(value)))
        if isinstance(value, dict):
            return self.pairs(dict.items(value))
        if isinstance(value, set):
            return "{" + self.sorted(set.__iter__(value)) + "}"
        if isinstance(value, frozenset):
            return "{" + self.sorted(frozenset.__iter__(value)) + "}"
        if isinstance(value, int):
            return int.__repr__(value)
        if isinstance(value, float):
            return float.__repr__(value)
        if isinstance(value, bytes):
            return bytes.__repr__(value)
        return _string(str.__str__(value)) if isinstance(value, str) else None

    def exception(self, value: BaseException, kind: type) -> str:
        args = BaseException.args.__get__(value)  # type: ignore[attr-defined]
        inner = self.items(args)
        own = [f"{k}={self.text(v)}" for k, v in attributes_of(value).items()]
        longer = ", ".join([part for part in (inner, *own) if part])
        more = either("", f", {ANY}") if type(value).__init__ is not BaseException.__init__ else ""
        return f"{_name(kind)}({either(inner, longer)}{more})"


def _name(kind: type) -> str:
    """Return the name of a class; one that no source can spell has no one right text."""
    name: str = type.__dict__["__name__"].__get__(kind)
    return name if name.isidentifier() else ANY


def from_rule(kind: type) -> bool:
    """Tell whether a class was made by a class statement of the rule, or by a call it made."""
    return type.__dict__["__module__"].__get__(kind) in ("rule", "__main__")


def library_text(value: object) -> str:
    """Return the text of an object of a library's class."""
    kind = type(value)
    if kind.__repr__ is object.__repr__ or isinstance(value, types.GeneratorType):
        return ANY
    try:
        text = repr(value)
    except Exception:
        return ANY
    text = re.sub("\n *", " ", text)  # numpy breaks lines
    return ANY if _ADDRESS.search(text) or "object" in text or text.startswith("<") else text


def attributes_of(value: object) -> dict[str, Any]:
    """Return what an object holds, without running code of its class."""
    found: dict[str, Any] = {}
    for base in type.__dict__["__mro__"].__get__(type(value)):
        for name, member in type.__dict__["__dict__"].__get__(base).items():
            if isinstance(member, types.MemberDescriptorType) and not name.startswith("__"):
                try:
                    found[name] = member.__get__(value)
                except AttributeError:
                    continue
            elif name == "__dict__" and isinstance(member, types.GetSetDescriptorType):
                own = member.__get__(value)
                if type(own) is dict:
                    found.update({k: v for k, v in own.items() if type(k) is str})
    return found


def _string(value: str) -> str:
    """Return a string as Python writes it, whatever its version knows of Unicode."""
    text = repr(value)
    if text.isascii():
        return text
    return "".join(ANY if unicodedata.category(c) == "Cn" else c for c in text)
