"""What every command understands: -h, -q, --version, -o, and an answer to what is mistyped."""

from collections.abc import Callable
from contextvars import ContextVar
from typing import Any, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup, TyperOption

from ..errors import nearest

OUTPUT = ("--output", "-o", "--out")
"""The names of the option that says where a command writes."""

QUIET = ContextVar("QUIET", default=False)
"""Whether standard error is for what is wrong alone: no bar, no notes."""


Function = TypeVar("Function", bound=Callable[..., Any])


class Misused(typer.BadParameter):
    """Options that do not go together, or one that is missing; the message says which."""

    def format_message(self) -> str:
        return self.message


def _be_quiet(_context: Any, _option: Any, wanted: bool) -> None:
    if wanted:
        QUIET.set(True)


def _print_version(context: Any, _option: Any, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"{context.find_root().info_name} {version('meta-rfft')}")
        raise typer.Exit


_COMMON = [
    TyperOption(
        param_decls=["-q", "--quiet"], is_flag=True, expose_value=False, callback=_be_quiet,
        help="No progress, no notes: say what is wrong alone.",
    ),
    TyperOption(
        param_decls=["--version"], is_flag=True, expose_value=False, is_eager=True,
        callback=_print_version, help="Show the version.",
    ),
]  # fmt: skip


class Command(TyperCommand):
    """A command with the options that all have."""

    def get_params(self, ctx: Any) -> list[Any]:
        own = super().get_params(ctx)
        return [*own[:-1], *_COMMON, own[-1]]  # the last one is --help


class Group(TyperGroup):
    """Commands under one name, with the options that all have."""

    def get_params(self, ctx: Any) -> list[Any]:
        own = super().get_params(ctx)
        return [*own[:-1], *_COMMON, own[-1]]

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[Any, Any, list[str]]:
        name = args[0]
        if not name.startswith("-") and self.get_command(ctx, name) is None:
            ctx.fail(f"No such command {name!r}{nearest(name, self.list_commands(ctx))}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the commands, each with its whole sentence."""
        commands = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        rows = [(n, one.get_short_help_str(999)) for n, one in commands if one and not one.hidden]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


class App(typer.Typer):
    """An app that starts quickly, writes plain help and has the options that all have."""

    def __init__(self, *, cls: type[Group] = Group, **settings: Any) -> None:
        settings = {"add_completion": False, **settings}
        super().__init__(cls=cls, rich_markup_mode=None, pretty_exceptions_enable=False, **settings)

    def command(self, name: str | None = None, **settings: Any) -> Callable[[Function], Function]:
        """Make a function a command, as `typer.Typer.command` does."""
        return super().command(name, **{"cls": Command, **settings})
