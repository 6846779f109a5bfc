"""Rounds over all rules: what is kept of them, what they do to each other, and that each thing happens once."""

from __future__ import annotations

import threading
from datetime import timedelta
from unittest import mock

import pytest
from pytest_django import Settings

from diagnostics.alerts import measures, states
from diagnostics.alerts.measures import Measure
from diagnostics.alerts.rounds import look_at_rules
from diagnostics.domain.alerts.course import Reading
from diagnostics.domain.alerts.rules import RULES
from diagnostics.models import AlertLevels, AlertState, Condition, Episode, Flip, Incident, PartSample, WorkerLife
from tests.alerts.scene import HOUR, MINUTE, NOON, Desk, complete_pass, episodes, session, state


def test_a_round_looks_at_every_rule_and_says_so(desk: Desk) -> None:
    done = desk.look()
    assert (done.rules, done.errors, done.pinged_at, done.ping_error) == (len(RULES), 0, None, "")
    assert done.finished_at is not None
    assert set(AlertState.objects.values_list("evaluated_at", flat=True)) == {desk.now}


def test_a_rule_that_fires_has_an_episode_with_what_was_known(desk: Desk) -> None:
    shared = Incident.objects.create(
        shared_hash=77, kind="error", code="generation.disk_full", verdict="broken", noted_at=NOON, opened_at=NOON
    )
    for number in range(6):
        entry = session(NOON - HOUR, shared_hash=77)
        desk.ended(entry=entry, kind="failed", cause="generation.disk_full", user_hash=number % 2)
    desk.look()
    (episode,) = episodes("failures")
    facts = {line["fact"]: line["value"] for line in episode.evidence}
    assert (facts["value"], facts["level"], facts["sample"], facts["window_seconds"]) == (6, 5, 6, 3600)
    assert facts["causes"] == [["generation.disk_full", 6]]
    assert facts["worst_hour"][1] == 6
    assert (episode.sessions, episode.users, episode.incident) == (6, 2, shared.pk)
    assert (episode.begun_at, episode.fired_at, episode.ended_at) == (desk.now, desk.now, None)
    assert episode.levels["raise_at"] == 5
    assert state("failures").episode == episode


def test_the_evidence_of_a_rate_tells_it_by_status_and_by_file(desk: Desk) -> None:
    desk.ended(5)
    desk.ended(5, is_playable=False, cause="file.deleted")
    desk.look(times=3)
    facts = {line["fact"]: line["value"] for line in episodes("success_rate")[0].evidence}
    assert (facts["by_status"], facts["by_file"], facts["causes"]) == ([10, 10], [5, 10], [["file.deleted", 5]])


def test_an_incident_of_a_few_is_not_the_main_cause(desk: Desk) -> None:
    Incident.objects.create(shared_hash=77, kind="error", code="x", verdict="broken", noted_at=NOON, opened_at=NOON)
    for number in range(6):
        desk.ended(entry=session(NOON - HOUR, shared_hash=77 if number < 2 else None), kind="failed")
    desk.look()
    assert episodes("failures")[0].incident is None


def test_an_episode_follows_its_value_and_keeps_its_worst(desk: Desk) -> None:
    for percent in (86.0, 86.0, 86.0, 97.0, 91.0):
        desk.disk_percent = percent
        desk.look()
    (episode,) = episodes("disk_used")
    assert (episode.peak, episode.last_value, episode.begun_at) == (97.0, 91.0, NOON + MINUTE)


def test_every_change_of_a_state_leaves_one_flip(desk: Desk) -> None:
    for percent, times in ((50.0, 1), (90.0, 3), (50.0, 16)):
        desk.disk_percent = percent
        desk.look(times=times)
    told = list(Flip.objects.filter(rule="disk_used").order_by("pk").values_list("old", "new"))
    assert told == [("ok", "pending"), ("pending", "firing"), ("firing", "recovering"), ("recovering", "ok")]
    (episode,) = episodes("disk_used")
    assert episode.ended_at == desk.now
    assert Flip.objects.filter(episode=episode).count() == 3
    assert state("disk_used", "audio").episode is None


