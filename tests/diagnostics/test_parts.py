"""The worker asks the host's parts: what it keeps of each, since when, and what it leaves alone."""

from __future__ import annotations

import shlex
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from config.env import BASE_DIR
from config.local import demo_settings
from config.schedule import SCHEDULE
from diagnostics import housekeeping, part_days, parts
from diagnostics.models import PartSample
from diagnostics.probes.parts.told import PartTold
from tests.host_database import HostDatabase
from tests.servers.redis_server import PASSWORD, RedisServer, redis_server

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TOKEN = "tok_5f1e9c7ab2d84e"


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[RedisServer]:
    with redis_server(tmp_path) as server:
        yield server


def python(script: str) -> str:
    return shlex.join([sys.executable, "-c", script])


def sampled(part: str, now: datetime = NOW) -> PartSample:
    return {row.part: row for row in parts.take_part_samples(now)}[part]


def row(part: str, at: datetime, state: str, **more: object) -> PartSample:
    return PartSample.objects.create(**{"part": part, "at": at, "state": state, "since": at, **more})


def test_nothing_is_asked_where_nothing_is_switched_on(host_database: HostDatabase) -> None:
    assert parts.watched() == frozenset()
    assert parts.take_part_samples(NOW) == []
    assert PartSample.objects.count() == 0
    assert part_days.read_parts() is None


def test_each_setting_switches_its_part_on(settings: Settings) -> None:
    settings.HOST_DATABASE_URL, settings.AUDIO_ROOT = "sqlite:////srv/host.sqlite3", "/srv/audio"
    switches: dict[str, dict[str, object]] = {
        "engine": {"ENGINE_COMMAND": "true"},
        "database": {"WATCH_HOST_DATABASE": True},
        "cache": {"HOST_CACHE_URL": "redis://cache"},
        "broker": {"HOST_BROKER_URL": "redis://broker"},
        "mount": {"WATCH_AUDIO_MOUNT": True},
    }
    on = set()
    for part, values in switches.items():
        for name, value in values.items():
            setattr(settings, name, value)
        on.add(part)
        assert parts.watched() == on
        assert {question.part for question in parts.questions()} == on
    settings.HOST_DATABASE_URL = settings.AUDIO_ROOT = ""
    assert parts.watched() == {"engine", "cache", "broker"}


def test_the_engine_has_a_limit_of_its_own_and_queues_are_named(settings: Settings) -> None:
    settings.ENGINE_COMMAND, settings.ENGINE_SECONDS = "true", 33.0
    settings.HOST_BROKER_URL, settings.HOST_QUEUES, settings.HOST_QUEUE_KIND = "redis://b", ["long", "short"], "rq"
    engine, broker = parts.questions()
    assert (engine.seconds, broker.seconds) == (33.0, 5.0)
    assert broker.how == {"url": "redis://b", "queues": ["long", "short"], "kind": "rq"}


def test_all_parts_are_asked_and_one_sample_of_each_is_kept(host_database: HostDatabase, settings: Settings) -> None:
    settings.ENGINE_COMMAND = python("print('1 s of audio')")
    settings.WATCH_HOST_DATABASE = settings.WATCH_AUDIO_MOUNT = True
    settings.HOST_CACHE_URL = settings.HOST_BROKER_URL = "redis://127.0.0.1:1/0"
    parts.take_part_samples(NOW)
    kept = {sample.part: (sample.state, sample.problem) for sample in PartSample.objects.all()}
    assert kept == {
        "engine": ("up", ""), "database": ("up", ""), "mount": ("up", ""),
        "cache": ("down", "refused"), "broker": ("down", "refused"),
    }  # fmt: skip
    assert PartSample.objects.get(part="database").values["took_seconds"] >= 0
    assert {sample.at for sample in PartSample.objects.all()} == {NOW}


def test_parts_are_asked_side_by_side(settings: Settings) -> None:
    settings.ENGINE_COMMAND = python("import time; time.sleep(2)")
    settings.HOST_CACHE_URL = settings.HOST_BROKER_URL = "redis://127.0.0.1:1/0"
    begun = datetime.now(UTC)
    assert len(parts.take_part_samples(NOW)) == 3
    assert datetime.now(UTC) - begun < timedelta(seconds=12)


