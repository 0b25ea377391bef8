"""The text of values of the standard library: what Python prints, where that is always the same.

`PLAIN` and `PARTS` are for types written in C. No rule can change such a type or make one, so its
module and name tell which it is, and its own methods may be called on a value of exactly that type:
none here runs code of the rule or moves an iterator on. `HELD` is for classes written in Python,
of which only what an object holds is read. A form may raise what reading an odd value raises;
the value has no text of its own then.

An iterator is shown by what it wraps and has left: ``map(<function f>, [2, 3])``.
"""

import builtins
import types
from collections import OrderedDict, deque
from collections.abc import Callable, Mapping
from functools import lru_cache
from gc import get_referents
from itertools import chain, pairwise
from sys import stdlib_module_names, version_info
from typing import Any

from .characters import printable

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

Part = Callable[[Any], str]  # shows a part of a value

_name = type.__dict__["__name__"].__get__
_module = type.__dict__["__module__"].__get__
_flags = type.__dict__["__flags__"].__get__
_members = type.__dict__["__dict__"].__get__
_mro = type.__dict__["__mro__"].__get__


class Unordered(list[Any]):
    """Items of a set, which are not to be hashed again."""


def place(kind: type) -> str:
    """Return the module and the name of a class, by which the tables have it."""
    name = _name(kind)
    return f"{module_of(kind)}.{name}" if type(name) is str else ""


def module_of(kind: type) -> str:
    """Return the name of the module that a class says it is of, or ``""``."""
    try:
        module = _module(kind)
    except AttributeError:
        return ""
    return module if type(module) is str else ""


@lru_cache(100)
def is_of_python(module: str) -> bool:
    """Tell whether a module is one of the standard library."""
    return module.partition(".")[0] in stdlib_module_names


def is_built_in(kind: type) -> bool:
    """Tell whether a type is one that no rule can make or change."""
    return type(kind) is type and bool(_flags(kind) & (1 << 8))


def _ask(value: Any, method: str) -> Any:
    """Call a method of a type written in C; what the value itself holds is not looked at."""
    return _members(type(value))[method](value)


def _get(value: Any, name: str) -> Any:
    return _members(type(value))[name].__get__(value)


def _refers(value: Any) -> list[Any]:
    """Return the objects that a value of a C type refers to, in the order of its fields."""
    return [found for found in get_referents(value) if found is not type(value)]


def _call(name: str, *texts: str) -> str:
    return f"{name}({', '.join(t for t in texts if t)})"


# Numbers, times, texts


def _decimal(value: Any) -> str:
    text = _ask(value, "__str__").replace("e", "E")  # the context may ask for small letters
    return f"Decimal('{text}')"


def _moment(value: Any, part: Part) -> str:
    zone = _get(value, "tzinfo")
    if zone is None:
        return str(_ask(value, "__repr__"))
    bare = _members(type(value))["replace"](value, tzinfo=None)
    return f"{_ask(bare, '__repr__')[:-1]}, tzinfo={part(zone)})"


def _timezone(value: Any, part: Part) -> str:
    arguments = _ask(value, "__getinitargs__")
    if all(is_built_in(type(a)) for a in arguments):
        return str(_ask(value, "__repr__"))
    return _call("datetime.timezone", *map(part, arguments))


_FLAGS = {
    2: "IGNORECASE", 4: "LOCALE", 8: "MULTILINE", 16: "DOTALL", 64: "VERBOSE", 128: "DEBUG",
    256: "ASCII",
}  # fmt: skip


def _pattern(value: Any, part: Part) -> str:
    flags = _get(value, "flags")
    names = [f"re.{name}" for bit, name in _FLAGS.items() if flags & bit]
    return _call("re.compile", part(_get(value, "pattern")), "|".join(names))


def _match(value: Any, part: Part) -> str:
    start, end = _ask(value, "span")
    found = part(_ask(value, "group"))
    return f"<re.Match object; span=({start}, {end}), match={found}>"


def _buffer(name: str) -> Callable[[Any, Part], str]:
    def form(value: Any, part: Part) -> str:
        try:
            content, at = _ask(value, "getvalue"), _ask(value, "tell")
        except ValueError:
            return f"{name}(closed)"
        where = f"position={at}" if 0 < at < len(content) else ""
        return _call(name, part(content), where)

    return form