def test_a_rule_that_breaks_is_an_error_of_that_rule_alone(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    def broken(*_: object) -> dict[str, object]:
        raise ValueError("division by nothing")

    with mock.patch.dict(measures.MEASURES, {"failures": Measure(broken)}):  # type: ignore[arg-type]
        done = desk.look(times=4)
    assert (state("failures").state, state("failures").problem) == ("error", "crashed: ValueError: division by nothing")
    assert "failures could not be evaluated" in caplog.text
    assert done.errors == 1
    assert [episode.kind for episode in episodes("failures")] == ["error"]
    assert state("disk_used", "audio").state == "ok"
    desk.look()
    assert episodes("failures")[0].ended_at == desk.now


def test_what_cannot_be_kept_is_an_error_of_its_rule_alone(desk: Desk) -> None:
    def odd(*_: object) -> dict[str, Reading]:
        return {"": Reading(value=1.0, detail={"odd": object()})}

    with mock.patch.dict(measures.MEASURES, {"failures": Measure(odd)}):
        done = desk.look()
    assert done.finished_at is not None
    assert done.errors == 1
    assert state("failures").problem.startswith("crashed: TypeError")
    assert state("disk_used", "audio").state == "ok"


def test_what_a_crash_says_bears_no_secret(desk: Desk) -> None:
    def broken(*_: object) -> dict[str, Reading]:
        raise ValueError("no answer from https://x.example.com/?token=0123456789abcdef")

    with mock.patch.dict(measures.MEASURES, {"failures": Measure(broken)}):
        desk.look()
    assert "0123456789abcdef" not in state("failures").problem


def test_a_sample_that_is_old_is_an_error_and_no_resolve(desk: Desk) -> None:
    desk.disk_percent = 95.0
    desk.look(times=3)
    desk.disk_percent = None
    desk.look(times=30)
    assert (state("disk_used", "audio").state, state("disk_used", "audio").problem) == ("error", "stale")
    assert [(episode.kind, episode.ended_at) for episode in episodes("disk_used")] == [
        ("firing", None),
        ("error", None),
    ]


def test_a_condition_fires_at_once_and_silences_what_it_explains(desk: Desk) -> None:
    standing = Condition.objects.create(code="host.unavailable", opened_at=NOON, seen_at=NOON)
    desk.ended(6, kind="failed")
    desk.look()
    assert state("condition", "host.unavailable").state == "firing"
    assert (state("failures").state, state("failures").muted_by) == ("firing", "condition")
    Condition.objects.filter(pk=standing.pk).update(resolved_at=desk.now)
    desk.look(times=4)
    assert state("failures").muted_by == ""
    assert [episode.ended_at is not None for episode in episodes("condition")] == [True]


def test_a_database_that_is_down_is_told_once_and_other_parts_all_the_same(desk: Desk, settings: Settings) -> None:
    settings.WATCH_HOST_DATABASE, settings.HOST_DATABASE_URL, settings.ENGINE_COMMAND = True, "sqlite:////host", "true"
    settings.PARTS_INTERVAL_SECONDS = 60
    Condition.objects.create(code="host.unavailable", opened_at=NOON, seen_at=NOON)
    for part in ("database", "engine"):
        PartSample.objects.create(part=part, at=NOON, state="down", problem="refused", since=NOON)
    desk.look(times=3)
    assert {row.subject: row.muted_by for row in AlertState.objects.filter(rule="part_down", state="firing")} == {
        "database": "condition",
        "engine": "",
    }


def test_another_condition_silences_nothing(desk: Desk) -> None:
    Condition.objects.create(code="storage.listing_incomplete", opened_at=NOON, seen_at=NOON)
    desk.ended(6, kind="failed")
    desk.look()
    assert state("failures").muted_by == ""


def test_a_condition_that_is_gone_is_well_and_then_forgotten(desk: Desk) -> None:
    Condition.objects.create(code="host.schema", opened_at=NOON, seen_at=NOON)
    desk.look()
    Condition.objects.update(resolved_at=desk.now)
    desk.look()
    assert state("condition", "host.schema").state == "recovering"
    desk.look(times=3)
    assert not AlertState.objects.filter(rule="condition").exists()
    assert Episode.objects.filter(rule="condition", ended_at=None).count() == 0


def test_a_file_system_that_is_not_configured_any_more_ends_its_episode(desk: Desk, settings: Settings) -> None:
    desk.disk_percent = 95.0
    desk.look(times=3)
    settings.AUDIO_ROOT = ""
    desk.look()
    assert episodes("disk_used")[0].ended_at == desk.now
    desk.look()
    assert not AlertState.objects.filter(rule="disk_used").exists()


def test_a_rule_that_is_switched_off_ends_its_episode_and_is_not_looked_at(desk: Desk) -> None:
    desk.disk_percent = 95.0
    desk.look(times=3)
    AlertLevels.objects.create(rule="disk_used", is_on=False, changed_at=NOON, changed_by="ada")
    desk.look(times=2)
    assert episodes("disk_used")[0].ended_at is not None
    assert not AlertState.objects.filter(rule="disk_used").exists()


def test_a_resolved_incident_that_came_back_fires_with_its_number(desk: Desk) -> None:
    row = Incident.objects.create(
        shared_hash=1, kind="error", code="x", verdict="broken", noted_at=NOON, opened_at=NOON, times_opened=2,
        sessions=9, users=4,
    )  # fmt: skip
    desk.look()
    (episode,) = episodes("incident_regressed")
    assert (episode.subject, episode.incident, episode.sessions, episode.users) == (str(row.pk), row.pk, 9, 4)
    Incident.objects.update(handled_at=desk.now)
    desk.look(times=4)
    assert episodes("incident_regressed")[0].ended_at is not None


def test_a_worker_that_was_killed_fires_and_one_that_said_goodbye_does_not(desk: Desk) -> None:
    for pid, ended_at in ((1, None), (2, NOON)):
        WorkerLife.objects.create(holder=f"here:{pid}:x", started_at=NOON, seen_at=NOON, ended_at=ended_at)
    desk.look(times=3)
    assert [episode.subject for episode in episodes("worker_silent")] == ["here:1:x"]


def test_a_killed_worker_that_was_replaced_is_over_after_a_day(desk: Desk) -> None:
    WorkerLife.objects.create(holder="here:1:x", started_at=NOON, seen_at=NOON)
    replaced = WorkerLife.objects.create(holder="here:2:x", started_at=NOON, seen_at=NOON)
    for looks in range(17):
        desk.now = NOON + timedelta(days=1) if looks == 3 else desk.now
        WorkerLife.objects.filter(pk=replaced.pk).update(seen_at=desk.now + MINUTE)
        desk.look()
    assert [(row.subject, row.ended_at is None) for row in episodes("worker_silent")] == [("here:1:x", False)]


def test_a_pass_that_does_not_come_is_late_beyond_its_interval(desk: Desk, settings: Settings) -> None:
    settings.PASS_INTERVAL_SECONDS = 300
    complete_pass(NOON)
    desk.passes_keep_up = False
    desk.look(times=20)
    assert (state("pass_late").state, state("pass_late").value) == ("ok", 900)
    desk.look()
    assert state("pass_late").state == "firing"


def test_after_a_night_off_workers_and_passes_have_a_round_to_show_themselves(desk: Desk) -> None:
    """A machine that slept, a worker that was off, a clock that was set: all signs of life look old at the first look."""
    life = WorkerLife.objects.create(holder="here:1:x", started_at=NOON, seen_at=NOON + MINUTE)
    desk.look()
    desk.passes_keep_up = False
    desk.look(later=timedelta(hours=9))
    assert {state("worker_silent", life.pk).state, state("pass_late").state} == {"no_data"}
    desk.passes_keep_up = True
    WorkerLife.objects.update(seen_at=desk.now + MINUTE)
    desk.look()
    assert {state("worker_silent", life.pk).state, state("pass_late").state} == {"ok"}


def test_a_round_that_is_told_to_stop_is_not_finished(desk: Desk) -> None:
    stop = threading.Event()
    stop.set()
    assert look_at_rules(desk.now, stop).finished_at is None


def test_of_two_evaluators_one_wins_and_the_other_changes_nothing(desk: Desk) -> None:
    """The second one read the board before the first one wrote."""
    desk.ended(6, kind="failed")
    desk.look(later=timedelta())
    AlertState.objects.update(version=1, state="ok", episode=None)
    Episode.objects.all().delete()
    Flip.objects.all().delete()
    before = states.read_board()
    desk.look()
    with mock.patch.object(states, "read_board", return_value=before):
        desk.look(later=timedelta(seconds=1))
    assert len(episodes("failures")) == 1
    assert Flip.objects.filter(rule="failures").count() == 1
    assert state("failures").version == 2


def test_a_look_that_was_overtaken_writes_nothing(desk: Desk) -> None:
    desk.look()
    before = state("failures")
    look_at_rules(desk.now - timedelta(seconds=10), threading.Event())
    assert state("failures").version == before.version
