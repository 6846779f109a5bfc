"""Levels: changed only as they were seen, never to nonsense, and the audit has what they were, what they became, and why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.utils import timezone, translation

from diagnostics.domain.alerts.rules import BY_NAME, Levels
from diagnostics.models import AlertLevels
from sessions_admin.actors import By
from sessions_admin.alerting import levels
from sessions_admin.alerting.deciding import AlertRefused
from sessions_admin.alerting.level_bounds import faults
from sessions_admin.alerting.levels import Standing
from sessions_admin.models import AuditEntry
from sessions_admin.verification import verify

pytestmark = pytest.mark.django_db
REASON = "too many false alarms at night"
RATE = BY_NAME["success_rate"]
OTHER = replace(RATE.levels, raise_at=80, clear_at=85)


def changed(who: User, wanted: Levels = OTHER, *, seen: int = 0, is_on: bool = True, reason: str = REASON) -> Standing:
    by = By(who, reason, "10.0.0.1")
    return levels.change("success_rate", wanted, is_on=is_on, seen=seen, by=by, now=timezone.now())


def test_a_change_is_in_force_and_the_audit_has_before_after_and_why(cast: dict[str, User]) -> None:
    changed(cast["ada"])
    shown = levels.standing(RATE)
    assert (shown.levels, shown.is_on, shown.revision, shown.changed_by) == (OTHER, True, 1, "ada")
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.reason, entry.address) == ("alert_levels", "ada", REASON, "10.0.0.1")
    assert (entry.before or {})["raise_at"] == "90"
    assert (entry.after or {})["raise_at"] == "80"
    assert entry.sentence == "The levels of the alert success_rate were changed."
    assert verify().broken is None


def test_what_equals_the_default_is_kept_as_the_default(cast: dict[str, User]) -> None:
    changed(cast["ada"])
    row = AlertLevels.objects.get()
    assert (row.raise_at, row.clear_at, row.window_seconds, row.smallest_sample) == (80, 85, None, None)


def test_of_two_administrators_the_second_is_told(cast: dict[str, User]) -> None:
    changed(cast["ada"])
    with pytest.raises(AlertRefused) as refused:
        changed(cast["ada"], replace(OTHER, raise_at=70), seen=0)
    assert refused.value.sentence == "Refused: ada has changed this alert meanwhile."
    assert levels.standing(RATE).levels == OTHER
    changed(cast["ada"], replace(OTHER, raise_at=70), seen=1)
    with pytest.raises(AlertRefused):
        changed(cast["ada"], replace(OTHER, raise_at=60), seen=1)
    assert levels.standing(RATE).levels.raise_at == 70
    assert [entry.outcome for entry in AuditEntry.objects.order_by("seq")] == ["done", "refused", "done", "refused"]


def test_a_rule_is_switched_off_and_on_with_its_levels_kept(cast: dict[str, User]) -> None:
    changed(cast["ada"])
    changed(cast["ada"], seen=1, is_on=False)
    assert levels.standing(RATE) == replace(levels.standing(RATE), levels=OTHER, is_on=False)
    assert (AuditEntry.objects.order_by("-seq")[0].after or {})["is_on"] == "off"


def test_it_goes_back_to_the_default_and_stays_off_where_it_was_off(cast: dict[str, User]) -> None:
    changed(cast["ada"], is_on=False)
    back = levels.back_to_default("success_rate", seen=1, by=By(cast["ada"], REASON, ""), now=timezone.now())
    assert (back.levels, back.is_on, back.is_default, back.revision) == (RATE.levels, False, True, 2)
    row = AlertLevels.objects.get()
    assert {getattr(row, name) for name in levels.FIELDS} == {None}


def test_a_change_that_changes_nothing_is_refused(cast: dict[str, User]) -> None:
    with pytest.raises(AlertRefused, match="stands like this already"):
        changed(cast["ada"], RATE.levels)
    assert not AlertLevels.objects.exists()


@pytest.mark.parametrize(("who", "reason"), [("sam", REASON), ("eve", REASON), ("max", REASON), ("ada", " x ")])
def test_who_may_not_or_gives_no_reason_is_refused(who: str, reason: str, cast: dict[str, User]) -> None:
    with pytest.raises(AlertRefused):
        changed(cast[who], reason=reason)
    assert not AlertLevels.objects.exists()
    assert AuditEntry.objects.get().outcome == "refused"


def test_nonsense_is_refused_whoever_asks(cast: dict[str, User]) -> None:
    with pytest.raises(AlertRefused) as refused:
        changed(cast["ada"], replace(OTHER, clear_at=70, smallest_sample=0))
    assert "clear_at, smallest_sample" in refused.value.sentence
    with pytest.raises(AlertRefused, match="no alert of this name"):
        levels.back_to_default("nowhere", seen=0, by=By(cast["ada"], REASON, ""), now=timezone.now())


@pytest.mark.parametrize(
    ("rule", "wrong", "named"),
    [
        ("success_rate", {"clear_at": 89.9}, "clear_at"),
        ("disk_used", {"clear_at": 85.1}, "clear_at"),
        ("success_rate", {"raise_at": -0.1}, "raise_at"),
        ("success_rate", {"clear_at": 100.1}, "clear_at"),
        ("success_rate", {"raise_at": float("nan")}, "raise_at"),
        ("generation_time", {"raise_at": float("inf")}, "raise_at"),
        ("success_rate", {"window_seconds": 299}, "window_seconds"),
        ("success_rate", {"window_seconds": 330}, "window_seconds"),
        ("success_rate", {"window_seconds": 30 * 86_400 + 60}, "window_seconds"),
        ("success_rate", {"window_seconds": None}, "window_seconds"),
        ("disk_used", {"window_seconds": 3600}, "window_seconds"),
        ("success_rate", {"smallest_sample": 0}, "smallest_sample"),
        ("success_rate", {"smallest_sample": 1001}, "smallest_sample"),
        ("failures", {"smallest_sample": 5}, "smallest_sample"),
        ("failures", {"for_seconds": -1}, "for_seconds"),
        ("condition", {"keep_seconds": 86_401}, "keep_seconds"),
    ],
)
def test_what_makes_no_sense_is_named_by_its_field(rule: str, wrong: dict[str, Any], named: str) -> None:
    found = faults(BY_NAME[rule], replace(BY_NAME[rule].levels, **wrong))
    assert [fault.name for fault in found] == [named]


@pytest.mark.parametrize(
    ("rule", "right"),
    [
        ("success_rate", {"raise_at": 0, "clear_at": 100}),
        ("success_rate", {"clear_at": 90}),
        ("disk_used", {"clear_at": 85}),
        ("success_rate", {"window_seconds": 300, "smallest_sample": 1}),
        ("success_rate", {"window_seconds": 30 * 86_400, "smallest_sample": 1000}),
        ("part_down", {"for_seconds": 86_400, "keep_seconds": 0}),
        *((name, {}) for name in BY_NAME),
    ],
)
def test_the_bounds_themselves_and_all_defaults_make_sense(rule: str, right: dict[str, Any]) -> None:
    assert not faults(BY_NAME[rule], replace(BY_NAME[rule].levels, **right))


def test_a_fault_is_told_in_the_language_of_the_user() -> None:
    (fault,) = faults(RATE, replace(RATE.levels, clear_at=80))
    assert fault.sentence == "The rule fires below 90: the level at which it ends must be that or higher."
    with translation.override("zh-hans"):
        assert fault.sentence == "低于 90 时触发，因此结束的数值须等于或高于它。"
