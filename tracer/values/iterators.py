"""Iterators as text: what they wrap and have left, as in ``map(<function f>, [2, 3])``.

None is moved on. Each form is given an iterator of exactly the type that `ITERATORS` names.
"""

import builtins
from collections import deque
from collections.abc import Callable
from gc import get_referents
from itertools import pairwise
from typing import Any

from .reading import ask, is_built_in, members_of, mro_of, name_of, ordered_keys, place, refers

# Hooks call these built-in functions, whatever a rule puts in their place.
globals()["__builtins__"] = dict(vars(builtins))

Part = Callable[[Any], str]  # shows a part of a value


class Unordered(list[Any]):
    """Items of a set, which are not to be hashed again."""


def call(name: str, *texts: str) -> str:
    """Return the text of a call with arguments; those that are empty are left out."""
    return f"{name}({', '.join(t for t in texts if t)})"


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
        _, (wrapped,), *at = ask(iterator, "__reduce__")
        if type(wrapped) is tuple and base is not tuple:  # there is no more
            return base()
        return base.__getitem__(wrapped, slice(at[0] if at else None, None))
    if name in _COPIED:
        try:
            items = ask(iterator, "__reduce__")[1][0]
        except RuntimeError:  # what it wraps has changed, and it has no more to give
            return []
        return Unordered(items) if name == "set_iterator" else items
    if name == "_deque_iterator":
        _, (wrapped, at) = ask(iterator, "__reduce__")
        return list(deque.__iter__(wrapped))[at:]
    return iterator


def _rest(iterator: Any, part: Part) -> str:
    return part(_left(iterator))


def _is_listed(left: Any) -> bool:
    return type(left) is list or type(left) is tuple


def _iterator(value: Any, part: Part) -> str:
    return f"iter({_rest(value, part)})"


def _backwards_list(value: Any, part: Part) -> str:
    _, (wrapped,), *at = ask(value, "__reduce__")
    return f"reversed({part(list.__getitem__(wrapped, slice(at[0] + 1 if at else 0)))})"


def _backwards(value: Any, part: Part) -> str:
    _, (wrapped,), *at = ask(value, "__reduce__")
    if type(wrapped) is tuple or type(wrapped) is str or type(wrapped) is bytes:
        return f"reversed({part(wrapped[: at[0] + 1] if at else wrapped)})"
    return f"reversed({part(wrapped)}[:{at[0] + 1 if at else 0}])"


def _backwards_deque(value: Any, part: Part) -> str:
    _, (wrapped, at) = ask(value, "__reduce__")
    items = list(deque.__iter__(wrapped))
    return f"reversed({part(items[: len(items) - at])})"


def _counted(value: Any, part: Part) -> str:
    _, (wrapped, *_), *at = ask(value, "__reduce__")
    return f"iter({part(wrapped)}{f'[{at[0]}:]' if at and at[0] else ''})"


def _until(value: Any, part: Part) -> str:
    return call("iter", *map(part, ask(value, "__reduce__")[1]))


def _ordered_iterator(value: Any, part: Part) -> str:
    wrapped = [held for held in refers(value)[:1] if type(held) is not tuple]  # none at the end
    if wrapped and ordered_keys(wrapped[0]) is None:
        raise ValueError
    return f"iter({part(ask(value, '__reduce__')[1][0])})"


def _mapped(value: Any, part: Part) -> str:
    function, *iterators = ask(value, "__reduce__")[1]
    return call(name_of(type(value)), part(function), *(_rest(i, part) for i in iterators))


def _zipped(value: Any, part: Part) -> str:
    _, iterators, *strict = ask(value, "__reduce__")
    return call("zip", *(_rest(i, part) for i in iterators), "strict=True" if strict else "")


def _enumerated(value: Any, part: Part) -> str:
    iterator, at = ask(value, "__reduce__")[1]
    return call("enumerate", _rest(iterator, part), part(at) if at else "")


# Iterators of itertools: since 3.12 a warning comes with what they reduce to.


def _count(value: Any, part: Part) -> str:
    fields = refers(value)
    if len(fields) == 1:  # a small int, counting by one
        return str(ask(value, "__repr__"))
    if type(fields[1]) is int and fields[1] == 1:
        fields.pop()
    return call("count", *map(part, fields))


def _repeat(value: Any, part: Part) -> str:
    try:
        times = part(ask(value, "__length_hint__"))
    except TypeError:
        times = ""
    return call("repeat", part(refers(value)[0]), times)