def test_it_tells_since_when_a_part_is_as_it_is(settings: Settings) -> None:
    settings.ENGINE_COMMAND = python("raise SystemExit(3)")
    first, second = sampled("engine"), sampled("engine", NOW + MINUTE)
    assert (first.state, first.problem, first.since, first.well_at) == ("down", "exit_code", NOW, None)
    assert (second.since, second.well_at) == (NOW, None)
    settings.ENGINE_COMMAND = "/nowhere/engine"
    assert (sampled("engine", NOW + 2 * MINUTE).problem, sampled("engine", NOW + 3 * MINUTE).since) == (
        "not_found", NOW + 2 * MINUTE,
    )  # fmt: skip
    settings.ENGINE_COMMAND = "true"
    well = sampled("engine", NOW + 4 * MINUTE)
    assert (well.state, well.since, well.well_at) == ("up", NOW + 4 * MINUTE, NOW + 4 * MINUTE)
    settings.ENGINE_COMMAND = "false"
    assert sampled("engine", NOW + 5 * MINUTE).well_at == NOW + 4 * MINUTE


def test_where_nobody_looked_for_long_a_state_is_not_said_to_have_lasted(settings: Settings) -> None:
    settings.ENGINE_COMMAND = "false"
    sampled("engine")
    later = NOW + parts.UNWATCHED + MINUTE
    assert sampled("engine", later).since == later


def test_one_that_hangs_is_unknown_since_then_and_comes_back(
    redis: RedisServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parts, "OTHER_SECONDS", 1.0)
    settings.HOST_CACHE_URL = redis.url
    assert sampled("cache").state == "up"
    redis.freeze()
    states = [sampled("cache", NOW + number * MINUTE) for number in (1, 2)]
    assert [(one.state, one.since, one.well_at) for one in states] == [("unknown", NOW + MINUTE, NOW)] * 2
    redis.thaw()
    assert sampled("cache", NOW + 3 * MINUTE).state == "up"
    redis.stop()
    assert sampled("cache", NOW + 4 * MINUTE).state == "down"


def test_the_oldest_task_has_waited_since_the_same_one_is_seen_at_the_head(
    redis: RedisServer, settings: Settings
) -> None:
    settings.HOST_BROKER_URL, settings.HOST_QUEUES = redis.url, ["celery"]
    redis.client.lpush("celery", b'{"headers": {"id": "first"}}')
    first = sampled("broker")
    redis.client.lpush("celery", b'{"headers": {"id": "second"}}')
    second = sampled("broker", NOW + MINUTE)
    assert [one.values["queue_length"] for one in (first, second)] == [1, 2]
    assert [one.values["oldest_seconds"] for one in (first, second)] == [0, 60]
    redis.client.rpop("celery")
    assert sampled("broker", NOW + 2 * MINUTE).values["oldest_seconds"] == 0


def test_what_a_broker_tells_of_the_age_itself_stands() -> None:
    values: parts.Values = {"head": "q: abc", "oldest_seconds": 17.0}
    assert parts._with_age(dict(values), None, NOW) == values
    assert parts._with_age({"head": None, "oldest_seconds": None}, None, NOW)["oldest_seconds"] is None


def test_a_part_that_is_switched_off_is_asked_no_more_and_not_shown(settings: Settings) -> None:
    settings.HOST_CACHE_URL, settings.ENGINE_COMMAND = "redis://127.0.0.1:1/0", "true"
    sampled("cache")
    settings.HOST_CACHE_URL = ""
    assert [one.part for one in parts.take_part_samples(NOW + MINUTE)] == ["engine"]
    snapshot = part_days.read_parts()
    assert snapshot is not None
    assert [shown["part"] for shown in snapshot.content["parts"]] == ["engine"]


def test_secrets_of_an_engine_are_kept_nowhere(settings: Settings) -> None:
    settings.ENGINE_COMMAND = python(
        f"import sys; sys.exit('login failed: token={TOKEN} Authorization: Bearer {TOKEN}')"
    )
    kept = sampled("engine")
    snapshot = part_days.read_parts()
    assert kept.state == "down"
    assert "login failed" in kept.detail
    assert snapshot is not None
    assert TOKEN not in f"{kept.detail} {kept.values} {snapshot.content}"


