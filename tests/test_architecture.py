"""The shape of the code: who imports whom, how large a file may be, and what has no place anywhere."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
CODE = ("config", "diagnostics", "sessions_admin", "demo", "tests", "benchmarks")
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
NAMELESS = {"utils", "helpers", "services", "managers", "common", "misc"}
OURS = {"config", "diagnostics", "sessions_admin", "demo", "tests", "benchmarks"}

# Folder -> which of our top-level packages it may import (and itself).
DIRECTIONS = {
    "config": {"config", "sessions_admin", "diagnostics"},
    "sessions_admin": {"sessions_admin", "diagnostics"},
    "diagnostics": {"diagnostics"},
    "demo": {"demo"},
}
# Where an import inside a function has a reason; the reason stands beside it in the code.
LATE_IMPORTS = {
    "config/databases.py": "the driver is needed on MariaDB only",
    "sessions_admin/alerting/chat.py": "an extra, which only the worker needs, and only for chats",
    "config/run.py": "bad settings end the start with their own message",
}
PRINTING = ("demo/", "benchmarks/", "tests/", "config/run.py", "config/doctor")


def files(*folders: str) -> list[Path]:
    found = [path for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def tops(path: Path) -> set[str]:
    return {name.partition(".")[0] for name in imports_of(tree_of(path))}


def functions_of(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("folder", DIRECTIONS)
def test_imports_go_one_way(folder: str) -> None:
    wrong = {name_of(path): tops(path) & OURS - DIRECTIONS[folder] for path in files(folder)}
    assert {name: found for name, found in wrong.items() if found} == {}


def test_the_domain_needs_the_standard_library_only() -> None:
    for path in files("diagnostics/domain"):
        ours = {name for name in imports_of(tree_of(path)) if name.startswith("diagnostics")}
        assert tops(path) - {"diagnostics"} <= sys.stdlib_module_names, name_of(path)
        assert all(name.startswith("diagnostics.domain") for name in ours), name_of(path)


def test_the_domain_has_no_clock_and_does_no_io() -> None:
    doing = {"os", "io", "socket", "subprocess", "threading", "time", "random", "sqlite3", "pathlib"}
    assert {name_of(path): tops(path) & doing for path in files("diagnostics/domain") if tops(path) & doing} == {}
    for path in files("diagnostics/domain"):
        for node in ast.walk(tree_of(path)):
            is_clock = isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
            called = (
                isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "datetime"
            )
            assert not (is_clock and called), f"{name_of(path)} asks a clock"


def test_the_probes_need_no_django() -> None:
    for path in files("diagnostics/probes"):
        ours = {name for name in imports_of(tree_of(path)) if name.startswith("diagnostics.")}
        assert "django" not in tops(path), name_of(path)
        assert all(name.startswith(("diagnostics.probes", "diagnostics.domain")) for name in ours), name_of(path)


def test_what_is_below_the_views_imports_no_view() -> None:
    for path in files("diagnostics"):
        if not name_of(path).startswith(("diagnostics/views", "diagnostics/urls.py", "diagnostics/templatetags")):
            assert not any(name.startswith("diagnostics.views") for name in imports_of(tree_of(path))), name_of(path)


def test_imports_stand_at_the_top() -> None:
    late = {
        name_of(path)
        for path in files("config", "diagnostics", "sessions_admin", "demo")
        for function in functions_of(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert late - set(LATE_IMPORTS) == set()


def test_only_actions_write_to_the_host() -> None:
    changing = {
        name_of(path)
        for path in files("config", "diagnostics", "sessions_admin")
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "change"
    }
    assert changing == {"sessions_admin/host_writer.py", "diagnostics/probes/databases.py"}


def test_only_actions_and_the_doctor_open_a_connection_that_could_write() -> None:
    # The doctor finds out which rights a login has; it asks for plans and executes nothing.
    allowed = ("sessions_admin/host_writer.py", "diagnostics/probes/databases.py", "diagnostics/doctor/")
    for path in files("config", "diagnostics", "sessions_admin"):
        for node in ast.walk(tree_of(path)):
            if isinstance(node, ast.keyword) and node.arg == "read_only" and not name_of(path).startswith(allowed):
                assert isinstance(node.value, ast.Constant), name_of(path)
                assert node.value.value is True, name_of(path)


def test_files_stay_short() -> None:
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in files(*CODE)}
    assert {name: lines for name, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_stay_short() -> None:
    long = {
        f"{name_of(path)}: {function.name}": (function.end_lineno or 0) - function.lineno + 1
        for path in files("config", "diagnostics", "sessions_admin", "demo")
        for function in functions_of(path)
    }
    assert {name: lines for name, lines in long.items() if lines > LONGEST_FUNCTION} == {}


def test_modules_are_named_for_what_they_do() -> None:
    assert [name_of(path) for path in files(*CODE) if path.stem in NAMELESS] == []


def test_every_module_says_what_it_is_for() -> None:
    silent = [name_of(path) for path in files(*CODE) if tree_of(path).body and not ast.get_docstring(tree_of(path))]
    assert silent == []


def test_nothing_prints() -> None:
    printing = {
        name_of(path)
        for path in files(*CODE)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    }
    assert {name for name in printing if not name.startswith(PRINTING)} == set()


def test_nothing_is_left_to_do() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "X" + "XX")
    marked = [name_of(path) for path in files(*CODE) if any(mark in path.read_text(encoding="utf-8") for mark in marks)]
    assert marked == []


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=lambda path: path.name)
def test_templates_keep_to_the_content_security_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert " style=" not in text
    assert "<style" not in text
    assert not any(f" on{event}=" in text for event in ("click", "change", "submit", "load", "error", "input"))
    for script in text.split("<script")[1:]:
        assert " src=" in script.partition(">")[0], "an inline script"
    assert not path.name.startswith("_") or "{% extends" not in text, "a fragment extends nothing"
