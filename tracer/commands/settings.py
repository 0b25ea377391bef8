"""Settings in small TOML files that a person can read and copy."""

import dataclasses
import tomllib
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Generic, TypeVar, cast, get_args, get_origin

from ..errors import Refused, nearest

Made = TypeVar("Made")


@dataclasses.dataclass(frozen=True)
class SettingsFiles(Generic[Made]):
    """The files of a kind of settings, such as a preset.

    Each is read as the dataclass `made`, whose first field is the name of the file; `parsers` are
    for fields that are texts in a file. What is wrong with one is raised as `rejected`.
    """

    kind: str
    folder: Path
    made: Callable[..., Made]
    rejected: type[Refused]
    parsers: Mapping[str, Callable[[str], Any]] = dataclasses.field(default_factory=dict)

    def names(self) -> list[str]:
        """Return the names of the files that come with the project."""
        return sorted(path.stem for path in self.folder.glob("*.toml"))

    def load(self, name: str, changes: Mapping[str, Any]) -> Made:
        """Return the settings of a name or of a file's path, with changes that are not None."""
        path = Path(name) if name.endswith(".toml") else self.folder / f"{name}.toml"
        if not path.is_file():
            known = f"; there are {', '.join(self.names())}, or a .toml"
            raise self.rejected(f"no {self.kind} {name!r}{nearest(name, self.names(), known)}")
        try:
            said = tomllib.loads(path.read_text(encoding="utf-8"))
        except (ValueError, OSError) as error:
            raise self.rejected(f"{path}: {error}") from None
        fields = {field.name: field for field in dataclasses.fields(cast(Any, self.made))[1:]}
        for field, value in said.items():
            if field not in fields:
                raise self.rejected(f"{path}: there is no {field}; there are {', '.join(fields)}")
            if field in self.parsers:
                said[field] = self.parsers[field](str(value))
            elif not fits(fields[field].type, value):
                raise self.rejected(f"{path}: {field} cannot be {value!r}")
            elif isinstance(value, list):
                said[field] = tuple(value)
        said |= {field: value for field, value in changes.items() if value is not None}
        needed = [n for n, field in fields.items() if field.default is dataclasses.MISSING]
        missing = [field for field in needed if field not in said]
        if missing:
            raise self.rejected(f"{path}: says nothing of {', '.join(missing)}")
        return self.made(path.stem, **said)


def fits(kind: Any, value: object) -> bool:
    """Tell whether a value, as TOML and JSON have it, is of the type of a field."""
    if isinstance(kind, types.UnionType):
        return any(fits(one, value) for one in get_args(kind))
    if get_origin(kind) is tuple:
        return isinstance(value, list) and all(fits(get_args(kind)[0], item) for item in value)
    return type(value) in ((int, float) if kind is float else (get_origin(kind) or kind,))
