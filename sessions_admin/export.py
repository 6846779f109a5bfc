"""The audit as files: CSV that no spreadsheet takes for formulas, and JSON lines."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC

from django.utils.translation import override

from diagnostics.csv_cells import csv_lines
from sessions_admin.models import AuditEntry

COLUMNS = (
    "seq", "at", "actor", "roles", "address", "action", "session", "outcome", "reason", "sentence", "operation",
    "number", "is_intent", "plan_digest", "before", "after", "prev_hash", "hash",
)  # fmt: skip
Row = dict[str, object]


def as_csv(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Yield the head and one line an entry."""
    yield from csv_lines([COLUMNS])
    yield from csv_lines(map(_text, _row(entry).values()) for entry in entries)


def as_json_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    """Yield one JSON object an entry, in ASCII."""
    for entry in entries:
        yield json.dumps(_row(entry)) + "\n"


FORMATS: dict[str, tuple[str, Callable[[Iterable[AuditEntry]], Iterator[str]]]] = {
    "csv": ("text/csv; charset=utf-8", as_csv),
    "jsonl": ("application/x-ndjson", as_json_lines),
}


def _row(entry: AuditEntry) -> Row:
    """All that an entry holds; its time in UTC, and its sentence as it was written, in English."""
    with override("en"):
        sentence = entry.sentence
    told: Row = {name: getattr(entry, name) for name in COLUMNS if name != "sentence"}
    told |= {"at": entry.at.astimezone(UTC).isoformat(), "sentence": sentence}
    return {name: told[name] for name in COLUMNS}


def _text(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if isinstance(value, dict) else value
