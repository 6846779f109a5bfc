"""A large table is read by a process of its own, beside the listing; a pass finds the same with it as without."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest
from pytest_django import Settings

from diagnostics import sources
from diagnostics.host import open_host
from diagnostics.models import Pass
from diagnostics.reconcile import files, reading
from diagnostics.reconcile.basis import basis
from diagnostics.reconcile.closed_folders import ClosedFolders
from diagnostics.reconcile.running import Running, end_turn, take_turn
from diagnostics.row_lines import Lines, key_of_line, lines_of
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene, observed

pytestmark = pytest.mark.django_db


@pytest.fixture
def every_table_is_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "WORTH_A_PROCESS_ROWS", 0)
    monkeypatch.setattr("os.cpu_count", lambda: 2)


def _complete(scene: Scene) -> Pass:
    row = scene.run()
    assert row.outcome == Pass.Outcome.COMPLETE
    return row


def _read_beside(last: Pass) -> Lines | None:
    holder = take_turn(5)
    running = Running(Pass.objects.create(started_at=last.started_at, heartbeat_at=last.started_at), holder)
    try:
        with closing(reading.begin(last)) as under_way:
            assert under_way.process is not None
            return under_way.lines(running)
    finally:
        end_turn(holder)


@pytest.mark.usefixtures("every_table_is_large")
def test_both_ways_read_the_same_lines(host_on_each_engine: HostDatabase) -> None:
    host_on_each_engine.insert_failed(5)
    host_on_each_engine.insert_failed(8200, error_message="磁盘空间不足")
    table = open_host(sources.host_source())
    with closing(table.connection):
        here = lines_of(table, basis(), lambda _rows: None)
    now = Pass(started_at="2026-11-20T00:00:00Z")
    assert _read_beside(now) == here
    assert sorted(str(key_of_line(line)) for chunk in here for line in chunk) == ["5", "8200"]


@pytest.mark.usefixtures("every_table_is_large")
def test_a_pass_finds_every_change(scene: Scene) -> None:
    for key in range(1, 6):
        scene.session(key)
    _complete(scene)
    scene.host.update(2, error_message="an old one")
    scene.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 3")
    scene.session(9)
    row = _complete(scene)
    assert (row.rows, row.changed, scene.cause(2)) == (5, 4, "record.stale_error")
    found = observed()
    assert found["gone"] == ["3"]
    assert _complete(scene).changed == 0
    assert observed() == found


@pytest.mark.usefixtures("every_table_is_large")
def test_a_row_that_changes_after_its_reading_is_diagnosed_as_it_is(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The rows are read before the files here: what the host does in between must not look like a lost file."""
    old = scene.session(1)
    _complete(scene)
    scene.host.update(1, error_message="first change")
    listed = files.survey

    def replaced_meanwhile(running: Running, closed: ClosedFolders, *, accept_store: bool) -> object:
        assert under_way[0].process is not None
        under_way[0].process.wait()
        old.rename(old.with_name("long_sequence_1_20261101_111500.wav"))
        scene.host.update(1, final_file_path="long_sequence_1_20261101_111500.wav", error_message=None)
        return listed(running, closed, accept_store=accept_store)

    under_way = _watched(monkeypatch)
    monkeypatch.setattr(files, "survey", replaced_meanwhile)
    _complete(scene)
    assert not scene.codes(1) & {"file.deleted", "file.never_written", "file.misplaced"}
    monkeypatch.setattr(files, "survey", listed)
    assert _complete(scene).changed == 1  # what was read first is not what stands: the row is looked at once more


@pytest.mark.usefixtures("every_table_is_large")
def test_a_reading_that_dies_is_done_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    scene.session(1)
    _complete(scene)
    under_way = _watched(monkeypatch, _kill)
    scene.session(2)
    assert (_complete(scene).rows, len(under_way)) == (2, 1)


@pytest.mark.usefixtures("every_table_is_large")
def test_a_host_that_is_gone_is_told_as_ever(scene: Scene, settings: Settings) -> None:
    scene.session(1)
    _complete(scene)
    settings.HOST_DATABASE_URL = "sqlite:////nowhere/host.sqlite3"
    row = scene.run()
    assert (row.outcome, scene.conditions()) == (Pass.Outcome.FAILED, {"host.unavailable"})


def test_a_small_table_starts_no_process(scene: Scene) -> None:
    scene.session(1)
    assert reading.begin(_complete(scene)).process is None


def _kill(under_way: reading.Reading) -> None:
    assert under_way.process is not None
    under_way.process.kill()


def _watched(
    monkeypatch: pytest.MonkeyPatch, then: Callable[[reading.Reading], object] = lambda _found: None
) -> list[reading.Reading]:
    """Keep the readings that begin from now on, and do something to each."""
    begun: list[reading.Reading] = []
    begin = reading.begin

    def watched(last: Pass | None) -> reading.Reading:
        begun.append(begin(last))
        then(begun[-1])
        return begun[-1]

    monkeypatch.setattr(reading, "begin", watched)
    return begun
