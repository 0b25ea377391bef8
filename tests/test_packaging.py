"""What is packaged is what is in the tree."""

import ast
import graphlib
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
import zipfile
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
CONFIG = tomllib.loads((ROOT / "pyproject.toml").read_text())
ROOMS = ("tracer", "rules", "train", "eval")


def files(*folders: str, pattern: str = "*") -> list[Path]:
    """Return the files in these folders of the repository, relative to its root."""
    found = [path for folder in folders for path in (ROOT / folder).rglob(pattern)]
    return sorted(
        path.relative_to(ROOT)
        for path in found
        if path.is_file() and "__pycache__" not in path.parts
    )


def imported(path: Path) -> set[str]:
    """Return the absolute names that a file imports, wherever in it they stand."""
    names = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_packages_are_the_folders_with_code():
    code = files(*ROOMS, pattern="*.py")
    folders = {path.parent for path in code if not path.is_relative_to("rules/library")}
    in_tree = sorted("rfft." + ".".join(folder.parts) for folder in folders)
    assert sorted(CONFIG["tool"]["setuptools"]["packages"]) == ["rfft", *in_tree]
    assert [str(folder) for folder in folders if not (ROOT / folder / "__init__.py").exists()] == []


def test_rooms_with_code_are_mapped_to_their_folders():
    rooms = {path.parts[0] for path in files(*ROOMS, pattern="*.py")}
    mapping = CONFIG["tool"]["setuptools"]["package-dir"]
    assert mapping == {f"rfft.{room}": room for room in rooms}


def test_no_file_imports_a_room_by_its_bare_name():
    bare = {
        f"{path}: {name}"
        for path in files(*ROOMS, "tests", "examples", pattern="*.py")
        for name in imported(path)
        if name.split(".")[0] in ROOMS
    }
    assert bare == set()


def test_no_imports_make_a_circle():
    """Those inside functions and for type checkers count, and those of a package's own modules."""
    graph = grimp.build_graph(*CONFIG["tool"]["importlinter"]["root_packages"], cache_dir=None)
    imports = {m: graph.find_modules_directly_imported_by(m) for m in graph.modules}
    assert len(imports) > 100
    graphlib.TopologicalSorter(imports).prepare()  # raises CycleError


def test_help_imports_nothing_slow():
    command = Path(sysconfig.get_path("scripts")) / "rfft-trace"
    result = subprocess.run(
        [command, "--help"],
        env={**os.environ, "PYTHONPROFILEIMPORTTIME": "1"},
        capture_output=True,
        text=True,
    )
    times = re.compile("^import time:.*\n", re.MULTILINE)
    assert result.returncode == 0, times.sub("", result.stderr)
    loaded = set(re.findall(r"\| +(\w+)$", result.stderr, re.MULTILINE))
    assert "typer" in loaded, "the import times were not understood"
    assert loaded & {"astor", "libcst", "torch", "transformers"} == set()


def test_ci_finds_one_test_command_in_the_readme():
    commands = re.findall(r"^ {4}(.*pytest.*)$", (ROOT / "README.md").read_text(), re.MULTILINE)
    assert len(commands) == 1


def test_wheel_holds_every_file_of_the_packages(tmp_path):
    source = tmp_path / "source"
    # A copy, because building leaves a folder behind that a later build would pack again.
    for path in [Path("pyproject.toml"), Path("README.md"), *files("rfft", *ROOMS)]:
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, source / path)
    build = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation"]
    subprocess.run([*build, "--wheel-dir", tmp_path, source], check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    packed = {name for name in zipfile.ZipFile(wheel).namelist() if ".dist-info/" not in name}
    wanted = {f"rfft/{path.as_posix()}" for path in files(*ROOMS) if path.name != "README.md"}
    assert packed == wanted | {"rfft/__main__.py"}
