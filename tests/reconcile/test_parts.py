"""Samples of the host's parts in passes: as evidence, later than the row, forgotten, and at what cost."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from diagnostics import sources
from diagnostics.domain.chain import chain
from diagnostics.domain.document import document
from diagnostics.examine import examine
from diagnostics.models import Finding, PartSample
from tests.reconcile.scene import Scene

pytestmark = pytest.mark.django_db
REFUSED = "redis.exceptions.ConnectionError: Error 111 connecting to cache:6379. Connection refused."
HOUR = timedelta(hours=1)
TABLE = PartSample._meta.db_table


@pytest.fixture(autouse=True)
def watched(settings: Settings) -> None:
    settings.ENGINE_COMMAND, settings.HOST_CACHE_URL = "true", "redis://cache"
    settings.HOST_BROKER_URL, settings.WATCH_HOST_DATABASE = "redis://broker", True


def sample(part: str, at: datetime, state: str = "down", problem: str = "refused", **more: object) -> PartSample:
    values = {"since": at - timedelta(minutes=5), "detail": "Connection refused", **more}
    return PartSample.objects.create(part=part, at=at, state=state, problem=problem, **values)


def failed(scene: Scene, key: int, *, ago: timedelta = timedelta(), error: str | None = None) -> None:
    scene.failed(key, error)
    scene.host.update(key, updated_at=scene.text(ago=ago))


def facts(key: int, code: str) -> list[str]:
    [finding] = Finding.objects.filter(session__key=str(key), code=code)
    return [line["fact"] for line in finding.evidence]


def test_what_was_down_near_a_failure_is_its_possible_reason(scene: Scene) -> None:
    scene.session(9)
    for key, part in ((1, "cache"), (2, "engine"), (3, "mount")):
        failed(scene, key, ago=key * HOUR)
        sample(part, scene.now - key * HOUR)
    failed(scene, 4, ago=4 * HOUR)
    scene.run()
    assert [(scene.cause(key), scene.entry(key).confidence) for key in (1, 2, 3, 4)] == [
        ("generation.dependency_down", "possible"), ("generation.engine_failed", "possible"),
        ("generation.unexplained", "certain"), ("generation.unexplained", "certain"),
    ]  # fmt: skip


def test_what_is_unknown_or_well_explains_nothing(scene: Scene) -> None:
    scene.session(9)
    for key, state in ((1, "unknown"), (2, "up"), (3, "impaired")):
        failed(scene, key, ago=key * HOUR)
        sample("cache", scene.now - key * HOUR, state, "hung")
    scene.run()
    assert {scene.cause(key) for key in (1, 2, 3)} == {"generation.unexplained"}


def test_a_sample_that_comes_after_the_row_explains_it(scene: Scene) -> None:
    scene.session(9)
    failed(scene, 1)
    scene.run()
    assert scene.cause(1) == "generation.unexplained"
    scene.later(seconds=50)
    sample("broker", scene.now)
    scene.later(seconds=20)
    row = scene.run()
    assert (row.changed, scene.cause(1)) == (0, "generation.dependency_down")
    scene.later(seconds=600)
    scene.run()
    assert scene.entry(1).due_at is None
    assert scene.writes_of(scene.run) == []


def test_a_message_is_joined_by_the_sample_that_comes_later(scene: Scene) -> None:
    scene.session(9)
    failed(scene, 1, error=REFUSED)
    scene.run()
    assert facts(1, "generation.dependency_down") == ["error_message"]
    sample("cache", scene.now + timedelta(seconds=5))
    scene.later(seconds=30)
    scene.run()
    assert facts(1, "generation.dependency_down") == ["error_message", "cache", "so since", "its own words"]


def test_a_message_waits_for_no_samples_where_nothing_is_watched(scene: Scene, settings: Settings) -> None:
    settings.ENGINE_COMMAND = settings.HOST_CACHE_URL = settings.HOST_BROKER_URL = ""
    settings.WATCH_HOST_DATABASE = False
    scene.session(9)
    failed(scene, 1, error=REFUSED)
    scene.later(seconds=90)  # past settling
    scene.run()
    assert scene.entry(1).due_at is None


def test_what_was_seen_stays_when_the_samples_are_forgotten_or_the_part_is_off(
    scene: Scene, settings: Settings
) -> None:
    scene.session(9)
    failed(scene, 1, ago=HOUR)
    failed(scene, 2, ago=HOUR, error=REFUSED)
    sample("cache", scene.now - HOUR - timedelta(seconds=20))
    scene.run()
    before = list(Finding.objects.order_by("session__key").values_list("code", "evidence", "resolved_at"))
    assert [code for code, _lines, _at in before] == ["generation.dependency_down"] * 2
    live = examine("1", clock=lambda: scene.now).diagnosis
    settings.HOST_CACHE_URL = ""
    scene.run(everything=True)
    PartSample.objects.all().delete()
    scene.later(days=20)
    scene.run(everything=True)
    assert list(Finding.objects.order_by("session__key").values_list("code", "evidence", "resolved_at")) == before
    after = examine("1", clock=lambda: scene.now).diagnosis
    assert live is not None
    assert after is not None
    assert (after.cause, after.findings[0].evidence[1:]) == (live.cause, live.findings[0].evidence[1:])


def test_a_part_that_was_switched_off_is_never_called_down(scene: Scene, settings: Settings) -> None:
    settings.HOST_CACHE_URL = ""
    scene.session(9)
    failed(scene, 1, ago=HOUR)
    sample("cache", scene.now - HOUR)
    scene.run()
    assert scene.cause(1) == "generation.unexplained"
    found = examine("1", clock=lambda: scene.now)
    assert found.diagnosis is not None
    assert found.diagnosis.cause == "generation.unexplained"


def test_the_pass_and_the_live_look_show_the_same_lines(scene: Scene) -> None:
    scene.session(9)
    failed(scene, 1, ago=HOUR)
    scene.pending(2, ago=2 * HOUR)
    for seconds, state in ((100, "down"), (-50, "down"), (20, "up"), (10, "unknown")):
        sample("broker", scene.now - HOUR - timedelta(seconds=seconds), state)
    sample("broker", scene.now - timedelta(seconds=30), "impaired", "no_consumers")
    lines: list[dict[str, object]] = []
    scene.run(sink=lines.append)
    for key, cause in ((1, "generation.dependency_down"), (2, "worker.not_picked_up")):
        live = examine(str(key), clock=lambda: scene.now).diagnosis
        assert live is not None
        shown = document(live, sources.host_zone())
        [passed] = [line for line in lines if line.get("session_id") == key]
        assert shown["cause"] == cause
        assert (passed["findings"], passed["summary"]) == (shown["findings"], shown["summary"])
        assert "broker" in str(shown["findings"])


def test_a_session_that_waits_is_told_what_the_broker_shows_now_and_no_more_when_it_is_well(scene: Scene) -> None:
    scene.session(9)
    scene.pending(1, ago=2 * HOUR)
    sample("broker", scene.now)
    scene.run()
    assert "broker" in facts(1, "worker.not_picked_up")
    scene.later(seconds=60)
    sample("broker", scene.now, "up", "")
    scene.run()
    assert "broker" not in facts(1, "worker.not_picked_up")


def test_samples_cost_two_queries_a_batch_at_most(scene: Scene) -> None:
    for key in range(1, 30):
        failed(scene, key, ago=timedelta(minutes=key))
    for key in range(30, 40):
        scene.pending(key, ago=2 * HOUR)
    for minutes in range(40):
        sample("cache", scene.now - timedelta(minutes=minutes), "up" if minutes % 3 else "down")
    with CaptureQueriesContext(connection) as captured:
        scene.run()
    reading = [query["sql"] for query in captured.captured_queries if TABLE in query["sql"]]
    of_failures, of_now = sorted(reading, key=lambda sql: "'down'" in sql, reverse=True)
    assert "'up'" not in of_failures  # what was well is many, tells nothing, and is not read
    assert "'down'" in of_failures
    assert "'down'" not in of_now


def test_the_live_look_answers_for_each_part_by_the_sample_of_its_time(scene: Scene) -> None:
    scene.session(1)
    sample("database", scene.now - 2 * HOUR, "up", "", values={"lock_waits": 0})
    sample("cache", scene.now - 2 * HOUR)
    found = examine("1", clock=lambda: scene.now)
    assert found.evidence is not None
    assert found.diagnosis is not None
    checks = {check.name: check for step in chain(found.evidence, found.diagnosis) for check in step.checks}
    told = {
        name: (checks[f"server.{name}"].result, checks[f"server.{name}"].why)
        for name in ("engine", "database", "cache")
    }
    assert told == {"engine": ("not_checked", "no_part_samples"), "database": ("ok", ""), "cache": ("notice", "")}
    assert checks["server.database"].evidence[-1].value == "0"


def test_the_samples_of_the_mount_tell_since_when_the_store_is_away(scene: Scene, settings: Settings) -> None:
    settings.WATCH_AUDIO_MOUNT = True
    scene.session(1)
    scene.run()
    scene.root.rename(scene.root.with_name("elsewhere"))
    since = scene.now - timedelta(minutes=7)

    def told() -> list[tuple[str, str]]:
        found = examine("1", clock=lambda: scene.now).diagnosis
        assert found is not None
        assert found.cause == "storage.unavailable"
        return [(line.fact, line.value) for line in found.findings[0].evidence[1:]]

    assert told() == []
    sample("mount", scene.now, "down", "missing", since=since)
    assert told() == [("so since", since.isoformat())]
    sample("mount", scene.now + timedelta(seconds=1), "up", "")
    assert told() == []
    sample("mount", scene.now + timedelta(seconds=2), "unknown", "hung", since=since)
    scene.later(hours=2)
    assert told() == []
