"""The host's parts as the page of resources shows them: one row a part that is on, with its last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnostics.domain.parts import PARTS
from diagnostics.domain.wording import checks
from diagnostics.domain.wording import parts as wording
from diagnostics.models import Snapshot
from diagnostics.part_days import CELLS, GRAVEST, HISTORY
from diagnostics.parts import watched
from diagnostics.templatetags.charts import Cell
from diagnostics.templatetags.formats import count, duration, size
from diagnostics.templatetags.labels import Label

# Two half hours make a row of the table.
TABLE_STEP = 2
TONES = {"up": "playable", "impaired": "warning", "down": "broken", "unknown": "unknown"}
ICONS = {"engine": "process", "database": "database", "cache": "memory", "broker": "sessions", "mount": "disk"}
# A zero of these says nothing that the state does not say.
SILENT_AT_ZERO = ("lock_waits", "longest_wait_seconds", "longest_transaction_seconds", "evicted_keys", "exit_code")


@dataclass(frozen=True, slots=True)
class ShownPart:
    """One row. `day` are the cells of its last day, `measured` (word, value) pairs as they are shown."""

    part: str
    name: str
    icon: str
    state: Label
    sentence: str
    detail: str
    measured: tuple[tuple[str, str], ...]
    since: str
    well_at: str | None
    is_well: bool
    day: tuple[Cell, ...]


def shown_parts(found: Snapshot | None) -> dict[str, object]:
    """Return what the panel shows: the rows of those that are on now, and the table twin of their days."""
    on, content = watched(), found.content if found else {}
    rows = sorted(
        (row for row in content.get("parts", ()) if row["part"] in on), key=lambda row: PARTS.index(row["part"])
    )
    begun = datetime.fromisoformat(content["at"]) - HISTORY if content else timezone.now()
    language = get_language() or "en"
    return {
        "is_watching": bool(on),
        "rows": [_row(row, begun, language) for row in rows],
        "unasked": [checks.word(wording.NAMES, part, language) for part in PARTS if part in on - _parts(rows)],
        "table": _table(rows, begun, language),
        "at": content.get("at"),
    }


def named_parts(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, object]]:
    """Return parts by their names, each with how it stands."""
    language = get_language() or "en"
    return [
        {"name": checks.word(wording.NAMES, row["part"], language), "state": _label(row["state"], language)}
        for row in rows
    ]


def _parts(rows: Iterable[Mapping[str, Any]]) -> set[str]:
    return {row["part"] for row in rows}


def _row(row: Mapping[str, Any], begun: datetime, language: str) -> ShownPart:
    part, state = row["part"], row["state"]
    return ShownPart(
        part=part,
        name=checks.word(wording.NAMES, part, language),
        icon=ICONS.get(part, "resources"),
        state=_label(state, language),
        sentence=wording.problem_sentence(part, state, row["problem"], language),
        detail=row["detail"],
        measured=tuple(_measured(row["values"], language)),
        since=row["since"],
        well_at=row["well_at"],
        is_well=state == "up",
        day=tuple(_cell(place, cell, begun, language) for place, cell in enumerate(row["day"])),
    )


def _label(state: str, language: str) -> Label:
    tone = TONES.get(state, "unknown")
    return Label(checks.word(wording.STATES, state, language), tone, tone)


def _measured(values: Mapping[str, Any], language: str) -> Iterable[tuple[str, str]]:
    for name in wording.MEASURES:
        value = values.get(name)
        is_silent = value in (None, "") or (name in SILENT_AT_ZERO and value == 0)
        if not is_silent and not (name == "queues" and "," not in str(value)):
            yield checks.word(wording.MEASURES, name, language), _written(name, value)


def _written(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if name == "took_seconds" and value < 1:
        return _("{n} ms").replace("{n}", str(round(value * 1000)))
    if name.endswith("_seconds"):
        return duration(value)
    return size(value) if name.endswith("_bytes") else count(value)


def _cell(place: int, state: str | None, begun: datetime, language: str) -> Cell:
    first = timezone.localtime(begun + HISTORY * place / CELLS)
    last = first + timedelta(seconds=HISTORY.total_seconds() / CELLS)
    return Cell(TONES.get(state or "", "none"), f"{first:%H:%M}–{last:%H:%M}: {_told(state, language)}")


def _told(state: str | None, language: str) -> str:
    return checks.word(wording.STATES, state, language) if state else _("not asked")


def _table(rows: list[Mapping[str, Any]], begun: datetime, language: str) -> dict[str, object]:
    """Return the last day in words: one row an hour, the newest first, with the gravest state of each part in it."""
    lines = []
    for start in range(CELLS - TABLE_STEP, -1, -TABLE_STEP):
        states = [_gravest(row["day"][start : start + TABLE_STEP]) for row in rows]
        if any(states):
            told = [_told(state, language) for state in states]
            lines.append({"at": begun + HISTORY * start / CELLS, "states": told})
    return {"columns": [checks.word(wording.NAMES, row["part"], language) for row in rows], "lines": lines}


def _gravest(states: Iterable[str | None]) -> str | None:
    known = set(states)
    return next((state for state in GRAVEST if state in known), None)
