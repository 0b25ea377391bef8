"""A rule program: the function to follow, with the helpers, classes and constants that it uses.

A rule is a function, or a method of a class as pasted from LeetCode: then ``self`` is supplied. An
unused leading ``self`` of a plain function is skipped. If a file holds several functions,
`rfft.tracer.plan.choice` says which is the rule.
"""

import ast
import builtins
import contextlib
import functools
import inspect
import sys
import textwrap
import threading
import tokenize
import typing
from collections import OrderedDict
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import CodeType, FunctionType, MethodType, ModuleType
from typing import Any, Self

from .arguments import Taking, changed_in_place
from .errors import SourceRejected
from .loaded import Place, cells, defines, module_of, moved, same_in
from .loaded.unwrapped import own, with_helpers, without_marks
from .parameters import Parameters
from .plan.choice import choose
from .plan.names import FunctionNode, is_literal
from .plan.pasted import completed, names_of
from .plan.planner import plan_module
from .plan.shown import kept, names_in, parts_of, stands_alone, text_of
from .plan.statements import Module, Scope
from .question import Question, place_in
from .values.show import show

_TYPING = frozenset(typing.__all__)
_CHANGING = threading.RLock()  # held while functions have other code than their own


class Program:
    """A rule without back ends. Make one with `from_source`, `from_file` or `from_function`.

    `function` is the rule's name (``Solution.addDigits`` for a method), `source` the whole text it
    came from, `text` the part that a prompt shows: the function and what it uses, without its
    docstring.
    """

    def __init__(
        self,
        source: str,
        module: Module,
        scope: Scope,
        owner: ast.ClassDef | None,
        filename: str,
        plain: CodeType,
    ) -> None:
        self.source = source
        self._plain = plain  # the module compiled as it is
        self.filename = filename
        self.module = module
        self.scope = scope
        self.owner = owner
        self.function = f"{owner.name}.{scope.name}" if owner else scope.name
        self._outer: Mapping[str, Any] | None = None  # names of a module that is loaded already
        self.only: frozenset[str] | None = None  # the functions of it that are traced
        self._closure: Mapping[str, Any] = {}
        self._places: Sequence[Place] = ()  # where the parts of a text put together came from
        self._gathered = False  # whether the source has been put together, of what the rule uses
        self._known = True  # whether that is all of it
        self._callable: Callable[..., Any] | None = None  # the function if it is loaded already
        self._live = False  # whether that is what runs
        self._traced: Sequence[FunctionType] = ()  # the functions that then run traced
        self.memo: dict[object, Any] = {}  # what back ends have made of it, by keys of theirs
        node = scope.node
        assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        self.node: FunctionNode = node
        self.skips_self = owner is None and _has_unused_self(node)
        self.docstring = ast.get_docstring(node)

    @classmethod
    def from_source(cls, text: str, function: str | None = None, filename: str = "<rule>") -> Self:
        """Return the rule in a module's text. Raises SourceRejected.

        `function` names it (``name`` or ``Class.method``) where the choice is not plain. What a
        text pasted from LeetCode lacks is written into it (`rfft.tracer.plan.pasted`): `source`
        has it, too.
        """
        return cls._planned(text, function, filename, pasted=True)

    @classmethod
    def _planned(cls, text: str, function: str | None, filename: str, *, pasted: bool) -> Self:
        try:
            module, plain = _planned(text, filename)
            whole = completed(text, module.tree, plain) if pasted else None
            if whole is not None:
                text = whole
                module, plain = _planned(text, filename)
        except SyntaxError as error:
            line = (error.text or "").strip("\n")
            shown = f"\n    {line.strip()}" if line.strip() else ""
            raise SourceRejected(
                f"syntax error in line {error.lineno or 1}: {error.msg}{shown}"
            ) from None
        except (ValueError, RecursionError, MemoryError) as error:
            reason = str(error) or "nested too deeply"
            raise SourceRejected(f"the source cannot be parsed: {reason}") from None
        node, owner = choose(module.tree, function)
        return cls(text, module, module.scope_of[node], owner, filename, plain)

    @functools.cached_property
    def detailed(self) -> Self:
        """The same rule with a plan in detail, for styles that ask for it."""
        if self.module.detailed:
            return self
        module = plan_module(self.source, self.filename, detailed=True)
        node, owner = choose(module.tree, self.function)
        made = type(self)(
            self.source, module, module.scope_of[node], owner, self.filename, self._plain
        )
        for name in (
            "_outer",
            "_closure",
            "only",
            "_places",
            "_gathered",
            "_known",
            "_callable",
            "_live",
            "_traced",
        ):
            setattr(made, name, getattr(self, name))
        return made

    @classmethod
    def from_file(cls, path: str | Path, function: str | None = None) -> Self:
        """Return the rule in a Python file. Raises SourceRejected, OSError."""
        try:
            with tokenize.open(path) as file:
                text = file.read()
        except (SyntaxError, UnicodeDecodeError) as error:
            raise SourceRejected(f"{path} is no Python text: {error}") from None
        return cls.from_source(text, function, str(path))

    @classmethod
    def from_function(cls, function: Callable[..., Any], *, live: bool = False) -> Self:
        """Return the rule of a function that is already loaded. Raises SourceRejected.

        It may be a function of a file, of a notebook's cell or of a prompt, a method of an object,
        or a lambda that is assigned to a name. Functions beside it that it uses are traced too. The
        rule runs over a copy of the module's names, so it does not rebind them. A method, and with
        `live` any rule, runs on its object and with the names as they are.
        """
        inner: Any = function
        receiver = None
        if isinstance(function, MethodType):
            receiver, inner = function.__self__, function.__func__
        plain = inspect.unwrap(inner)
        if not isinstance(plain, FunctionType):
            raise SourceRejected(f"{show(function)} is no Python function")
        try:
            rule = cls._from_loaded(plain, receiver)
        except (OSError, TypeError) as error:
            raise SourceRejected(f"no source for {plain.__qualname__}: {error}") from None
        rule._outer = plain.__globals__
        rule._closure = cells(plain)
        rule._callable = own(inner)
        if receiver is not None:
            rule._callable = MethodType(own(inner), receiver)
        elif rule.skips_self:
            rule._callable = functools.partial(own(inner), None)
        if receiver is None and (not live or plain.__code__.co_freevars):
            # What is run again for a style that tells more would find other cells' objects changed.
            return rule.detailed if rule._gathered and not rule.has_plain_module else rule
        rule.only, rule._live = None, True
        if same_in(rule.moved(rule._plain), plain) is None:
            raise SourceRejected(
                f"{plain.__qualname__} uses variables of the function around it; write it outside"
            )
        return rule.detailed  # what it does is never done again for a style that tells more

    @classmethod
    def _from_loaded(cls, function: FunctionType, receiver: object) -> Self:
        name, filename = function.__name__, function.__code__.co_filename
        module = module_of(function)
        if module is None or receiver is not None or name == "<lambda>":
            return cls._from_gathered(function, receiver)
        names = {**function.__globals__, **cells(function)}
        if function.__qualname__ == name:
            text = inspect.getsource(module)
            if not defines(text, name):
                return cls._from_gathered(function, receiver)
            rule = cls._planned(without_marks(text, names), name, filename, pasted=False)
            rule._traced = with_helpers(function)
            rule.only = frozenset(f.__name__ for f in rule._traced)
            return rule
        lines, first = inspect.getsourcelines(function)
        text = "\n" * (first - 1) + textwrap.dedent("".join(lines))
        return cls._planned(without_marks(text, names), name, filename, pasted=False)

    @classmethod
    def _from_gathered(cls, function: FunctionType, receiver: object) -> Self:
        from .loaded.gathered import gather

        found = gather(function, receiver)
        rule = cls._planned(found.text, found.name, function.__code__.co_filename, pasted=False)
        rule._gathered, rule._known = True, found.known
        rule._places, rule._traced = found.places, found.traced
        rule.only = frozenset(f.__name__ for f in found.traced) | {found.name}
        return rule

    def moved(self, code: CodeType) -> CodeType:
        """Return code of the source with its parts at the places that they came from."""
        return moved(code, self._places) if self._places else code

    @functools.cached_property
    def text(self) -> str:
        """The part of the source that a prompt shows, without the rule's docstring."""
        return text_of(self.module, self.node, self.parts)

    @property
    def alone(self) -> str | None:
        """A source of the rule without its class, None if a prompt shows the class, too."""
        if self.owner is None or self.owner in self.parts:
            return None
        return text_of(self.module, self.node, self.parts, docstring=True) + "\n"

    @functools.cached_property
    def parts(self) -> list[ast.stmt]:
        """The rule's function (or class) and what it uses of its module, in their order."""
        shown: FunctionNode | ast.ClassDef = self.node
        if self.owner is not None and not stands_alone(self.node, self.owner):
            shown = self.owner
        if self._gathered:
            found = self.module.tree.body
        else:
            found = parts_of(self.module.tree, shown, self.owner)
        return [shown if part is self.owner else part for part in found]

    @functools.cached_property
    def own_source(self) -> str:
        """The source with blank lines in place of what the rule does not use."""
        of = parts_of(self.module.tree, self.owner or self.node, self.owner)
        return kept(self.module.source.lines, of)

    # Running

    def load(self, code: CodeType | None = None) -> Callable[..., Any]:
        """Run the module in a new namespace and return the rule's function.

        `code` is another compilation of the module to run, one with hooks for example.
        """
        if self._callable is not None and (code is None or self._live):
            return self._callable
        return self._function(self._run_module(self._plain if code is None else code))

    def ready(
        self, code: CodeType, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Callable[..., Any], Sequence[Any], Mapping[str, Any]]:
        """Run the module as `load` does; return the function with arguments as it takes them.

        Raises NotTaken where these cannot be made, and whatever the module raises.
        """
        if self.taking.is_plain or self._live:
            return self.load(code), args, kwargs
        names = self._run_module(code)
        return self._function(names), *self.given(names, args, kwargs)

    def given(
        self, names: Mapping[str, Any], args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> tuple[Sequence[Any], Mapping[str, Any]]:
        """Return arguments as the rule takes them, by the classes among the names of its module.

        Raises NotTaken.
        """
        if self.taking.is_plain:
            return args, kwargs
        found = self.taking.taken(self.parameters.bind(args, kwargs), names)
        bound = inspect.BoundArguments(self.parameters.signature, OrderedDict(found))
        return bound.args, bound.kwargs

    def changed(self, args: Sequence[Any], kwargs: Mapping[str, Any]) -> list[Any]:
        """Return the argument that the rule answers with if it returns nothing, alone in a list."""
        if not self.in_place:
            return []
        values = list(self.parameters.bind(args, kwargs).values())
        place = place_in(list(map(show, values)))
        return [] if place is None else [values[place]]

    def answer(self, *args: Any) -> Any:
        """Run the rule as it is, in this process, and return what it answers.

        Raises NotTaken, and whatever the rule raises.
        """
        function, given, named = self.ready(self._plain, args, {})
        changed = self.changed(given, named)
        result = function(*given, **named)
        return changed[0] if changed and result is None else result

    @functools.cached_property
    def parameters(self) -> Parameters:
        """The parameters, and what calls give them."""
        return Parameters(self.function, self.node, self._supplies_self, self.taking)

    @property
    def _supplies_self(self) -> bool:
        """Tell whether the first parameter is no argument of a call."""
        return self.skips_self or (self.owner is not None and self.scope.receiver is not None)

    @functools.cached_property
    def taking(self) -> Taking:
        """How the rule takes its arguments."""
        return Taking(self.module.tree, self.node)

    @property
    def classes(self) -> frozenset[str]:
        """The classes of its module, of which an input may spell objects."""
        return self.taking.classes

    @property
    def takes_nodes(self) -> bool:
        """Whether lists are given for nodes of linked lists, trees or graphs."""
        return self.taking.nodes

    @functools.cached_property
    def in_place(self) -> bool:
        """Whether the rule returns nothing and answers with an argument that it has changed."""
        return changed_in_place(self.node, self.owner, self._supplies_self)

    def _function(self, names: Mapping[str, Any]) -> Callable[..., Any]:
        if self.owner is not None:
            method: Callable[..., Any] = getattr(names[self.owner.name](), self.scope.name)
            return method
        function: Callable[..., Any] = names[self.scope.name]
        return functools.partial(function, None) if self.skips_self else function

    @contextlib.contextmanager
    def patched(self, code: CodeType | None) -> Iterator[None]:
        """Have functions that are loaded, and run as they are, run as `code` has them."""
        if code is None:
            yield
            return
        with _CHANGING:
            before = [(function, function.__code__) for function in self._traced]
            try:
                for function, old in before:
                    function.__code__ = same_in(code, function) or old
                yield
            finally:
                for function, old in before:
                    function.__code__ = old

    @property
    def patches(self) -> bool:
        """Tell whether functions are to be `patched` for a run, such as methods of objects."""
        classes = any(scope.kind == "class" for scope in self.module.scopes)
        return self._live or (self._gathered and classes)

    def _run_module(self, code: CodeType) -> dict[str, Any]:
        module = ModuleType("rule")
        names = module.__dict__
        names["__builtins__"] = builtins
        names.update(self.typing_names)
        if self._outer is not None:
            names.update((name, own(value)) for name, value in self._outer.items())
            names.update(self._closure)
            if code is self._plain:
                return names  # all of it has been run
        if not any(scope.kind == "class" for scope in self.module.scopes):
            exec(code, names)
            return names
        # A dataclass looks up the module that it is defined in.
        before = sys.modules.get("rule")
        sys.modules["rule"] = module
        try:
            exec(code, names)
        finally:
            if before is None:
                sys.modules.pop("rule", None)
            else:
                sys.modules["rule"] = before
        return names

    @functools.cached_property
    def typing_names(self) -> dict[str, Any]:
        """The names of `typing` that the module uses without importing them, as LeetCode allows."""
        wanted = names_of(self._plain) & _TYPING
        wanted -= self.module.scopes[0].names
        return {name: getattr(typing, name) for name in wanted if not hasattr(builtins, name)}

    @functools.cached_property
    def has_plain_module(self) -> bool:
        """Tell whether running the module does nothing but define functions and constants."""
        if self._outer is not None:
            return (
                self._known
                and not names_in(self.node) - {self.scope.name} & self.module.scopes[0].names
            )
        plain = all(
            (isinstance(s, ast.FunctionDef) and not s.decorator_list)
            or (isinstance(s, ast.Expr) and isinstance(s.value, ast.Constant))
            or (isinstance(s, ast.Assign) and is_literal(s.value))
            or (isinstance(s, ast.ImportFrom) and s.module in ("typing", "__future__"))
            for s in self.module.tree.body
        )
        if plain:
            try:
                self._run_module(self._plain)
            except Exception:  # a default value or an annotation that cannot be evaluated
                return False
        return plain

    # Prompts

    def question(self, arguments: Mapping[str, str]) -> str:
        """Return the question for arguments given as texts: the docstring, or a plain one."""
        return self._question(arguments)

    @property
    def unknown_places(self) -> list[str]:
        """The names in braces in the docstring that are none of arguments."""
        return self._question.unknown

    def question_for(self, answer: str) -> str:
        """Return the question for arguments that give an answer, as Python writes it."""
        return self._question.for_input(answer)

    @functools.cached_property
    def _question(self) -> Question:
        return Question(
            self.docstring,
            self.scope.name,
            list(self.parameters.signature.parameters),
            self.parameters.defaults,
            in_place=self.in_place,
        )

    def __repr__(self) -> str:
        return f"<rule {self.function}>"


def _planned(text: str, filename: str) -> tuple[Module, CodeType]:
    """Return the plan of a module and its code. Raises what the compiler raises."""
    module = plan_module(text, filename)
    return module, compile(module.tree, filename, "exec", dont_inherit=True)


def _has_unused_self(node: FunctionNode) -> bool:
    first = [p.arg for p in (*node.args.posonlyargs, *node.args.args)][:1]
    return first == ["self"] and "self" not in names_in(node)
