"""Plain and instrumented Python side by side.

`same` runs one source three times, each time from fresh state: compiled by Python, instrumented
with the recorder off, and instrumented with it on. Everything that a program or its caller can
see is put into an `Observation`, and the three must be equal. A source is a module; where it
defines a function ``rule``, that is called with the arguments. In its namespace stands
``log(x)``, which notes the value and returns it: a note for every evaluation, in order.
"""

import contextlib
import copy
import dataclasses
import functools
import gc
import inspect
import io
import re
import sys
import textwrap
import types
import warnings
import weakref
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any

FILE = "<rule>"
MODULE = "module_of_the_rule"

Compiler = Callable[[str, str], types.CodeType]


class Boom(Exception):
    """What a ``log`` call raises when it was asked to fail."""


@dataclasses.dataclass
class Observation:
    """All that can be seen of one run, as text and plain data that outlive it."""

    result: str = "nothing"
    exception: str = "none"
    arguments: str = "none"
    log: list[str] = dataclasses.field(default_factory=list)
    output: str = ""
    names: list[str] = dataclasses.field(default_factory=list)
    values: dict[str, str] = dataclasses.field(default_factory=dict)
    unraisable: list[str] = dataclasses.field(default_factory=list)
    warnings: list[str] = dataclasses.field(default_factory=list)
    failures: list[str] = dataclasses.field(default_factory=list)
    frames: list[str] = dataclasses.field(default_factory=list, compare=False)
    steps: list[Any] = dataclasses.field(default_factory=list, compare=False)


@functools.lru_cache(maxsize=128)
def plain(source: str, filename: str) -> types.CodeType:
    """Compile a module the way Python does."""
    return compile(source, filename, "exec", dont_inherit=True)


def instrumented(source: str, filename: str) -> types.CodeType:
    """Compile a module with the tracer."""
    from rfft.tracer.instrument import compile_instrumented

    return compile_instrumented(source, filename)


def same(source: str, *args: Any, compiler: Compiler = instrumented) -> Observation:
    """Assert that instrumenting `source` changes nothing; return what was seen when recording."""
    source = textwrap.dedent(source)
    return _Sides(source, compiler).compare(args)


def same_failing(source: str, *args: Any, compiler: Compiler = instrumented) -> Observation:
    """Assert `same`, also when any one of the ``log`` calls raises; return as `same` does."""
    source = textwrap.dedent(source)
    sides = _Sides(source, compiler)
    seen = sides.compare(args)
    for call in range(1, len(seen.log) + 1):
        sides.compare(args, failing=call)
    return seen


class _Sides:
    """One source, compiled plain and instrumented, to be run any number of times."""

    def __init__(self, source: str, compiler: Compiler) -> None:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.source = source
            self.plain = plain(source, FILE)
            self.instrumented = compiler(source, FILE)

    def compare(self, args: Sequence[Any], failing: int = 0) -> Observation:
        """Run all three; `failing` is the number of the ``log`` call that raises, if any."""
        expected = observe(self.plain, args, failing=failing)
        off = observe(self.instrumented, args, failing=failing)
        assert off == expected, self._difference("recorder off", expected, off, failing)
        on = observe(self.instrumented, args, failing=failing, record=True)
        assert on == expected, self._difference("recorder on", expected, on, failing)
        return on

    def _difference(
        self, which: str, expected: Observation, seen: Observation, failing: int
    ) -> str:
        lines = [f"{which}: instrumenting changed what the program does"]
        if failing:
            lines.append(f"(log call {failing} raises)")
        for field in dataclasses.fields(Observation):
            ours, theirs = getattr(expected, field.name), getattr(seen, field.name)
            if field.compare and ours != theirs:
                lines += [f"{field.name}", f"  plain:        {ours}", f"  instrumented: {theirs}"]
        numbered = [f"{n:4} {line}" for n, line in enumerate(self.source.splitlines(), 1)]
        return "\n".join([*lines, "source", *numbered[:200]])


