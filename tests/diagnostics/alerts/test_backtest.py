"""The back-test: the same episodes as rounds had, to the minute; and it says how far back it reaches."""

from __future__ import annotations

import random
import threading
from dataclasses import asdict, replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from diagnostics.alerts.backtest import SOURCES, Backtest, backtest
from diagnostics.alerts.rounds import look_at_rules
from diagnostics.domain.alerts.rules import BY_NAME, Levels
from diagnostics.models import AlertLevels, Condition, Ending, Episode, PartSample, Pass, ResourceSample, SessionEntry

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ROUNDS = 160
NOW = datetime(2026, 11, 24, 12, 0, 7, tzinfo=timezone.get_default_timezone())
FIRST = NOW - ROUNDS * MINUTE
UNSAMPLED = range(26, 34)  # just after it went bad: what is too old tells nothing
SHORT = {
    "success_rate": Levels(90, 92, 600, 5, 120, 180),
    "generation_time": Levels(300, 270, 900, 3, 60, 120),
    "failures": Levels(3, 1, 300, None, 0, 120),
    "disk_used": Levels(85, 80, None, None, 300, 180),
    "disk_full_soon": Levels(6, 12, 1200, None, 300, 180),
    "part_down": Levels(0, 0, None, None, 120, 120),
    "condition": Levels(0, 0, None, None, 0, 120),
}


@pytest.fixture
def session(db: None) -> SessionEntry:
    seen = {"listed_at": FIRST, "first_seen_at": FIRST, "changed_at": FIRST}
    return SessionEntry.objects.create(key="1", verdict="playable", state="well", status="completed", **seen)


def ended(session: SessionEntry, at: datetime, kind: str = "failed", **told: object) -> Ending:
    return Ending.objects.create(session=session, ended_at=at, kind=kind, **told)


def shape(found: Backtest) -> list[tuple[str, datetime, datetime, datetime | None]]:
    return [(spell.subject, spell.since, spell.fired_at, spell.until) for spell in found.episodes]


