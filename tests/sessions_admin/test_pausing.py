"""The switch: one pause at a time, changed and ended only as it was seen, and the audit knows all of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone

from sessions_admin import pausing
from sessions_admin.actors import By
from sessions_admin.models import AuditEntry, Pause
from sessions_admin.pause_texts import READY
from sessions_admin.pausing import PauseRefused
from sessions_admin.verification import verify
from tests.sessions_admin.pausing import ENGLISH, REASON, begun, terms

pytestmark = pytest.mark.django_db


def test_it_is_begun_changed_and_ended_and_the_audit_says_so(cast: dict[str, User]) -> None:
    now, eve, ada = timezone.now(), By(cast["eve"], REASON, "10.0.0.1"), By(cast["ada"], "all is well", "10.0.0.2")
    pause = pausing.begin(terms(), eve, now)
    pause = pausing.revise(pause.seen, terms(text_en="Another text."), ada, now + timedelta(minutes=1))
    pausing.end(pause.seen, ada, now + timedelta(minutes=2))
    ended = Pause.objects.get()
    assert (ended.begun_by, ended.changed_by, ended.ended_by, ended.lasted_seconds) == ("eve", "ada", "ada", 120)
    first, second, third = AuditEntry.objects.order_by("seq")
    assert [entry.action for entry in (first, second, third)] == ["pause", "pause_change", "pause_end"]
    assert (first.actor, first.reason, first.address, first.roles) == ("eve", REASON, "10.0.0.1", "engineer")
    texts = [(entry.before or {}).get("text_en") for entry in (first, second, third)]
    assert texts == [None, ENGLISH, "Another text."]
    assert [(entry.after or {})["end_reason"] for entry in (first, third)] == [None, "all is well"]
    assert verify().broken is None


def test_there_is_one_at_most(cast: dict[str, User]) -> None:
    begun(cast["eve"])
    with pytest.raises(PauseRefused) as refused:
        begun(cast["ada"])
    assert refused.value.sentence == "Refused: eve has paused long sequences already."
    assert Pause.objects.count() == 1
    last = AuditEntry.objects.order_by("-seq")[0]
    assert (last.actor, last.action, last.outcome) == ("ada", "pause", "refused")
    with pytest.raises(IntegrityError), transaction.atomic():
        Pause.objects.create(begun_at=timezone.now(), review_at=timezone.now(), begun_by="x")


def test_it_can_be_begun_again_after_its_end(cast: dict[str, User]) -> None:
    for _time in range(3):
        pausing.end(begun(cast["eve"]).seen, By(cast["eve"], "all is well", ""), timezone.now())
    assert Pause.objects.count() == 3
    assert Pause.standing() is None


def test_what_became_another_one_meanwhile_is_left_alone(cast: dict[str, User]) -> None:
    begun(cast["eve"])
    pause, now, ada = Pause.objects.get(), timezone.now(), By(cast["ada"], "all is well", "")
    changed = pausing.revise(pause.seen, terms(text_en="Another text."), By(cast["eve"], "better", ""), now)
    with pytest.raises(PauseRefused) as refused:
        pausing.end(pause.seen, ada, now)
    assert refused.value.sentence == "Refused: eve has changed the pause meanwhile."
    with pytest.raises(PauseRefused):
        pausing.revise(pause.seen, terms(), ada, now)
    assert Pause.objects.get().text_en == "Another text."
    pausing.end(changed.seen, ada, now)
    with pytest.raises(PauseRefused, match="has ended already"):
        pausing.end(changed.seen, ada, now)


@pytest.mark.parametrize(("who", "reason"), [("sam", REASON), ("max", REASON), ("eve", " x ")])
def test_who_may_not_or_gives_no_reason_is_refused(who: str, reason: str, cast: dict[str, User]) -> None:
    with pytest.raises(PauseRefused):
        pausing.begin(terms(), By(cast[who], reason, ""), timezone.now())
    assert Pause.standing() is None
    assert AuditEntry.objects.get().outcome == "refused"


def test_ready_texts_say_what_is_wrong_what_to_use_and_when_we_look_again() -> None:
    for text in READY.values():
        assert ("60-second audio" in text.english, "60 秒音频" in text.chinese) == (True, True)
        assert ("by {time}" in text.english, "{time} 前" in text.chinese) == (True, True)
        assert len(text.english.split()) <= 80
        assert len(text.chinese) <= 120
        assert not any(word in text.english.lower() for word in ("soon", "backend", "worker", "error", "unfortunately"))
        assert "！" not in text.chinese


def test_the_shell_switches_too(cast: dict[str, User], capsys: pytest.CaptureFixture[str]) -> None:
    call_command("pause", "on", actor="eve", reason=REASON, contact="support", review="90m")
    call_command("pause", "show")
    told = capsys.readouterr().out
    assert '"available": false' in told
    assert REASON not in told
    with pytest.raises(CommandError, match="eve has paused long sequences already"):
        call_command("pause", "on", actor="ada", reason=REASON, contact="support")
    call_command("pause", "off", actor="ada", reason="all is well")
    assert AuditEntry.objects.order_by("-seq")[0].address == "shell"
    assert Pause.standing() is None


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        ({"actor": "nobody"}, "no login nobody"),
        ({}, "--actor"),
        ({"actor": "sam"}, "the role does not include"),
        ({"actor": "eve", "review": "soon"}, "is no time"),
        ({"actor": "eve", "review": "0h"}, "still to come"),
        ({"actor": "eve", "contact": ""}, "--contact"),
        ({"actor": "eve", "text_en": "by {when}"}, "{when}"),
    ],
)
def test_the_shell_says_what_is_wrong(options: dict[str, str], problem: str, cast: dict[str, User]) -> None:
    with pytest.raises(CommandError, match=problem):
        call_command("pause", "on", **{"reason": REASON, "contact": "support", **options})
    assert Pause.standing() is None