def _array(value: Any, part: Part) -> str:
    code = _get(value, "typecode")
    content = _ask(value, "tounicode" if code in "uw" else "tolist")
    return _call("array", part(code), part(content) if content else "")


def _memory(value: Any, part: Part) -> str:
    try:
        octets = _get(value, "format") in ("B", "b", "c")
        return f"memoryview({part(_ask(value, 'tobytes' if octets else 'tolist'))})"
    except ValueError:
        return "memoryview(released)"


# Arrays of numpy, if the caller lets rules use it

_NUMBERS = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float16 float32 float64".split()
_OF_KIND = {"i": "int", "u": "uint", "f": "float", "c": "complex"}
_USUAL = ("i8", "f8", "c16")  # what numbers are where no type is named


def _ndarray(value: Any, part: Part) -> str:
    code = _get(value, "dtype").str[1:]
    named = code[0] in _OF_KIND and code not in _USUAL
    kind = f"dtype={_OF_KIND[code[0]]}{int(code[1:]) * 8}" if named else ""
    return _call("array", part(_ask(value, "tolist")), kind)


def _number(value: Any, part: Part) -> str:
    return f"np.{_name(type(value))}({part(value.item())})"


# Functions, types


def _partial(value: Any, part: Part) -> str:
    named = dict.items(_get(value, "keywords"))
    keywords = [f"{printable(k)}={part(v)}" for k, v in named]
    texts = [part(_get(value, "func")), *map(part, _get(value, "args")), *keywords]
    return _call("functools.partial", *texts)


def _getter(name: str) -> Callable[[Any, Part], str]:
    return lambda value, part: _call(f"operator.{name}", *map(part, _ask(value, "__reduce__")[1]))


_NAMED = version_info >= (3, 13)  # whether the name is kept as one of the arguments


def _methodcaller(value: Any, part: Part) -> str:
    name, arguments, *named = _refers(value)
    positional = arguments if _NAMED else (name, *arguments)
    keywords = [f"{printable(k)}={part(v)}" for d in named for k, v in dict.items(d)]
    return _call("operator.methodcaller", *map(part, positional), *keywords)


def _namespace(value: Any, part: Part) -> str:
    held = object.__getattribute__(value, "__dict__")
    return _call("namespace", *(f"{printable(k)}={part(v)}" for k, v in dict.items(held)))


def _in_type(value: Any, part: Part) -> str:
    if value is Ellipsis:
        return "..."
    if type(value) is list:
        return f"[{', '.join(_in_type(v, part) for v in value)}]"
    text = "None" if value is types.NoneType else part(value)
    return text[8:-2] if text.startswith("<class '") else text


def _alias(value: Any, part: Part) -> str:
    inside = ", ".join(_in_type(v, part) for v in tuple.__iter__(_get(value, "__args__")))
    return f"{_in_type(_get(value, '__origin__'), part)}[{inside or '()'}]"


def _union(value: Any, part: Part) -> str:
    return " | ".join(_in_type(v, part) for v in _get(value, "__args__"))


def _descriptor(words: str) -> Callable[[Any], str]:
    def form(value: Any) -> str:
        owner = _name(_get(value, "__objclass__"))
        return f"<{words} '{_get(value, '__name__')}' of '{printable(owner)}' objects>"

    return form


def _method_wrapper(value: Any) -> str:
    owner = _name(type(_get(value, "__self__")))
    return f"<method-wrapper '{_get(value, '__name__')}' of {printable(owner)} object>"


def _running(word: str) -> Callable[[Any], str]:
    return lambda value: f"<{word} {printable(_get(value, '__qualname__'))}>"


def _cached(value: Any) -> str:
    function = dict.get(object.__getattribute__(value, "__dict__"), "__wrapped__")
    if type(function) is not types.FunctionType:
        raise ValueError
    return f"<function {printable(function.__qualname__)}>"


# Ordered dictionaries

_HASHED = set(map(id, (int, bool, float, complex, str, bytes, type(None))))


