"""The text of values of the standard library: what Python prints, where that is always the same.

`PLAIN` and `PARTS` are for types written in C. No rule can change such a type or make one, so its
module and name tell which it is, and its own methods may be called on a value of exactly that type:
none here runs code of the rule or moves an iterator on. `HELD` is for classes written in Python,
of which only what an object holds is read. A form may raise what reading an odd value raises;
the value has no text of its own then.
"""

import builtins
import re
import types
from collections import deque
from collections.abc import Callable, Mapping
from sys import version_info
from typing import Any

from .characters import printable
from .iterators import ITERATORS, Part, call
from .reading import ask, get, is_built_in, members_of, name_of, ordered_items, refers

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

# Numbers, times, texts


def _decimal(value: Any) -> str:
    text = ask(value, "__str__").replace("e", "E")  # the context may ask for small letters
    return f"Decimal('{text}')"


def _moment(value: Any, part: Part) -> str:
    zone = get(value, "tzinfo")
    if zone is None:
        return str(ask(value, "__repr__"))
    bare = members_of(type(value))["replace"](value, tzinfo=None)
    return f"{ask(bare, '__repr__')[:-1]}, tzinfo={part(zone)})"


def _timezone(value: Any, part: Part) -> str:
    arguments = ask(value, "__getinitargs__")
    if all(is_built_in(type(a)) for a in arguments):
        return str(ask(value, "__repr__"))
    return call("datetime.timezone", *map(part, arguments))


_FLAGS = {
    2: "IGNORECASE", 4: "LOCALE", 8: "MULTILINE", 16: "DOTALL", 64: "VERBOSE", 128: "DEBUG",
    256: "ASCII",
}  # fmt: skip


def _pattern(value: Any, part: Part) -> str:
    flags = get(value, "flags")
    names = [f"re.{name}" for bit, name in _FLAGS.items() if flags & bit]
    return call("re.compile", part(get(value, "pattern")), "|".join(names))


def _match(value: Any, part: Part) -> str:
    start, end = ask(value, "span")
    return f"<re.Match object; span=({start}, {end}), match={part(ask(value, 'group'))}>"


def _buffer(name: str) -> Callable[[Any, Part], str]:
    def form(value: Any, part: Part) -> str:
        try:
            content, at = ask(value, "getvalue"), ask(value, "tell")
        except ValueError:
            return f"{name}(closed)"
        where = f"position={at}" if 0 < at < len(content) else ""
        return call(name, part(content), where)

    return form


def _array(value: Any, part: Part) -> str:
    code = get(value, "typecode")
    content = ask(value, "tounicode" if code in "uw" else "tolist")
    return call("array", part(code), part(content) if content else "")


def _memory(value: Any, part: Part) -> str:
    try:
        octets = get(value, "format") in ("B", "b", "c")
        return f"memoryview({part(ask(value, 'tobytes' if octets else 'tolist'))})"
    except ValueError:
        return "memoryview(released)"


# Arrays of numpy, if the caller lets rules use it

_NUMBERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()
_LINE_END = re.compile(r"\n *")


def _ndarray(value: Any, part: Part) -> str:
    if get(value, "dtype").hasobject:  # what it holds may be the rule's
        return call("array", part(ask(value, "tolist")), "dtype=object")
    # More than a thousand items are cut short by numpy itself.
    return _LINE_END.sub(" ", ask(value, "__repr__"))


def _number(value: Any, part: Part) -> str:
    return f"np.{name_of(type(value))}({part(value.item())})"


# Functions, types


def _named(held: dict[str, Any], part: Part) -> list[str]:
    return [f"{printable(k)}={part(v)}" for k, v in dict.items(held)]


def _partial(value: Any, part: Part) -> str:
    positional = map(part, (get(value, "func"), *get(value, "args")))
    return call("functools.partial", *positional, *_named(get(value, "keywords"), part))


def _getter(name: str) -> Callable[[Any, Part], str]:
    return lambda value, part: call(f"operator.{name}", *map(part, ask(value, "__reduce__")[1]))


