"""Over all pairs of statuses, when it was seen and when it is changed: what each action takes, and what becomes of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import product

import pytest
from django.utils import timezone

from diagnostics.probes.databases import Connection
from sessions_admin.actions import complete, mark_failed, reset, reset_stuck
from sessions_admin.actions.action import Intent
from sessions_admin.actions.plans import Expectation, Item, seen_of
from sessions_admin.actions.rows import RowChange, look_at_nothing, nothing_changed
from sessions_admin.host_writer import HostRow, open_writer
from tests.host_database import TABLE, HostDatabase

pytestmark = [pytest.mark.django_db, pytest.mark.databases]

STATUSES = ("pending", "generating", "completed", "failed", "FAILED", "odd", None)
PAIRS = tuple(enumerate(product(STATUSES, STATUSES, (False, True)), start=1))
TAKEN: list[tuple[RowChange, dict[str | None, str]]] = [
    (reset.ON_ROW, {"failed": "pending"}),
    (reset_stuck.ON_ROW, {"generating": "pending"}),
    (mark_failed.ON_ROW, {"generating": "failed", "pending": "failed"}),
    (complete.ON_ROW, {"failed": "completed", "pending": "completed", "generating": "completed"}),
]


@pytest.mark.parametrize(("on_row", "becomes"), TAKEN, ids=["reset", "reset_stuck", "mark_failed", "complete"])
def test_only_a_row_that_is_taken_and_still_the_same_is_changed(
    host_on_each_engine: HostDatabase, on_row: RowChange, becomes: dict[str | None, str]
) -> None:
    """Whatever the plan says, and whether the status changes before the last look or behind it."""
    with host_on_each_engine.connected() as host:
        for key, (seen, _, _) in PAIRS:
            tell(host, f"INSERT INTO {TABLE} (session_id, status) VALUES (?, ?)", key, seen)
        blind = replace(on_row, look=look_at_nothing, last_look=nothing_changed)
        with open_writer() as writer:
            rows = writer.read_many([str(key) for key, _ in PAIRS]).values()
            items = [Item(row.key, seen_of(row.values), Expectation.DO) for row in rows if isinstance(row, HostRow)]
            change(host, is_late=False)
            looked = blind.intend(writer, items, timezone.now())
            change(host, is_late=True)
            meant = [(item, intent) for item in items if isinstance(intent := looked[item.key], Intent)]
            blind.carry_out(writer, meant)
        found: dict[object, object] = dict(host.rows(f"SELECT session_id, status FROM {TABLE}"))
    for key, (seen, now, _) in PAIRS:
        expected = becomes[seen] if seen == now and seen in becomes else now
        assert found[key] == expected, (seen, now)


def change(host: Connection, *, is_late: bool) -> None:
    for key, (seen, now, late) in PAIRS:
        if late is is_late and seen != now:
            tell(host, f"UPDATE {TABLE} SET status = ? WHERE session_id = ?", now, key)


def tell(host: Connection, sql: str, *parameters: object) -> None:
    host.change(sql.replace("?", host.placeholder), parameters)