def ordered_keys(value: dict[Any, Any]) -> list[Any] | None:
    """Return the keys of an `OrderedDict` in order; None if that would hash a key of the rule's."""
    keys = list(dict.keys(value))
    parts = chain.from_iterable(k if type(k) is tuple else (k,) for k in keys)
    if not set(map(id, map(type, parts))) <= _HASHED:
        return None
    try:
        return list(OrderedDict.__iter__(value))
    except (KeyError, RuntimeError):  # it was changed as a mere dict
        return keys


def _ordered_view(value: Any, part: Part) -> str:
    (wrapped,), name = _refers(value), _name(type(value))
    keys = ordered_keys(wrapped)
    items = [(k, dict.__getitem__(wrapped, k)) for k in keys] if keys else dict.items(wrapped)
    shown = list(items) if name == "odict_items" else [i[name == "odict_values"] for i in items]
    return f"{name}({part(shown)})"


def _ordered_iterator(value: Any, part: Part) -> str:
    wrapped = [held for held in _refers(value)[:1] if type(held) is not tuple]  # none at the end
    if wrapped and ordered_keys(wrapped[0]) is None:
        raise ValueError
    return f"iter({part(_ask(value, '__reduce__')[1][0])})"


# Iterators

_SEQUENCES: dict[str, Any] = {
    "list_iterator": list, "tuple_iterator": tuple, "str_iterator": str,
    "str_ascii_iterator": str, "bytes_iterator": bytes, "bytearray_iterator": bytearray,
    "range_iterator": range, "longrange_iterator": range,
}  # fmt: skip
_COPIED = (  # iterators over a dict or a set, which give a list of what is left
    "dict_keyiterator dict_valueiterator dict_itemiterator dict_reversekeyiterator"
    " dict_reversevalueiterator dict_reverseitemiterator set_iterator"
).split()


def _left(iterator: Any) -> Any:
    """Return what an iterator over a container has left as a container, others as they are."""
    kind = type(iterator)
    if not is_built_in(kind):
        return iterator
    name = place(kind).rpartition(".")[2]
    if name in _SEQUENCES:
        base = _SEQUENCES[name]
        _, (wrapped,), *at = _ask(iterator, "__reduce__")
        if type(wrapped) is tuple and base is not tuple:  # there is no more
            return base()
        return base.__getitem__(wrapped, slice(at[0] if at else None, None))
    if name in _COPIED:
        try:
            items = _ask(iterator, "__reduce__")[1][0]
        except RuntimeError:  # what it wraps has changed, and it has no more to give
            return []
        return Unordered(items) if name == "set_iterator" else items
    if name == "_deque_iterator":
        _, (wrapped, at) = _ask(iterator, "__reduce__")
        return list(deque.__iter__(wrapped))[at:]
    return iterator


def _rest(iterator: Any, part: Part) -> str:
    return part(_left(iterator))


def _is_listed(left: Any) -> bool:
    return type(left) is list or type(left) is tuple


def _iterator(value: Any, part: Part) -> str:
    return f"iter({_rest(value, part)})"


def _backwards_list(value: Any, part: Part) -> str:
    _, (wrapped,), *at = _ask(value, "__reduce__")
    return f"reversed({part(list.__getitem__(wrapped, slice(at[0] + 1 if at else 0)))})"


def _backwards(value: Any, part: Part) -> str:
    _, (wrapped,), *at = _ask(value, "__reduce__")
    if type(wrapped) is tuple or type(wrapped) is str or type(wrapped) is bytes:
        return f"reversed({part(wrapped[: at[0] + 1] if at else wrapped)})"
    return f"reversed({part(wrapped)}[:{at[0] + 1 if at else 0}])"


def _backwards_deque(value: Any, part: Part) -> str:
    _, (wrapped, at) = _ask(value, "__reduce__")
    items = list(deque.__iter__(wrapped))
    return f"reversed({part(items[: len(items) - at])})"


def _counted(value: Any, part: Part) -> str:
    _, (wrapped, *_), *at = _ask(value, "__reduce__")
    return f"iter({part(wrapped)}{f'[{at[0]}:]' if at and at[0] else ''})"


def _until(value: Any, part: Part) -> str:
    return _call("iter", *map(part, _ask(value, "__reduce__")[1]))