def observe(
    code: types.CodeType, args: Sequence[Any], *, failing: int = 0, record: bool = False
) -> Observation:
    """Run a compiled module, and its function ``rule`` if it has one; return what was seen."""
    seen = Observation()
    arguments = copy.deepcopy(list(args))
    log = _logger(seen.log, failing)
    module = types.ModuleType(MODULE)
    module.__dict__["log"] = log
    error: BaseException | None = None
    result: object = None
    with _surroundings(seen, module):
        try:
            if record:
                with _recording(seen):
                    result = _run(code, module, arguments)
            else:
                result = _run(code, module, arguments)
        except BaseException as caught:  # a rule may raise anything, and the caller sees it
            error = caught
        # What the rule's own code logs while its values are looked at is not of the run.
        seen.log = list(seen.log)
        seen.unraisable = list(seen.unraisable)
        text = _Structure()
        seen.arguments = text.of(tuple(arguments))
        seen.result = text.of(result)
        seen.exception = "none" if error is None else text.of(error)
        public = {k: v for k, v in module.__dict__.items() if v is not log and k[:2] != "__"}
        seen.names = list(module.__dict__)
        seen.values = {name: text.of(value) for name, value in public.items()}
    if error is not None:
        seen.frames = frames(error)
        error.__traceback__ = None
    return seen


def _run(code: types.CodeType, module: types.ModuleType, arguments: list[Any]) -> object:
    exec(code, module.__dict__)
    rule = module.__dict__.get("rule")
    return None if rule is None else rule(*arguments)


@contextlib.contextmanager
def _recording(seen: Observation) -> Iterator[None]:
    """Record; besides the steps, take what the recorder says went wrong in its hooks."""
    from rfft.tracer import recording
    from rfft.tracer.recorded.active import active

    with recording() as seen.steps:
        recorder = active.recorder
        try:
            yield
        finally:
            seen.failures = list(recorder.failures) if recorder else []


def _logger(notes: list[str], failing: int) -> Callable[..., Any]:
    def log(value: object = None) -> object:
        notes.append(structure(value))
        if len(notes) == failing:
            raise Boom(failing)
        return value

    return log


@contextlib.contextmanager
def _surroundings(seen: Observation, module: types.ModuleType) -> Iterator[None]:
    """Catch what leaves a run by other ways, and let nothing but the run itself free objects."""

    def unraisable(hook: Any) -> None:
        seen.unraisable.append(f"{hook.exc_type.__name__} {structure(hook.exc_value)}")

    output = io.StringIO()
    was_enabled, former_hook = gc.isenabled(), sys.unraisablehook
    gc.disable()
    sys.unraisablehook = unraisable
    sys.modules[MODULE] = module
    try:
        with warnings.catch_warnings(record=True) as caught, contextlib.redirect_stdout(output):
            warnings.simplefilter("always")
            yield
    finally:
        del sys.modules[MODULE]
        sys.unraisablehook = former_hook
        if was_enabled:
            gc.enable()
    seen.output = _ADDRESS.sub("", output.getvalue())
    seen.warnings = [
        f"{w.category.__name__} {w.message} {w.filename}:{w.lineno}" for w in caught or ()
    ]


def structure(value: object) -> str:
    """Return the text of a value by its type and its parts, running no code of its class."""
    return _Structure().of(value)


_ADDRESS = re.compile(" at 0x[0-9a-f]+")  # in a text that a program has made
_OWN_TEXT = (bool, float, complex, bytes, str, range, slice, bytearray, Decimal, re.Pattern)