def history(session: SessionEntry, seed: int) -> None:
    """What rounds read of times gone by: endings on and between the rounds, and samples; the rest comes with each round."""
    chance, free = random.Random(seed), 10_000_000_000.0
    for minute in range(ROUNDS):
        at, is_bad = FIRST + minute * MINUTE, (minute // 25) % 2 == 1
        for _time in range(chance.randint(0, 3)):
            when = at + timedelta(seconds=chance.choice([0, 0, 13, 44]))
            share = 0.5 if is_bad else 0.04
            if chance.random() < share:
                ended(session, when, chance.choice(["failed", "stuck"]))
            else:
                took = chance.choice([100.0, 300.0, 900.0 if is_bad else 120.0])
                ended(session, when, "completed", is_playable=chance.choice([True, True, None]), took_seconds=took)
        free -= chance.choice([9e7, 5e7]) if is_bad else -3e7
        used = 86 + chance.random() if is_bad else chance.choice([79.0, 82.0, 85.0])
        values = {"temporary_bytes_percent": used, "temporary_free_bytes": free, "temporary_inodes_percent": 5.0}
        if minute not in UNSAMPLED and chance.random() < 0.95:
            ResourceSample.objects.create(at=at - timedelta(seconds=chance.randint(0, 5)), values=values)


def happen(minute: int) -> None:
    """What rounds read as it stands just now."""
    at, is_bad = FIRST + minute * MINUTE, (minute // 30) % 2 == 1
    told = {"values": {}, "since": at, "at": at - timedelta(seconds=3)}
    PartSample.objects.create(part="engine", state="down" if is_bad else "up", **told)
    if minute % 40 == 12:
        Condition.objects.create(code="host.unavailable", opened_at=at, seen_at=at)
    if minute % 40 == 29:
        Condition.objects.filter(resolved_at=None).update(resolved_at=at)


@pytest.mark.parametrize("seed", [1, 2])
def test_it_finds_the_very_episodes_that_rounds_had(seed: int, session: SessionEntry, settings: Settings) -> None:
    settings.ENGINE_COMMAND, settings.AUDIO_ROOT, settings.HOST_DATABASE_URL = "true", "", ""
    settings.SAMPLE_INTERVAL_SECONDS = settings.PARTS_INTERVAL_SECONDS = 60
    Pass.objects.create(started_at=FIRST, heartbeat_at=FIRST, finished_at=NOW, outcome=Pass.Outcome.COMPLETE)
    for name, levels in SHORT.items():
        AlertLevels.objects.create(rule=name, changed_at=FIRST, changed_by="ada", **asdict(levels))
    history(session, seed)
    for minute in range(ROUNDS + 1):
        happen(minute)
        look_at_rules(FIRST + minute * MINUTE, threading.Event())
    for name, levels in SHORT.items():
        had = Episode.objects.filter(rule=name, kind="firing").order_by("fired_at", "subject")
        told = list(had.values_list("subject", "begun_at", "fired_at", "ended_at"))
        assert shape(backtest(name, levels, NOW)) == told, name
    assert {episode.rule for episode in Episode.objects.filter(kind="firing")} >= {*SHORT}


def test_every_rule_that_can_be_tried_has_a_source() -> None:
    assert {name for name, rule in BY_NAME.items() if rule.can_backtest} == {*SOURCES}


@pytest.mark.parametrize("name", SOURCES)
def test_nothing_kept_is_nothing_fired(name: str, db: None) -> None:
    found = backtest(name, BY_NAME[name].levels, NOW)
    assert (found.fired, found.longest_seconds, found.reaches_back_to, found.is_cut) == (0, 0.0, NOW, False)
    assert found.is_empty


def test_it_counts_how_often_and_for_how_long(session: SessionEntry) -> None:
    for days in (20, 3):
        for _each in range(6):
            ended(session, NOW - timedelta(days=days))
    ended(session, NOW - timedelta(days=40))
    found = backtest("failures", BY_NAME["failures"].levels, NOW)
    # Over for an hour, which is the window, and then well for 15 minutes.
    assert (found.fired, found.longest_seconds, found.step_seconds) == (2, 75 * 60, 60)
    assert found.reaches_back_to == NOW - timedelta(days=30)
    milder = replace(BY_NAME["failures"].levels, raise_at=6)
    assert backtest("failures", milder, NOW).fired == 0


def test_history_that_is_younger_than_30_days_is_said(session: SessionEntry) -> None:
    ended(session, NOW - timedelta(days=3))
    assert backtest("failures", BY_NAME["failures"].levels, NOW).reaches_back_to == NOW - timedelta(days=3)
    ResourceSample.objects.create(at=NOW - timedelta(days=8), values={"temporary_bytes_percent": 99.0})
    assert backtest("disk_used", BY_NAME["disk_used"].levels, NOW).reaches_back_to == NOW - timedelta(days=8)


def test_what_does_not_fit_into_its_time_is_cut_and_said(session: SessionEntry) -> None:
    rows = (Ending(session=session, kind="failed", ended_at=NOW - place * MINUTE) for place in range(3000))
    Ending.objects.bulk_create(rows, batch_size=500)
    levels = replace(BY_NAME["failures"].levels, raise_at=59)
    found = backtest("failures", levels, NOW, limit_seconds=0)
    # A day was read; the first window that is whole ends an hour after its beginning.
    assert (found.is_cut, found.reaches_back_to) == (True, NOW - timedelta(hours=23))
    assert [(spell.fired_at, spell.until) for spell in found.episodes] == [(NOW - timedelta(hours=23), None)]
    longer = backtest("failures", replace(levels, window_seconds=2 * 86_400), NOW, limit_seconds=0)
    assert (longer.is_cut, longer.is_empty, longer.fired) == (True, True, 0)


def test_what_lasts_counts_up_to_now(session: SessionEntry) -> None:
    Pass.objects.create(started_at=FIRST, heartbeat_at=FIRST)
    Condition.objects.create(code="host.unavailable", opened_at=NOW - timedelta(hours=2), seen_at=NOW)
    found = backtest("condition", BY_NAME["condition"].levels, NOW)
    assert (found.fired, found.longest_seconds, found.episodes[0].until) == (1, 7200, None)


def test_a_pass_that_was_late_would_have_fired(db: None, settings: Settings) -> None:
    settings.PASS_INTERVAL_SECONDS = 60
    for hours in (5, 4, 1):
        at = NOW - timedelta(hours=hours)
        Pass.objects.create(started_at=at, heartbeat_at=at, finished_at=at, outcome=Pass.Outcome.COMPLETE)
    levels = Levels(3600, 300, for_seconds=0, keep_seconds=0)
    found = backtest("pass_late", levels, NOW)
    # Three hours without one: from one interval and an hour on, up to the next.
    assert shape(found) == [
        ("", NOW - timedelta(hours=3) + 2 * MINUTE, NOW - timedelta(hours=3) + 2 * MINUTE, NOW - timedelta(hours=1))
    ]