def _mapped(value: Any, part: Part) -> str:
    function, *iterators = _ask(value, "__reduce__")[1]
    return _call(_name(type(value)), part(function), *(_rest(i, part) for i in iterators))


def _zipped(value: Any, part: Part) -> str:
    _, iterators, *strict = _ask(value, "__reduce__")
    return _call("zip", *(_rest(i, part) for i in iterators), "strict=True" if strict else "")


def _enumerated(value: Any, part: Part) -> str:
    iterator, at = _ask(value, "__reduce__")[1]
    return _call("enumerate", _rest(iterator, part), part(at) if at else "")


# Iterators of itertools: since 3.12 a warning comes with what they reduce to.


def _count(value: Any, part: Part) -> str:
    fields = _refers(value)
    if len(fields) == 1:  # a small int, counting by one
        return str(_ask(value, "__repr__"))
    if type(fields[1]) is int and fields[1] == 1:
        fields.pop()
    return _call("count", *map(part, fields))


def _repeat(value: Any, part: Part) -> str:
    try:
        times = part(_ask(value, "__length_hint__"))
    except TypeError:
        times = ""
    return _call("repeat", part(_refers(value)[0]), times)


def _cycle(value: Any, part: Part) -> str:
    *iterator, saved = _refers(value)
    left = _left(iterator[0]) if iterator else []
    if _is_listed(left):
        return f"cycle({part([*left, *saved])})"
    return f"cycle({part(left)}, *{part(saved)})" if saved else f"cycle({part(left)})"


def _chain(value: Any, part: Part) -> str:
    source, *active = _refers(value) or [iter(())]
    left = _left(source)
    rest = map(part, left) if _is_listed(left) else [f"*{part(left)}"]
    return _call("chain", *(_rest(a, part) for a in active), *rest)


def _cut(value: Any, part: Part) -> str:
    """Show an iterator whose bounds cannot be read."""
    fields = _refers(value)
    return f"{_name(type(value))}({_rest(fields[0], part) if fields else '()'}, ...)"


def _wrapped_first(value: Any, part: Part) -> str:
    """Show an iterator that holds what it wraps before a function."""
    iterator, function = _refers(value)
    return f"{_name(type(value))}({part(function)}, {_rest(iterator, part)})"


def _compress(value: Any, part: Part) -> str:
    return _call("compress", *(_rest(i, part) for i in _refers(value)))


_PAIRWISE = len(_refers(pairwise(())))  # what it holds before the first pair, by version


def _pairwise(value: Any, part: Part) -> str:
    fields = _refers(value)
    if len(fields) < _PAIRWISE:
        return "pairwise(())"
    left = _left(fields[0])
    if len(fields) == _PAIRWISE:
        return f"pairwise({part(left)})"
    if _is_listed(left):
        return f"pairwise({part([fields[1], *left])})"
    return f"pairwise({part(left)}, after {part(fields[1])})"


def _accumulate(value: Any, part: Part) -> str:
    *fields, initial = _refers(value)
    function = "" if _is_iterator(fields[0]) else part(fields.pop(0))
    total = f"total={part(fields[1])}" if len(fields) > 1 else ""
    start = f"initial={part(initial)}" if initial is not None and not total else ""
    return _call("accumulate", _rest(fields[0], part), function, total, start)


def _is_iterator(value: Any) -> bool:
    return any("__next__" in _members(base) for base in _mro(type(value)))


def _product(value: Any, part: Part) -> str:
    return _call("product", *map(part, _refers(value)[0]))


def _longest(value: Any, part: Part) -> str:
    iterators, *_, fill = _refers(value)
    there = get_referents(iterators)[::-1]  # not those that have ended: they are null
    rests = [_rest(i, part) for i in there]
    return _call("zip_longest", *rests, "" if fill is None else f"fillvalue={part(fill)}")


def _groupby(value: Any, part: Part) -> str:
    iterator, key, *_ = _refers(value)
    return _call("groupby", _rest(iterator, part), "" if key is None else part(key))