class _Structure:
    """Writes values as text; objects that can be shared are numbered, so sharing shows too.

    `numbers` maps the id of each numbered object to its number, `alive` keeps the objects, so
    that no id is given twice.
    """

    def __init__(self) -> None:
        self.numbers: dict[int, int] = {}
        self.alive: list[object] = []

    def of(self, value: Any) -> str:
        """Return the text of one value."""
        kind = type(value)
        if value is None or value is ... or value is NotImplemented:
            return f"{value}"
        if kind is int:
            return str(value) if abs(value) < 1 << 64 else hex(value)
        if any(kind is own for own in _OWN_TEXT):
            return _ADDRESS.sub("", repr(value))
        if kind is tuple:
            return f"tuple({self._items(value)})"
        if kind is frozenset:
            return f"frozenset({self._sorted(value)})"
        if id(value) in self.numbers:
            return f"#{self.numbers[id(value)]}"
        self.numbers[id(value)] = len(self.numbers) + 1
        self.alive.append(value)
        return f"#{len(self.numbers)}:{self._object(value)}"

    def _items(self, values: Any) -> str:
        return ", ".join([self.of(v) for v in values])

    def _pairs(self, mapping: Any) -> str:
        return ", ".join([f"{self.of(k)}: {self.of(v)}" for k, v in mapping.items()])

    def _sorted(self, values: Any) -> str:
        return ", ".join(sorted(structure(v) for v in values))

    def _object(self, value: Any) -> str:
        kind = type(value)
        if kind is list:
            return f"[{self._items(value)}]"
        if kind is dict:
            return f"{{{self._pairs(value)}}}"
        if kind is set:
            return f"set({self._sorted(value)})"
        for base, write in self._FORMS:
            if issubclass(kind, base):
                return write(self, value)
        return self._instance(value)

    def _function(self, f: types.FunctionType) -> str:
        parts = [f"<function {f.__module__} {f.__qualname__}"]
        for name in ("__doc__", "__defaults__", "__kwdefaults__", "__annotations__", "__dict__"):
            try:
                held = getattr(f, name)
            except Exception as error:  # annotations that are worked out only now, from 3.14 on
                held = error
            if held:
                parts.append(f"{name}={self.of(held)}")
        return " ".join(parts) + ">"

    def _class(self, cls: type) -> str:
        name = f"{type.__dict__['__module__'].__get__(cls)}.{_type_name(cls)}"
        held = type.__dict__["__dict__"].__get__(cls)
        if held.get("__module__") != MODULE:
            return f"<class {name}>"
        bases = self._items(type.__dict__["__bases__"].__get__(cls))
        values = ", ".join(
            [f"{k}={self.of(v)}" if k[:2] != "__" else str(k) for k, v in held.items()]
        )
        return f"<class {name}({bases}) {held.get('__doc__')!r} {values}>"

    def _method(self, method: types.MethodType) -> str:
        return f"<method {self.of(method.__func__)} of {self.of(method.__self__)}>"

    def _alias(self, alias: types.GenericAlias) -> str:
        return f"<alias {self.of(alias.__origin__)}[{self._items(alias.__args__)}]>"

    def _suspendable(self, it: Any) -> str:
        if type(it) is types.GeneratorType:
            state, frame = inspect.getgeneratorstate(it), it.gi_frame
        elif type(it) is types.CoroutineType:
            state, frame = inspect.getcoroutinestate(it), it.cr_frame
        else:
            state, frame = f"running {it.ag_running}", it.ag_frame
        line = "end" if frame is None else f"line {frame.f_lineno}"
        return f"<{type(it).__name__} {it.__qualname__} {state} {line}>"

    def _exception(self, error: BaseException) -> str:
        args = BaseException.__dict__["args"].__get__(error)
        if type(error) is SyntaxError and len(args) == 2:
            args = (args[0], args[1][:3])
        own = _instance_dict(error)
        parts = [f"{_type_name(type(error))}({self._items(args)})", f"at {frames(error)}"]
        if issubclass(type(error), BaseExceptionGroup):
            group: Any = error
            parts.append(f"of [{self._items(group.exceptions)}]")
        if own:
            parts.append(f"with {self.of(own)}")
        if error.__cause__ is not None:
            parts.append(f"cause {self.of(error.__cause__)}")
        if error.__context__ is not None:
            parts.append(f"context {self.of(error.__context__)}")
        if error.__suppress_context__:
            parts.append("context suppressed")
        return " ".join(parts)

    def _instance(self, value: Any) -> str:
        kind = type(value)
        parts = [_type_name(kind)]
        for base, read in _BUILT_IN_PARTS:
            if issubclass(kind, base):
                parts.append(self.of(read(value)))
                break
        held = _instance_dict(value)
        if held:
            parts.append(self.of(dict(held)))
        for cls in type.__dict__["__mro__"].__get__(kind):
            for name, member in type.__dict__["__dict__"].__get__(cls).items():
                if type(member) is types.MemberDescriptorType:
                    with contextlib.suppress(AttributeError):
                        parts.append(f"{name}={self.of(member.__get__(value))}")
        return f"<{' '.join(parts)}>"

    _FORMS: tuple[tuple[type, Callable[["_Structure", Any], str]], ...] = (
        (types.FunctionType, _function),
        (types.MethodType, _method),
        (types.ModuleType, lambda _, v: f"<module {v.__name__}>"),
        (types.CodeType, lambda _, v: f"<code {v.co_qualname}>"),
        (weakref.ref, lambda _, v: f"<weakref {'dead' if v() is None else 'alive'}>"),
        (types.GenericAlias, _alias),
        (types.GeneratorType, _suspendable),
        (types.CoroutineType, _suspendable),
        (types.AsyncGeneratorType, _suspendable),
        (type, _class),
        (BaseException, _exception),
    )


