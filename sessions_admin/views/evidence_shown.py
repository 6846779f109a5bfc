"""The evidence of an episode in words: each line's value as its name calls for, and nothing that the viewer may not see."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnostics.domain import wording as causes
from diagnostics.domain.wording import alerts as wording
from diagnostics.domain.wording import parts
from diagnostics.domain.wording.alert_values import window_text
from diagnostics.domain.wording.checks import word
from diagnostics.domain.wording.formatting import as_number, as_time, safe
from diagnostics.models import Episode
from diagnostics.templatetags.formats import count, duration, exact, percent, size
from sessions_admin.views.alerts_history import kept_levels

# What another line says already, or what only the rounds need.
LEFT_OUT = ("room_wanted", "kind", "is_filling")
MOST_CAUSES = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: what it is called, and its value as it is shown."""

    name: str
    value: str


def evidence(row: Episode, *, sees_texts: bool) -> list[Fact]:
    """Return what was known when it fired; a text (an error, a path, a machine) is for those who may see the system."""
    lines = [line for line in row.evidence if isinstance(line, Mapping)] if isinstance(row.evidence, list) else []
    shown = [(str(line.get("fact", "")), line.get("value")) for line in lines]
    facts = [(name, _shown(row, name, value, sees_texts=sees_texts)) for name, value in shown if name not in LEFT_OUT]
    return [Fact(wording.fact_text(name, _language()), value) for name, value in facts if name and value]


def _shown(row: Episode, name: str, value: object, *, sees_texts: bool) -> str:
    """Return a value in words, '' where there is nothing to show, or not to this viewer."""
    if value is None or isinstance(value, bool):
        return ""
    if (tell := SHAPES.get(name)) is not None:
        return tell(row, value)
    if (number := as_number(value)) is not None:
        return count(number) if number == int(number) else f"{number:,.1f}"
    if at := as_time(value):
        return exact(at)
    return safe(value) if sees_texts else ""


def _value(row: Episode, value: Any) -> str:
    number = as_number(value)
    return "" if number is None else wording.value_text(row.rule, number, _language(), kept_levels(row))


def _level(row: Episode, value: Any) -> str:
    number = as_number(value)
    return "" if number is None else wording.level_text(row.rule, number, _language())


def _share(_row: Episode, value: Any) -> str:
    """[good, of]: "129 of 133 (96.9 %)"."""
    good, of = _pair(value)
    if good is None or not of:
        return ""
    told = _("%(part)s of %(whole)s") % {"part": count(good), "whole": count(of)}
    return f"{told} ({percent(good, of)})" if _language() == "en" else f"{told}（{percent(good, of)}）"


def _causes(_row: Episode, value: Any) -> str:
    """[[code, number], …]: each with its number."""
    rows = [row for row in value if isinstance(row, list) and len(row) == 2] if isinstance(value, list) else []
    return " · ".join(f"{causes.title(str(code), _language())} {count(number)}" for code, number in rows[:MOST_CAUSES])


def _hour(_row: Episode, value: Any) -> str:
    """[time, number]."""
    if not isinstance(value, list) or len(value) != 2 or not (at := as_time(value[0])):
        return ""
    return f"{exact(at)} · {count(value[1])}"


def _pair(value: Any) -> tuple[float | None, float | None]:
    is_pair = isinstance(value, list) and len(value) == 2
    return (as_number(value[0]), as_number(value[1])) if is_pair else (None, None)


def _problem(row: Episode, value: Any) -> str:
    if row.rule == "part_down":
        return parts.problem_sentence(row.subject, "down", str(value), _language())
    return wording.problem_text(str(value), _language()) if wording.is_known(str(value)) else ""


SHAPES: dict[str, Callable[[Episode, Any], str]] = {
    "value": _value,
    "level": _level,
    "by_file": _share,
    "by_status": _share,
    "causes": _causes,
    "worst_hour": _hour,
    "problem": _problem,
    "window_seconds": lambda _row, value: window_text(int(value), _language()) if as_number(value) else "",
    "p95": lambda _row, value: duration(as_number(value)),
    "free_bytes": lambda _row, value: size(as_number(value)),
    "piece_bytes": lambda _row, value: size(as_number(value)),
    "state": lambda _row, value: word(parts.STATES, str(value), _language()),
    "code": lambda _row, value: causes.title(str(value), _language()),
}


def _language() -> str:
    return get_language() or "en"
