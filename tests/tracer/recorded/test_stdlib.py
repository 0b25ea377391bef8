"""Modules of the standard library, compiled by the tracer, still pass CPython's own tests.

So do the test files of the language itself. Each set of tests runs three times in processes of
its own (see ``run_stdlib.py``): compiled by Python, instrumented, and instrumented and recorded.
All three must have the same outcome for each test.
"""

import functools
import importlib.util
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest

RUNNER = Path(__file__).with_name("run_stdlib.py")

# The modules to compile for each of CPython's test modules.
LIBRARY = {
    "test.test_textwrap": ["textwrap"],
    "test.test_heapq": ["heapq"],
    "test.test_bisect": ["bisect"],
    "test.test_difflib": ["difflib"],
    "test.test_fractions": ["fractions"],
    "test.test_statistics": ["statistics"],
    "test.test_dataclasses": ["dataclasses"],
    "test.test_enum": ["enum"],
    "test.test_argparse": ["argparse"],
    "test.test_json": ["json", "json.decoder", "json.encoder", "json.scanner"],
    "test.test_functools": ["functools"],
    "test.test_contextlib": ["contextlib"],
    "test.test_collections": ["collections"],
    "test.test_copy": ["copy"],
    "test.test_string": ["string"],
    "test.test_shlex": ["shlex"],
    "test.test_graphlib": ["graphlib"],
    "test.test_configparser": ["configparser"],
    "test.test_reprlib": ["reprlib"],
    "test.test_random": ["random"],
    "test.test_base64": ["base64"],
    "test.test_calendar": ["calendar"],
    "test.test_fnmatch": ["fnmatch"],
    "test.test_html": ["html"],
    "test.test_ipaddress": ["ipaddress"],
    "test.test_pathlib": ["pathlib"],
    "test.test_posixpath": ["posixpath"],
    "test.test_pprint": ["pprint"],
    "test.test_queue": ["queue"],
    "test.test_shelve": ["shelve"],
    "test.test_threading_local": ["_threading_local"],
    "test.test_tomllib": ["tomllib", "tomllib._parser", "tomllib._re"],
    "test.test_types": ["types"],
    "test.test_typing": ["typing"],
    "test.test_urlparse": ["urllib.parse"],
    "test.test_weakset": ["_weakrefset", "weakref"],
    "test.test_zoneinfo": ["zoneinfo"],
}

# Test files of the language, each compiled itself.
LANGUAGE = """
    test_asyncgen test_augassign test_baseexception test_binop test_bool test_builtin test_class
    test_compare test_complex test_contains test_context test_contextlib_async test_coroutines
    test_decorators test_defaultdict test_deque test_descr test_dict test_dictcomps
    test_dictviews test_dynamic test_dynamicclassattribute test_enumerate test_except_star
    test_exception_group test_exception_hierarchy test_exception_variations test_exceptions
    test_extcall test_float test_format test_fstring test_funcattrs test_generator_stop
    test_generators test_genericclass test_genexps test_getattr test_global test_grammar test_index
    test_int test_isinstance test_iter test_iterlen test_itertools test_keywordonlyarg test_lambda
    test_list test_listcomps test_long test_metaclass test_named_expressions test_numeric_tower
    test_opcodes test_operator test_patma test_pep646_syntax test_pkgutil test_pow
    test_positional_only_arg test_print test_property test_raise test_range test_richcmp
    test_scope test_set test_setcomps test_slice test_sort test_string_literals test_subclassinit
    test_super test_syntax test_tuple test_type_aliases test_type_annotations test_type_params
    test_typechecks test_unary test_unpack test_unpack_ex test_userdict test_userlist
    test_weakref test_weakset test_with test_yield_from test_zip
""".split()

QUICK = ["test.test_textwrap", "test.test_heapq", "test.test_patma"]

# Tests that look at the code object or the file, which instrumentation is meant to change.
EXPECTED: dict[str, str] = {}


@functools.cache
def has_tests() -> bool:
    """Tell whether CPython's tests are installed: some distributions leave them out."""
    try:
        return importlib.util.find_spec("test.support") is not None
    except ImportError:
        return False


def run(mode: str, test_module: str, names: list[str]) -> dict[str, Any]:
    """Run a test module in a process of its own; return what it reports."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        environment = {
            **os.environ,
            "PYTHONHASHSEED": "0",
            "PYTHONWARNINGS": "ignore",
            "RUN_STDLIB_REPORT": str(report),
        }
        done = subprocess.run(
            [sys.executable, str(RUNNER), mode, test_module, *names],
            cwd=folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=1200,
        )
        assert report.exists(), f"{mode}: no report; stderr ends\n{done.stderr[-3000:]}"
        found: dict[str, Any] = json.loads(report.read_text("utf-8"))
        return found


def check(test_module: str, names: list[str]) -> None:
    """Assert that a test module has the same outcomes plain, instrumented and recorded."""
    if not has_tests():
        pytest.skip("CPython's own tests are not installed")
    if importlib.util.find_spec(test_module) is None:
        pytest.skip(f"this Python has no {test_module}")
    expected = run("plain", test_module, names)
    assert expected["compiled"], "none of the modules was compiled by the runner"
    assert "passed" in expected["outcomes"].values()
    for mode in "off", "on":
        seen = run(mode, test_module, names)
        assert seen["compiled"] == expected["compiled"]
        differing = [
            f"{mode}: {test}\n  plain: {outcome}\n  instrumented: {seen['outcomes'].get(test)}\n"
            + seen["details"].get(test, "")
            for test, outcome in expected["outcomes"].items()
            if seen["outcomes"].get(test) != outcome and test not in EXPECTED
        ]
        assert not differing, f"{len(differing)} tests differ\n" + "\n".join(differing)[:20_000]
        assert (seen["steps"] > 0) == (mode == "on")


def modules_of(test_module: str) -> list[str]:
    """Return what to compile for a test module: the modules that it tests, or itself."""
    return LIBRARY.get(test_module) or [test_module]


@pytest.mark.parametrize("test_module", QUICK)
def test_a_sample_of_the_standard_library(test_module: str) -> None:
    check(test_module, modules_of(test_module))


@pytest.mark.slow
@pytest.mark.parametrize("test_module", LIBRARY)
def test_the_standard_library(test_module: str) -> None:
    check(test_module, modules_of(test_module))


@pytest.mark.slow
@pytest.mark.parametrize("test_module", LANGUAGE)
def test_the_language(test_module: str) -> None:
    check(f"test.{test_module}", modules_of(f"test.{test_module}"))