_BUILT_IN_PARTS: list[tuple[type, Callable[[Any], object]]] = [
    (list, lambda v: list(list.__iter__(v))),
    (tuple, lambda v: tuple(tuple.__iter__(v))),
    (dict, lambda v: {k: dict.__getitem__(v, k) for k in dict.__iter__(v)}),
    (set, lambda v: set(set.__iter__(v))),
    (deque, lambda v: list(deque.__iter__(v))),
    (int, lambda v: int.__int__(v)),
    (float, lambda v: float.__float__(v)),
    (str, lambda v: str.__str__(v)),
]


def _type_name(cls: type) -> str:
    return str(type.__dict__["__qualname__"].__get__(cls))


def _instance_dict(value: object) -> dict[str, Any] | None:
    """Return the dictionary of an object, or None if it has none, running no code of its class."""
    for cls in type.__dict__["__mro__"].__get__(type(value)):
        member = type.__dict__["__dict__"].__get__(cls).get("__dict__")
        if type(member) is types.GetSetDescriptorType:
            held = member.__get__(value)
            return held if type(held) is dict else None
    try:
        held = object.__getattribute__(value, "__dict__")
    except AttributeError:
        return None
    return held if type(held) is dict else None


def frames(error: BaseException) -> list[str]:
    """Return file, function and line of each frame of a traceback but those of this helper."""
    found = []
    link = error.__traceback__
    while link is not None:
        code = link.tb_frame.f_code
        if code.co_filename != __file__:
            where = "" if code.co_filename == FILE else f"{code.co_filename} "
            found.append(f"{where}{code.co_name}:{link.tb_lineno}")
        link = link.tb_next
    return found


def record(source: str, *args: Any) -> list[Any]:
    """Return the steps of a source, after a check that it means the same."""
    steps = same(source, *args).steps
    assert steps, "nothing was recorded"
    return steps


def recorded(rule: Any, *args: Any, **kwargs: Any) -> Any:
    """Return a trace made by hooks, which is how rules under limits are always traced."""
    from rfft.tracer.tracing import Trace

    return Trace(rule, args, kwargs, on_limit=lambda reason: None).run()


def step(steps: list[Any], source: str, nth: int = 0) -> Any:
    """Return the nth step that recites `source`."""
    found = [s for s in steps if s.source == source]
    assert len(found) > nth, f"{source!r} is not among {[s.source for s in steps]}"
    return found[nth]


def evaluated(steps: list[Any]) -> dict[str, str]:
    """Return all that steps say was evaluated, by source."""
    return dict(pair for s in steps for pair in s.evaluated)


@contextlib.contextmanager
def recording_into(steps: list[Any]) -> Iterator[None]:
    """Record, and put the steps into a list that is already there."""
    from rfft.tracer import recording

    with recording() as found:
        try:
            yield
        finally:
            steps += found