def _cycle(value: Any, part: Part) -> str:
    *iterator, saved = refers(value)
    left = _left(iterator[0]) if iterator else []
    if _is_listed(left):
        return f"cycle({part([*left, *saved])})"
    return f"cycle({part(left)}, *{part(saved)})" if saved else f"cycle({part(left)})"


def _chain(value: Any, part: Part) -> str:
    source, *active = refers(value) or [iter(())]
    left = _left(source)
    rest = map(part, left) if _is_listed(left) else [f"*{part(left)}"]
    return call("chain", *(_rest(a, part) for a in active), *rest)


def _cut(value: Any, part: Part) -> str:
    """Show an iterator whose bounds cannot be read."""
    fields = refers(value)
    return f"{name_of(type(value))}({_rest(fields[0], part) if fields else '()'}, ...)"


def _wrapped_first(value: Any, part: Part) -> str:
    """Show an iterator that holds what it wraps before a function."""
    iterator, function = refers(value)
    return f"{name_of(type(value))}({part(function)}, {_rest(iterator, part)})"


def _compress(value: Any, part: Part) -> str:
    return call("compress", *(_rest(i, part) for i in refers(value)))


_PAIRWISE = len(refers(pairwise(())))  # what it holds before the first pair, by version


def _pairwise(value: Any, part: Part) -> str:
    fields = refers(value)
    if len(fields) < _PAIRWISE:
        return "pairwise(())"
    left = _left(fields[0])
    if len(fields) == _PAIRWISE:
        return f"pairwise({part(left)})"
    if _is_listed(left):
        return f"pairwise({part([fields[1], *left])})"
    return f"pairwise({part(left)}, after {part(fields[1])})"


def _accumulate(value: Any, part: Part) -> str:
    *fields, initial = refers(value)
    function = "" if _is_iterator(fields[0]) else part(fields.pop(0))
    total = f"total={part(fields[1])}" if len(fields) > 1 else ""
    start = f"initial={part(initial)}" if initial is not None and not total else ""
    return call("accumulate", _rest(fields[0], part), function, total, start)


def _is_iterator(value: Any) -> bool:
    return any("__next__" in members_of(base) for base in mro_of(type(value)))


def _product(value: Any, part: Part) -> str:
    return call("product", *map(part, refers(value)[0]))


def _longest(value: Any, part: Part) -> str:
    iterators, *_, fill = refers(value)
    there = get_referents(iterators)[::-1]  # not those that have ended: they are null
    rests = [_rest(i, part) for i in there]
    return call("zip_longest", *rests, "" if fill is None else f"fillvalue={part(fill)}")


def _groupby(value: Any, part: Part) -> str:
    iterator, key, *_ = refers(value)
    return call("groupby", _rest(iterator, part), "" if key is None else part(key))


_Form = Callable[[Any, Part], str]
_FORMS: list[tuple[_Form, str]] = [
    (_iterator, "collections._deque_iterator _collections._deque_iterator"),
    (_backwards_deque, "collections._deque_reverse_iterator _collections._deque_reverse_iterator"),
    (_backwards_list, "builtins.list_reverseiterator"),
    (_backwards, "builtins.reversed"),
    (_counted, "builtins.iterator"),
    (_until, "builtins.callable_iterator"),
    (_ordered_iterator, "builtins.odict_iterator"),
    (_mapped, "builtins.map builtins.filter"),
    (_zipped, "builtins.zip"),
    (_enumerated, "builtins.enumerate"),
    (_count, "itertools.count"),
    (_repeat, "itertools.repeat"),
    (_cycle, "itertools.cycle"),
    (_chain, "itertools.chain"),
    (_cut, "itertools.islice itertools.batched itertools.permutations itertools.combinations"),
    (_cut, "itertools.combinations_with_replacement"),
    (_wrapped_first, "itertools.starmap itertools.takewhile itertools.dropwhile"),
    (_wrapped_first, "itertools.filterfalse"),
    (_compress, "itertools.compress"),
    (_pairwise, "itertools.pairwise"),
    (_accumulate, "itertools.accumulate"),
    (_product, "itertools.product"),
    (_longest, "itertools.zip_longest"),
    (_groupby, "itertools.groupby"),
]
ITERATORS: dict[str, _Form] = {
    **{f"builtins.{name}": _iterator for name in [*_SEQUENCES, *_COPIED]},
    **{place: form for form, places in _FORMS for place in places.split()},
}
