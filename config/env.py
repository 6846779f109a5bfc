"""Reads settings from the environment, then .env, and names every bad or missing one at once."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar, overload

from dotenv import dotenv_values

BASE_DIR = Path(__file__).resolve().parent.parent
LAST_RUN = BASE_DIR / "var" / "run.env"
WORDS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}

T = TypeVar("T")
Parser = Callable[[str], T]
# Says in a few words what is wrong with a value and what is allowed; "" when nothing is.
Check = Callable[[T], str]


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as it was asked for: `default` None means that it must be given."""

    name: str
    kind: str
    default: object


@dataclass(slots=True)
class Environment:
    """Typed access to named values. Problems are collected; `refuse_problems` ends the start with all of them.

    An empty value counts as not given, so that `NAME=` in .env or a compose file means the default.
    """

    # Not in its repr, which an error page may show: it holds secrets.
    values: Mapping[str, str] = field(repr=False)
    problems: dict[str, str] = field(default_factory=dict)
    asked: list[Setting] = field(default_factory=list)

    def text(self, name: str, default: str | None = None, *, check: Check[str] | None = None) -> str:
        return self._read(name, "text", str, default, "", check)

    def flag(self, name: str, default: bool) -> bool:  # noqa: FBT001 - a default reads as a default here
        return self._read(name, "on or off", _flag, default, default, None)

    def whole(self, name: str, default: int, *, check: Check[float] | None = None) -> int:
        return self._read(name, "whole number", _whole, default, default, check)

    @overload
    def number(self, name: str, default: float, *, check: Check[float] | None = None) -> float: ...
    @overload
    def number(self, name: str, default: None, *, check: Check[float] | None = None) -> float | None: ...
    def number(self, name: str, default: float | None, *, check: Check[float] | None = None) -> float | None:
        if default is None and not self.values.get(name, "").strip():
            self.asked.append(Setting(name, "number", ""))
            return None
        return self._read(name, "number", _number, default, default or 0.0, check)

    def names(self, name: str, default: list[str] | None, *, check: Check[list[str]] | None = None) -> list[str]:
        return self._read(name, "list, separated by commas", _names, default, [], check)

    def pairs(
        self, name: str, default: dict[str, str], *, check: Check[dict[str, str]] | None = None
    ) -> dict[str, str]:
        return self._read(name, "name=value pairs, separated by commas", _pairs, default, {}, check)

    def _read(self, name: str, kind: str, parse: Parser[T], default: T | None, instead: T, check: Check[T] | None) -> T:
        """Return the value, the default, or, where there is a problem, `instead`, so that reading can go on."""
        self.asked.append(Setting(name, kind, default))
        raw = self.values.get(name, "").strip()
        if not raw:
            if default is None:
                self.problems[name] = "is needed and not set."
            return instead if default is None else default
        try:
            value = parse(raw)
        except ValueError as error:
            self.problems[name] = str(error)
            return instead
        problem = check(value) if check else ""
        if problem:
            self.problems[name] = problem
        return instead if problem else value

    def refuse(self, name: str, problem: str) -> None:
        """Note a problem that only several settings together show."""
        self.problems.setdefault(name, problem)

    def refuse_problems(self) -> None:
        if self.problems:
            lines = [f"  {name}: {problem}" for name, problem in self.problems.items()]
            head = "Settings that need mending (in the environment or in .env; .env.example explains each):"
            raise SystemExit("\n".join([head, *lines]))


def environment(*, own_only: bool = False) -> Environment:
    """Return the process's environment with .env (or the file that ENV_FILE names) behind it.

    Where neither that file nor a SECRET_KEY is given, commands use what the last `make run` left, unless `own_only`.
    """
    path = Path(os.environ.get("ENV_FILE") or BASE_DIR / ".env")
    if not (path.exists() or "SECRET_KEY" in os.environ or own_only):
        path = LAST_RUN
    try:
        behind = dotenv_values(path, interpolate=False) if path.is_file() else {}
    except (OSError, UnicodeDecodeError) as error:
        raise SystemExit(f"{path} cannot be read: {error}") from None
    return Environment({name: value for name, value in {**behind, **os.environ}.items() if value is not None})


def _flag(raw: str) -> bool:
    if raw.lower() not in WORDS:
        raise ValueError(f"{raw!r} is neither on nor off; use on, off, true, false, yes, no, 1 or 0.")
    return WORDS[raw.lower()]


def _whole(raw: str) -> int:
    try:
        return int(raw)
    except ValueError:
        raise ValueError(f"{raw!r} is no whole number, such as 600.") from None


def _number(raw: str) -> float:
    try:
        return float(raw)
    except ValueError:
        raise ValueError(f"{raw!r} is no number, such as 2 or 2.5.") from None


def _names(raw: str) -> list[str]:
    return [part for part in (part.strip() for part in raw.split(",")) if part]


def _pairs(raw: str) -> dict[str, str]:
    parts = [part.partition("=") for part in _names(raw)]
    if any(not name.strip() or not value.strip() for name, _sign, value in parts):
        raise ValueError(f"{raw!r} is no list of pairs such as session_id=id,final_file_path=path.")
    return {name.strip(): value.strip() for name, _sign, value in parts}