_HAS_NAME = version_info >= (3, 13)  # whether the name stands among the arguments


def _methodcaller(value: Any, part: Part) -> str:
    name, arguments, *keywords = refers(value)
    positional = map(part, arguments if _HAS_NAME else (name, *arguments))
    named = (text for held in keywords for text in _named(held, part))
    return call("operator.methodcaller", *positional, *named)


def _namespace(value: Any, part: Part) -> str:
    return call("namespace", *_named(object.__getattribute__(value, "__dict__"), part))


def _in_type(value: Any, part: Part) -> str:
    if value is Ellipsis:
        return "..."
    if type(value) is list:
        return f"[{', '.join(_in_type(v, part) for v in value)}]"
    text = "None" if value is types.NoneType else part(value)
    return text[8:-2] if text.startswith("<class '") else text


def _alias(value: Any, part: Part) -> str:
    inside = ", ".join(_in_type(v, part) for v in tuple.__iter__(get(value, "__args__")))
    return f"{_in_type(get(value, '__origin__'), part)}[{inside or '()'}]"


def _union(value: Any, part: Part) -> str:
    return " | ".join(_in_type(v, part) for v in get(value, "__args__"))


def _descriptor(words: str) -> Callable[[Any], str]:
    def form(value: Any) -> str:
        owner = name_of(get(value, "__objclass__"))
        return f"<{words} '{get(value, '__name__')}' of '{printable(owner)}' objects>"

    return form


def _method_wrapper(value: Any) -> str:
    owner = name_of(type(get(value, "__self__")))
    return f"<method-wrapper '{get(value, '__name__')}' of {printable(owner)} object>"


def _running(word: str) -> Callable[[Any], str]:
    return lambda value: f"<{word} {printable(get(value, '__qualname__'))}>"


def _cached(value: Any) -> str:
    function = dict.get(object.__getattribute__(value, "__dict__"), "__wrapped__")
    if type(function) is not types.FunctionType:
        raise ValueError
    return f"<function {printable(function.__qualname__)}>"


def _ordered_view(value: Any, part: Part) -> str:
    name, items = name_of(type(value)), ordered_items(refers(value)[0])
    shown = list(items) if name == "odict_items" else [i[name == "odict_values"] for i in items]
    return f"{name}({part(shown)})"


PLAIN: dict[str, Callable[[Any], str]] = {  # values whose text never changes and has no parts
    "decimal.Decimal": _decimal,
    "datetime.date": lambda value: str(ask(value, "__repr__")),
    "datetime.timedelta": lambda value: str(ask(value, "__repr__")),
    "builtins.generator": _running("generator"),
    "builtins.coroutine": _running("coroutine"),
    "builtins.async_generator": _running("async_generator"),
    "builtins.method_descriptor": _descriptor("method"),
    "builtins.classmethod_descriptor": _descriptor("method"),
    "builtins.wrapper_descriptor": _descriptor("slot wrapper"),
    "builtins.method-wrapper": _method_wrapper,
    "functools._lru_cache_wrapper": _cached,
    "typing.TypeVar": lambda value: f"~{printable(get(value, '__name__'))}",
    "_struct.Struct": lambda value: f"Struct({str.__repr__(get(value, 'format'))})",
}
PARTS: dict[str, Callable[[Any, Part], str]] = {
    "decimal.Context": lambda value, _: str(ask(value, "__repr__")),
    "datetime.datetime": _moment,
    "datetime.time": _moment,
    "datetime.timezone": _timezone,
    "zoneinfo.ZoneInfo": lambda value, part: f"zoneinfo.ZoneInfo(key={part(get(value, 'key'))})",
    "re.Pattern": _pattern,
    "re.Match": _match,
    "_io.StringIO": _buffer("StringIO"),
    "_io.BytesIO": _buffer("BytesIO"),
    "array.array": _array,
    "builtins.memoryview": _memory,
    "numpy.ndarray": _ndarray,
    **{f"numpy.{name}": _number for name in [*_NUMBERS, "complex64", "complex128", "str_"]},
    "numpy.bool": lambda value, _: f"np.{value.item()}_",
    "builtins.mappingproxy": lambda value, part: call("mappingproxy", *map(part, refers(value))),
    "types.SimpleNamespace": _namespace,
    "types.GenericAlias": _alias,
    "types.UnionType": _union,
    "functools.partial": _partial,
    "operator.itemgetter": _getter("itemgetter"),
    "operator.attrgetter": _getter("attrgetter"),
    "operator.methodcaller": _methodcaller,
    **{f"builtins.odict_{name}": _ordered_view for name in ("keys", "values", "items")},
    **ITERATORS,
}

