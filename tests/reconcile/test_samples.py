"""Samples of the server's resources in passes: they may come after the row, they are forgotten, and they cost little."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from diagnostics import sources
from diagnostics.domain.chain import chain
from diagnostics.domain.document import document
from diagnostics.domain.facts import Moment, SessionRecord
from diagnostics.examine import examine
from diagnostics.models import Finding, ResourceSample
from diagnostics.samples import Samples
from tests.reconcile.scene import Scene, timeline

pytestmark = pytest.mark.django_db
FULL = {"audio_bytes_percent": 99.5, "audio_inodes_percent": 1.0, "memory_percent": 40.0, "swap_percent": None}
ROOMY = {**FULL, "audio_bytes_percent": 40.0}
SAMPLE_TABLE = ResourceSample._meta.db_table


def sample(at: datetime, values: object = None) -> ResourceSample:
    return ResourceSample.objects.create(at=at, values=FULL if values is None else values)


def failed(scene: Scene, key: int, *, ago: timedelta = timedelta(), error: str | None = None) -> None:
    scene.failed(key, error)
    scene.host.update(key, updated_at=scene.text(ago=ago))


def test_a_sample_that_comes_after_the_row_explains_it(scene: Scene) -> None:
    scene.session(9)
    failed(scene, 1)
    scene.run()
    assert (scene.cause(1), scene.entry(1).confidence) == ("generation.unexplained", "certain")
    scene.later(seconds=50)
    sample(scene.now)
    scene.later(seconds=20)
    row = scene.run()
    assert (row.changed, scene.cause(1), scene.entry(1).confidence) == (0, "generation.disk_full", "possible")
    assert scene.codes(1) == {"generation.disk_full"}
    assert [cause for _status, _state, cause in timeline(1)] == ["generation.disk_full"]


def test_the_last_sample_of_the_window_still_counts_and_then_it_rests(scene: Scene) -> None:
    scene.session(9)
    failed(scene, 1)
    scene.run()
    for _ in range(4):
        scene.later(seconds=60)
        sample(scene.now, ROOMY)
        scene.run()
        assert scene.cause(1) == "generation.unexplained"
    scene.later(seconds=60)
    sample(scene.now)
    scene.later(seconds=40)
    scene.run()
    assert scene.cause(1) == "generation.disk_full"
    scene.later(seconds=40)
    scene.run()
    assert scene.entry(1).due_at is None
    assert scene.writes_of(scene.run) == []


def test_a_message_is_joined_by_the_sample_that_comes_later(scene: Scene) -> None:
    scene.session(9)
    failed(scene, 1, error="OSError: [Errno 28] No space left on device")
    scene.run()
    sample(scene.now + timedelta(seconds=5))
    scene.later(seconds=30)
    scene.run()
    [finding] = Finding.objects.filter(session__key="1")
    told = [(line["source"], line["fact"], line["value"]) for line in finding.evidence]
    assert told[1:] == [("resources", "disk used", "99.5 %"), ("resources", "inodes used", "1 %")]
    assert finding.confidence == "certain"


def test_what_was_seen_stays_when_the_samples_are_forgotten(scene: Scene) -> None:
    scene.session(9)
    failed(scene, 1, ago=timedelta(hours=1))
    failed(scene, 2, ago=timedelta(hours=1), error="MemoryError")
    sample(scene.now - timedelta(hours=1, seconds=20), {**FULL, "memory_percent": 99.0})
    scene.run()
    before = list(Finding.objects.order_by("session__key").values_list("code", "evidence", "resolved_at"))
    live = examine("1", clock=lambda: scene.now).diagnosis
    ResourceSample.objects.all().delete()
    scene.later(days=20)
    scene.run(everything=True)
    assert list(Finding.objects.order_by("session__key").values_list("code", "evidence", "resolved_at")) == before
    after = examine("1", clock=lambda: scene.now).diagnosis
    assert live is not None
    assert after is not None
    assert (after.cause, after.confidence, after.findings[0].evidence[1:]) == (
        "generation.disk_full", "possible", live.findings[0].evidence[1:],
    )  # fmt: skip


def test_the_pass_and_the_live_look_show_the_same_lines(scene: Scene) -> None:
    scene.session(9)
    failed(scene, 1, ago=timedelta(hours=1))
    for seconds in (100, -50, 20):
        sample(scene.now - timedelta(hours=1, seconds=seconds), {**FULL, "audio_bytes_percent": 99.0 + seconds / 1000})
    lines: list[dict[str, object]] = []
    scene.run(sink=lines.append)
    live = examine("1", clock=lambda: scene.now).diagnosis
    assert live is not None
    shown = document(live, sources.host_zone())
    [passed] = [line for line in lines if line.get("session_id") == 1]
    assert (passed["findings"], passed["summary"]) == (shown["findings"], shown["summary"])


@pytest.mark.parametrize("values", [{}, [], None, "x", {"audio_bytes_percent": "99"}, {"audio_bytes_percent": True}])
def test_a_sample_that_says_nothing_of_use_is_none(scene: Scene, values: object) -> None:
    scene.session(9)
    failed(scene, 1, ago=timedelta(hours=1))
    ResourceSample.objects.create(at=scene.now - timedelta(hours=1), values=values if values is not None else "null")
    scene.run()
    assert scene.cause(1) == "generation.unexplained"


@pytest.mark.parametrize("time", ["9999-12-31 23:59:59", "0001-01-01 00:00:00", "2099-01-01 00:00:00"])
def test_a_failure_at_the_edge_of_the_calendar_stops_nothing(scene: Scene, time: str) -> None:
    scene.session(9)
    failed(scene, 1, ago=timedelta(hours=1))
    scene.failed(2, None)
    scene.host.update(2, updated_at=time)
    sample(scene.now - timedelta(hours=1))
    assert scene.run().outcome == "complete"
    assert (scene.cause(1), scene.cause(2)) == ("generation.disk_full", "generation.unexplained")
    found = examine("2", clock=lambda: scene.now).diagnosis
    assert found is not None
    assert found.cause == "generation.unexplained"


def test_samples_cost_a_query_a_batch_at_most(scene: Scene) -> None:
    for key in range(1, 40):
        failed(scene, key, ago=timedelta(minutes=key))
    sample(scene.now - timedelta(minutes=10))
    with CaptureQueriesContext(connection) as captured:
        scene.run()
    reading = [query["sql"] for query in captured.captured_queries if f'FROM "{SAMPLE_TABLE}"' in query["sql"]]
    assert len(reading) == 1
    with CaptureQueriesContext(connection) as captured:
        scene.run(everything=True)
    told = [
        query["sql"] for query in captured.captured_queries if "evidence" in query["sql"] and "IN (" in query["sql"]
    ]
    assert len(told) <= 3  # of what was told by resources, and of what was told by parts


def test_each_sample_is_read_once_whatever_the_order_of_the_batches(scene: Scene) -> None:
    now = scene.now
    for minute in range(120):
        sample(now - timedelta(minutes=minute), {**FULL, "audio_bytes_percent": float(minute)})
    found = Samples()
    for minutes in ([50], [20, 10], [100, 30], [60], [119, 0]):
        records = [record(key, now - timedelta(minutes=key)) for key in minutes]
        near = found.of_failed(records, {}, now)
        assert {key: facts[0].disk_percent for key, facts in near.items()} == {key: float(key) for key in minutes}
    times = [facts.at for facts in found.read.facts]
    assert len(times) == 120
    assert all(earlier < later for earlier, later in pairwise(times))


def record(key: int, at: datetime) -> SessionRecord:
    never = Moment(None, None)
    return SessionRecord(key, "failed", never, Moment(at.isoformat(), at), None, None)


@pytest.mark.parametrize(
    ("key", "seconds_ago", "result", "why"),
    [
        (1, 7_200, "ok", ""),  # completed two hours ago
        (1, 60, "not_checked", "no_samples"),
        (2, 60, "ok", ""),  # pending: what counts is now
        (2, 400, "not_checked", "no_recent_sample"),
        (3, 60, "ok", ""),  # generating
        (4, 7_100, "ok", ""),  # failed for another reason
        (4, 60, "not_checked", "no_samples"),
    ],
)
def test_the_live_look_answers_for_disk_and_memory_by_the_sample_of_its_time(
    scene: Scene, key: int, seconds_ago: int, result: str, why: str
) -> None:
    scene.session(1)
    scene.pending(2, ago=timedelta(minutes=2))
    scene.pending(3, ago=timedelta(minutes=2), status="generating", progress=10)
    scene.failed(4, "boom")
    at = scene.now - timedelta(seconds=seconds_ago)
    sample(at, ROOMY)
    found = examine(str(key), clock=lambda: scene.now)
    assert found.evidence is not None
    assert found.diagnosis is not None
    steps = chain(found.evidence, found.diagnosis)
    checks = {check.name: check for step in steps for check in step.checks}
    for name, value in (("server.disk", "40 %"), ("server.memory", "40 %")):
        check = checks[name]
        assert (check.result, check.why) == (result, why)
        if result == "ok":
            assert (check.evidence[0].value, check.observed_at) == (value, at)
