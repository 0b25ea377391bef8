"""What is known of the variables of a function, and what may be done to the objects they hold."""

import ast
from collections.abc import Mapping, Sequence

from ..plan.statements import Module, Scope, Statement
from .shapes import DATA, OWNED, SCALARS, Env, Shape, Unproved, join, shape_of


class NotYet(Unproved):
    """A variable is read whose shape is not known yet; another pass may know it."""


class Variables:
    """The shapes of variables as they become known, statement by statement, pass by pass."""

    def __init__(
        self,
        module: Module,
        scope: Scope,
        arguments: Mapping[str, Shape],
        statements: Sequence[Statement],
    ) -> None:
        self.env: Env = dict(arguments)
        self.constants: Env = {}  # module-level names that the function reads
        self.local: list[Env] = []  # targets of the comprehensions around an expression
        self.names = scope.names
        self.outer_names = module.scopes[0].names
        self.mutated = frozenset(n for s in statements for n in s.touched) | frozenset(
            s.targets[0] for s in statements if s.kind == "augassign" and s.targets
        )  # variables whose object is changed in place somewhere
        self.settled = False  # nothing more becomes known of what containers hold
        self._module = module
        self._seen_to: set[str] = set()  # what the statement at hand says that it changes in place
        self._earlier: set[str] = set()  # the variables that statements before this one read
        self._reading: set[str] = set()  # those that the statement at hand has read so far
        self._receiver = ""  # the one that it has read only to call a method on it
        self._stale = False  # whether a variable was read whose shape has changed since

    # Passes over the statements

    def begin_pass(self) -> Env:
        """Begin another pass; return what is known."""
        self._stale = False
        self._earlier, self._reading = set(), set()
        return dict(self.env)

    def begin(self, s: Statement) -> None:
        """Begin a statement."""
        self._earlier |= self._reading
        self._reading, self._receiver = set(), ""
        self._seen_to = {n for n in s.touched if n in s.watched or n in s.targets}

    def is_done(self, before: Env, waiting: bool) -> bool:
        """Tell whether another pass would find the same."""
        return self.env == before or not (self._stale or waiting)

    def end(self) -> None:
        """Take all that is changed as seen to: the statements are through."""
        self._seen_to = set(self.env)

    # Reading

    def read(self, name: str) -> Shape:
        """Return the shape of a variable or constant. Raises Unproved."""
        for env in reversed(self.local):
            if name in env:
                return env[name]
        shape = self.env.get(name)
        if shape is not None:
            self._reading.add(name)
            return shape
        if name in self.names:
            raise NotYet(f"{name} may be read before it is assigned")
        if name not in self.constants:
            self.constants[name] = self._constant(name)
        return self.constants[name]

    def read_receiver(self, name: str) -> None:
        """Note that a variable is read next to call a method on it."""
        self._receiver = "" if name in self._reading else name

    def item(self, node: ast.expr, shape: Shape) -> Shape:
        """Return the shape of an item of a list, once it is known what the list takes in."""
        if shape[1] is None and isinstance(node, ast.Name) and not self.settled:
            raise NotYet(f"items of {node.id} may be read before there are any")
        return shape[1] or DATA

    def _constant(self, name: str) -> Shape:
        values = [
            s.value
            for s in self._module.tree.body
            if isinstance(s, ast.Assign)
            and len(s.targets) == 1
            and isinstance(s.targets[0], ast.Name)
            and s.targets[0].id == name
        ]
        if len(values) != 1 or name not in self.outer_names:
            raise Unproved(f"the name {name}, which is no variable and no constant")
        try:
            shape = shape_of(ast.literal_eval(values[0]))
        except ValueError:
            raise Unproved(f"the global {name}, which is no literal") from None
        return shape if shape in SCALARS else DATA

    # Changing

    def put(self, name: str, shape: Shape, env: Env | None = None) -> None:
        """Note that a variable can have a shape."""
        env = self.env if env is None else env
        if shape[0] in ("iter", "lazy"):
            raise Unproved(f"{name} holds an iterator, a range or a view")
        if name in self.mutated and shape[0] not in _CHANGEABLE:
            raise Unproved(f"a change of the object of {name}, which something else may reach")
        known = env.get(name)
        env[name] = new = join(known, shape) or shape
        if known is not None and new != known:
            read = name in self._reading and name != self._receiver
            self._stale = self._stale or read or name in self._earlier

    def change(self, node: ast.expr) -> str:
        """Return the variable whose container is changed in place. Raises Unproved."""
        if not isinstance(node, ast.Name) or node.id not in self.env:
            raise Unproved("a change of an object that is no variable's own")
        if node.id not in self._seen_to:
            raise Unproved(f"a change of {node.id} in the middle of an expression")
        return node.id

    def grow(self, node: ast.expr, shape: Shape) -> None:
        """Note that a container has taken in an item."""
        self.put(self.change(node), shape)

    def share(self, node: ast.expr) -> None:
        """Note that a container becomes reachable twice: neither may change from then on."""
        names = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)} & self.mutated
        if names:
            raise Unproved(f"a second name for what {' and '.join(sorted(names))} changes")


_CHANGEABLE = (*OWNED, "int", "num", "word", "str", "plain")