PLAIN: dict[str, Callable[[Any], str]] = {  # values whose text never changes and has no parts
    "decimal.Decimal": _decimal,
    "datetime.date": lambda value: str(_ask(value, "__repr__")),
    "datetime.timedelta": lambda value: str(_ask(value, "__repr__")),
    "builtins.generator": _running("generator"),
    "builtins.coroutine": _running("coroutine"),
    "builtins.async_generator": _running("async_generator"),
    "builtins.method_descriptor": _descriptor("method"),
    "builtins.classmethod_descriptor": _descriptor("method"),
    "builtins.wrapper_descriptor": _descriptor("slot wrapper"),
    "builtins.method-wrapper": _method_wrapper,
    "functools._lru_cache_wrapper": _cached,
    "typing.TypeVar": lambda value: f"~{printable(_get(value, '__name__'))}",
    "_struct.Struct": lambda value: f"Struct({str.__repr__(_get(value, 'format'))})",
}
PARTS: dict[str, Callable[[Any, Part], str]] = {
    "decimal.Context": lambda value, _: str(_ask(value, "__repr__")),
    "datetime.datetime": _moment,
    "datetime.time": _moment,
    "datetime.timezone": _timezone,
    "zoneinfo.ZoneInfo": lambda value, part: f"zoneinfo.ZoneInfo(key={part(_get(value, 'key'))})",
    "re.Pattern": _pattern,
    "re.Match": _match,
    "_io.StringIO": _buffer("StringIO"),
    "_io.BytesIO": _buffer("BytesIO"),
    "array.array": _array,
    "builtins.memoryview": _memory,
    "numpy.ndarray": _ndarray,
    **{f"numpy.{name}": _number for name in [*_NUMBERS, "complex64", "complex128", "str_"]},
    "numpy.bool": lambda value, _: f"np.{value.item()}_",
    "builtins.mappingproxy": lambda value, part: _call("mappingproxy", *map(part, _refers(value))),
    "types.SimpleNamespace": _namespace,
    "types.GenericAlias": _alias,
    "types.UnionType": _union,
    "functools.partial": _partial,
    "operator.itemgetter": _getter("itemgetter"),
    "operator.attrgetter": _getter("attrgetter"),
    "operator.methodcaller": _methodcaller,
    **{f"builtins.{name}": _iterator for name in [*_SEQUENCES, *_COPIED]},
    "collections._deque_iterator": _iterator,
    "_collections._deque_iterator": _iterator,
    "collections._deque_reverse_iterator": _backwards_deque,
    "_collections._deque_reverse_iterator": _backwards_deque,
    "builtins.list_reverseiterator": _backwards_list,
    "builtins.reversed": _backwards,
    "builtins.iterator": _counted,
    "builtins.callable_iterator": _until,
    "builtins.odict_keys": _ordered_view,
    "builtins.odict_values": _ordered_view,
    "builtins.odict_items": _ordered_view,
    "builtins.odict_iterator": _ordered_iterator,
    "builtins.map": _mapped,
    "builtins.filter": _mapped,
    "builtins.zip": _zipped,
    "builtins.enumerate": _enumerated,
    "itertools.count": _count,
    "itertools.repeat": _repeat,
    "itertools.cycle": _cycle,
    "itertools.chain": _chain,
    "itertools.islice": _cut,
    "itertools.batched": _cut,
    "itertools.starmap": _wrapped_first,
    "itertools.takewhile": _wrapped_first,
    "itertools.dropwhile": _wrapped_first,
    "itertools.filterfalse": _wrapped_first,
    "itertools.compress": _compress,
    "itertools.pairwise": _pairwise,
    "itertools.accumulate": _accumulate,
    "itertools.product": _product,
    "itertools.permutations": lambda v, part: f"permutations({part(_refers(v)[0])}, ...)",
    "itertools.combinations": lambda v, part: f"combinations({part(_refers(v)[0])}, ...)",
    "itertools.combinations_with_replacement": (
        lambda v, part: f"combinations_with_replacement({part(_refers(v)[0])}, ...)"
    ),
    "itertools.zip_longest": _longest,
    "itertools.groupby": _groupby,
}

FIXED = ("re.Pattern", "datetime.timezone")  # of these, the values whose text never changes

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
    kept = [a for a in arguments if name != "Optional" or a is not types.NoneType]
    inside = ", ".join(_in_type(a, part) for a in kept)
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
        lambda held, part: _call("ChainMap", *map(part, _exact(list, held["maps"])))
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