# Classes written in Python, by what an object holds

Held = Mapping[str, Any]


def _exact(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError
    return value


def _fraction(held: Held, part: Part) -> str:
    return f"Fraction({part(held['_numerator'])}, {part(held['_denominator'])})"


def _uuid(held: Held, _: Part) -> str:
    digits = f"{_exact(int, held['int']):032x}"
    ends = (8, 12, 16, 20, 32)
    groups = (digits[a:b] for a, b in zip((0, *ends), ends, strict=False))
    return f"UUID('{'-'.join(groups)}')"


def _path(name: str) -> Callable[[Held, Part], str]:
    def form(held: Held, part: Part) -> str:
        parts = held["_raw_paths"] if "_raw_paths" in held else held["_parts"]
        path = ""
        for piece in (_exact(str, p) for p in _exact(list, parts)):
            joined = path if path.endswith("/") or not path else path + "/"
            path = piece if piece.startswith("/") else joined + piece
        root = path[: len(path) - len(path.lstrip("/"))]
        root = root if len(root) == 2 else root[:1]
        rest = "/".join(p for p in path.split("/") if p not in ("", "."))
        return f"{name}({part(root + rest or '.')})"

    return form


def _address(held: Held, _: Part) -> str:
    return f"IPv4Address('{'.'.join(map(str, _exact(int, held['_ip']).to_bytes(4, 'big')))}')"


def _queue(name: str, field: str = "queue") -> Callable[[Held, Part], str]:
    def form(held: Held, part: Part) -> str:
        content = held[field]
        return f"{name}({part(list(content) if type(content) is deque else content)})"

    return form


def _typing(held: Held, part: Part) -> str:
    name = _exact(str, held["_name"] or "Union")
    arguments = _exact(tuple, held.get("__args__", ()))
    inner = [a for a in arguments if name != "Optional" or a is not types.NoneType]
    inside = ", ".join(_in_type(a, part) for a in inner)
    return f"typing.{printable(name)}{f'[{inside}]' if inside else ''}"


HELD: dict[str, Callable[[Held, Part], str]] = {
    "fractions.Fraction": _fraction,
    "uuid.UUID": _uuid,
    **{
        f"{module}.{name}": _path(name)
        for module in ("pathlib", "pathlib._local")
        for name in ("PosixPath", "PurePosixPath")
    },
    "ipaddress.IPv4Address": _address,
    "collections.ChainMap": (
        lambda held, part: call("ChainMap", *map(part, _exact(list, held["maps"])))
    ),
    "collections.UserDict": lambda held, part: part(held["data"]),
    "collections.UserList": lambda held, part: part(held["data"]),
    "collections.UserString": lambda held, part: part(held["data"]),
    "statistics.NormalDist": (
        lambda held, part: f"NormalDist(mu={part(held['_mu'])}, sigma={part(held['_sigma'])})"
    ),
    "random.Random": lambda *_: "<Random>",
    "random.SystemRandom": lambda *_: "<SystemRandom>",
    "queue.Queue": _queue("Queue"),
    "queue.LifoQueue": _queue("LifoQueue"),
    "queue.PriorityQueue": _queue("PriorityQueue"),
    "asyncio.queues.Queue": _queue("Queue", "_queue"),
    "typing.TypeVar": lambda held, _: f"~{printable(held['__name__'])}",
    "typing._SpecialForm": _typing,
    "typing._SpecialGenericAlias": _typing,
    "typing._GenericAlias": _typing,
    "typing._UnionGenericAlias": _typing,
}