def test_secrets_of_an_address_are_kept_nowhere(redis: RedisServer, settings: Settings) -> None:
    settings.HOST_CACHE_URL = redis.url.replace("only", f"{TOKEN}")
    kept = sampled("cache")
    assert (kept.state, kept.problem) == ("down", "denied")
    assert not any(secret in f"{kept.detail} {kept.values}" for secret in (TOKEN, PASSWORD))


def test_a_long_text_is_cut_and_made_harmless(settings: Settings) -> None:
    settings.ENGINE_COMMAND = python("import sys; sys.exit('a\\x1b[31mb ' + 'long ' * 200)")
    detail = sampled("engine").detail
    assert 0 < len(detail) <= 300
    assert detail.isprintable()


def test_whatever_a_probe_tells_is_harmless_once_it_is_kept() -> None:
    told = PartTold("down", "p" * 99, f"token={TOKEN} \0\x1b[31m" + "long " * 500, {"source": f"redis://u:{TOKEN}@c"})
    kept = parts._sample("cache", told, None, NOW)
    kept.clean_fields(exclude=["well_at"])
    assert kept.detail.isprintable()
    assert TOKEN not in f"{kept.detail} {kept.values}"


def test_a_probe_that_hangs_since_an_earlier_round_says_so_itself() -> None:
    began = NOW - 7 * MINUTE
    assert parts._sample("mount", PartTold("unknown", "hung", since=began), None, NOW).since == began


def test_what_json_does_not_know_is_no_number() -> None:
    told = {"consumers": float("nan"), "queue_length": float("inf"), "lock_waits": 2, "source": "x" * 1000}
    kept = parts._harmless(told)
    assert (kept["consumers"], kept["queue_length"], kept["lock_waits"]) == (None, None, 2)
    assert len(str(kept["source"])) <= 300


def test_where_another_process_has_the_turn_nothing_was_learned(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENGINE_COMMAND = python("import time; time.sleep(60)")
    stop = threading.Event()
    threading.Timer(1.0, stop.set).start()
    assert parts.take_part_samples(NOW, stop) == []
    assert PartSample.objects.count() == 0


def test_the_day_holds_the_gravest_state_of_each_half_hour() -> None:
    for minutes, state in (
        (1, "up"),
        (2, "down"),
        (3, "unknown"),
        (40, "impaired"),
        (41, "up"),
        (100, "up"),
        (1500, "down"),
    ):
        row("cache", NOW - minutes * MINUTE, state)
    row("engine", NOW - MINUTE, "unknown")
    days = part_days.last_day(["cache", "engine"], NOW)
    assert [len(day) for day in days.values()] == [48, 48]
    assert days["cache"][-4:] == ["up", None, "impaired", "down"]
    assert set(days["cache"][:-4]) == {None}
    assert days["engine"][-1] == "unknown"


def test_samples_are_forgotten_after_eight_days() -> None:
    for days in (7, 9):
        row("cache", NOW - timedelta(days=days), "up")
    housekeeping.forget_old(NOW, threading.Event())
    assert [sample.at for sample in PartSample.objects.all()] == [NOW - timedelta(days=7)]


def test_the_worker_asks_in_a_lane_of_its_own() -> None:
    tasks = {task.name: task for task in SCHEDULE}
    assert tasks["parts"].function == "diagnostics.parts.take_part_samples"
    assert [task.name for task in SCHEDULE if task.lane == tasks["parts"].lane] == ["parts"]


def test_the_demo_watches_its_parts() -> None:
    demo = demo_settings({})
    assert (demo["WATCH_HOST_DATABASE"], demo["WATCH_AUDIO_MOUNT"], demo["PARTS_INTERVAL_SECONDS"]) == (
        "on",
        "on",
        "15",
    )
    words = shlex.split(demo["ENGINE_COMMAND"])
    assert words[-6:] == [sys.executable, "-m", "demo", "engine", "--root", demo["DEMO_ROOT"]]
    assert words[:2] == ["env", f"PYTHONPATH={BASE_DIR}"]  # it is run elsewhere, and finds the demo by that alone
