"""Any nonsense in any column, on every engine: that row says what it can, and the rest goes on."""

from __future__ import annotations

import json
import tracemalloc

import pytest

from diagnostics import host
from diagnostics.examine import examine
from diagnostics.models import Finding, Pass, SessionEntry
from diagnostics.reconcile import indexing
from diagnostics.reconcile.parts import parts
from tests.host_database import TABLE
from tests.reconcile.scene import PREFIX, Scene

pytestmark = [pytest.mark.django_db, pytest.mark.databases]
TEXT_COLUMNS = [name for name in host.FIELDS if name != "session_id"]
NONSENSE: list[object] = [
    None,
    "",
    " \t\n",
    "yesterday",
    "2025-02-31",
    "NaN",
    "-1",
    "1e308",
    "9" * 400,
    "0x10",
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "'; DROP TABLE long_sequence_sessions; --",
    "%s %(a)s {0} \\x00 \\udcff",
    "\u202e\u200b\ufeffé́😀",
    "../../etc/passwd",
    "//////",
    "%2e%2e%2f%00",
    "completed",
    "x" * 300_000,
]
ONLY_SQLITE: list[object] = [b"\xff\xfe\x00", b"", 2**63 - 1, -(2**63), 1e308, float("inf"), "a\0b", "\0" * 200]


@pytest.fixture
def loose(scene_on_each_engine: Scene) -> Scene:
    """A table that takes anything: every column but the key is text (on SQLite: of no type at all)."""
    kinds = {"sqlite": "", "postgresql": "TEXT", "mysql": "MEDIUMTEXT"}
    kind = kinds[scene_on_each_engine.host.engine]
    columns = ", ".join(f"{name} {kind}" for name in TEXT_COLUMNS)
    scene_on_each_engine.host.create_table(f"session_id BIGINT PRIMARY KEY, {columns}")
    return scene_on_each_engine


def test_the_pass_goes_on_and_every_row_is_told(loose: Scene) -> None:
    values = NONSENSE + (ONLY_SQLITE if loose.host.engine == "sqlite" else [])
    loose.session(1)
    rows = {}
    for place, column in enumerate(TEXT_COLUMNS):
        for number, value in enumerate(values):
            rows[1000 * (place + 1) + number] = {column: value}
    _insert(loose, rows)
    told: list[dict[str, object]] = []
    row = loose.run(sink=told.append, everything=True)
    assert (row.outcome, row.rows, row.error) == ("complete", len(rows) + 1, "")
    assert {line["session_id"] for line in told} == {1, *rows}
    assert all(json.loads(json.dumps(line, allow_nan=False)) for line in told)
    assert (loose.entry(1).verdict, loose.cause(1)) == ("playable", "")
    assert not Finding.objects.filter(code="rule.crashed").exists()
    loose.later(minutes=2)
    loose.run()
    loose.later(minutes=2)
    assert loose.writes_of(loose.run) == []
    for key in list(rows)[::17]:
        found = examine(str(key))
        assert found.diagnosis is not None, (key, rows[key], found.problems)


def _insert(scene: Scene, rows: dict[int, dict[str, object]]) -> None:
    healthy = {
        "status": "completed",
        "created_at": scene.text(),
        "updated_at": scene.text(),
        "final_file_size": "12044",
        "total_duration_minutes": "1",
    }
    with scene.host.connected() as connection:
        for key, values in rows.items():
            line = {"session_id": key, **healthy, "final_file_path": PREFIX + scene.name(key), **values}
            marks = ", ".join([connection.placeholder] * len(line))
            connection.change(f"INSERT INTO {TABLE} ({', '.join(line)}) VALUES ({marks})", list(line.values()))


def test_long_errors_in_many_rows_keep_memory_bounded(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A fiftieth of the real figures for a batch and for kept rows, and 150 rows at a time in a query, not 500."""
    monkeypatch.setattr(host, "BATCH_ROWS", 40)
    monkeypatch.setattr(indexing, "MOST_KEPT_BYTES", 640_000)
    monkeypatch.setattr(parts, "__defaults__", (150,))
    with scene.host.connected() as connection, connection.transaction():
        statement = f"INSERT INTO {TABLE} (session_id, status, error_message) VALUES (?, 'failed', ?)"
        for key in range(400):
            connection.change(statement, (key, "MemoryError " + "x" * 100_000))
    tracemalloc.start()
    row = scene.run()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (row.outcome, row.rows) == ("complete", 400)
    assert peak < 24_000_000  # the texts alone are 40


def test_a_long_error_is_read_at_both_its_ends(scene_on_each_engine: Scene) -> None:
    scene = scene_on_each_engine
    middle = "x" * 500_000
    scene.failed(1, f"MemoryError\n{middle}")
    scene.failed(2, f"{middle}\nOSError: [Errno 28] No space left on device")
    scene.failed(3, f"{middle}\nMemoryError\n{middle}")
    scene.failed(4, f"内存不足\n{'错' * 200_000}")
    scene.run()
    causes = [scene.cause(key) for key in (1, 2, 3, 4)]
    assert causes == [
        "generation.out_of_memory", "generation.disk_full", "generation.unrecognised", "generation.out_of_memory"
    ]  # fmt: skip


def test_keys_of_text_are_sessions_like_others(scene_on_each_engine: Scene) -> None:
    scene = scene_on_each_engine
    scene.host.run(f"DROP TABLE {TABLE}")
    scene.host.run(f"CREATE TABLE {TABLE} (session_id VARCHAR(80) PRIMARY KEY, {_columns(scene)})")
    keys = ["a/b", "../x", "é", "😀", "<b>", "a b", "007", "x" * 80]
    for key in keys:
        scene.row(key, final_file_path=None)
    told: list[dict[str, object]] = []
    scene.run(sink=told.append)
    assert {line["session_id"] for line in told} == set(keys)
    assert Pass.objects.latest("id").by_cause == {"path.missing": len(keys)}
    assert {entry.key for entry in SessionEntry.objects.filter(key_is_number=False)} == set(keys)


def _columns(scene: Scene) -> str:
    from tests.host_database import COLUMNS, MOMENTS, TEXTS

    types = {"moment": MOMENTS[scene.host.engine], "text": TEXTS[scene.host.engine]}
    return COLUMNS.format(**types).split(",", 1)[1]
