"""Whose audio is not composed again: each is left alone by the plan, with the sentence that names the better action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from diagnostics.domain.causes import CATALOGUE
from diagnostics.models import Incident, ResourceSample, SessionEntry
from sessions_admin import outlook
from sessions_admin.actions import lost_audio, regenerate, rows
from sessions_admin.actions.lost_audio import LOST, refusals_of_last_pass
from sessions_admin.models import AuditEntry, Run
from sessions_admin.runs.confirm import Refusal
from tests.reconcile.scene import PREFIX, Scene
from tests.sessions_admin.regenerate.breaking import break_five
from tests.sessions_admin.regenerate.conftest import Plan
from tests.sessions_admin.runs.conftest import Begin

pytestmark = pytest.mark.django_db


def _misplaced(scene: Scene) -> None:
    scene.row(5)
    scene.file(scene.name(5), folder="old")


def _half_committed(scene: Scene) -> None:
    scene.failed(5)
    scene.file(scene.name(5))


def _settling(scene: Scene) -> None:
    scene.row(5, updated_at=scene.text())


def _wrong_url(scene: Scene) -> None:
    scene.session(5, final_file_path=scene.name(5))


def _expired(scene: Scene) -> None:
    scene.row(5, completed_at=scene.text(ago=timedelta(days=50)))


LEFT_ALONE: dict[str, tuple[Callable[[Scene], object], str]] = {
    "whole": (lambda scene: scene.session(5), lost_audio.WHOLE),
    "whole, with an old error": (lambda scene: scene.session(5, error_message="old"), lost_audio.WHOLE),
    "misplaced": (_misplaced, lost_audio.RELINK),
    "elsewhere": (lambda scene: scene.row(5, final_file_path="https://cdn.example.cn/5.wav"), lost_audio.REMOTE),
    "unsafe": (lambda scene: scene.row(5, final_file_path="../../etc/5.wav"), lost_audio.UNSAFE),
    "failed": (lambda scene: scene.failed(5), lost_audio.RESET),
    "half committed": (_half_committed, outlook.WHOLE_FILE),
    "pending": (lambda scene: scene.pending(5, ago=timedelta(minutes=1)), lost_audio.ON_ITS_WAY),
    "generating": (
        lambda scene: scene.pending(5, ago=timedelta(minutes=1), status="generating"), lost_audio.ON_ITS_WAY,
    ),
    "of another status": (lambda scene: scene.row(5, status="archived"), lost_audio.NO_STATUS),
    "settling": (_settling, lost_audio.SETTLING),
    "wrong url": (_wrong_url, lost_audio.WELL),
    "expired": (_expired, lost_audio.EXPIRED),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT_ALONE)
def test_the_plan_leaves_it_alone_and_says_why(scene: Scene, plan: Plan, settings: Settings, name: str) -> None:
    if name == "expired":
        settings.LIMITS = replace(settings.LIMITS, audio_retention_days=30)
    make, why = LEFT_ALONE[name]
    make(scene)
    scene.run()
    item = plan().items.get()
    assert (item.expectation, item.why) == ("skip", why)
    assert item.sentence.startswith("Session 5 ")


def test_what_the_store_keeps_back_waits_for_it(scene: Scene, plan: Plan, settings: Settings) -> None:
    scene.row(5)
    scene.run()
    settings.AUDIO_ROOT = str(scene.root / "unmounted")
    scene.run()
    assert plan().items.get().why == lost_audio.NOT_CHECKED


def test_every_cause_has_its_sentence_or_is_composed_again(db: None) -> None:
    """By its cause alone, whatever the rest of the index says; of a failed session its row tells."""
    for code, cause in CATALOGUE.items():
        told = {"verdict": str(cause.verdict or "playable"), "state": "faulty", "cause": code}
        now = timezone.now()
        SessionEntry.objects.create(key=code, listed_at=now, first_seen_at=now, changed_at=now, **told)
    found = refusals_of_last_pass(list(CATALOGUE))
    assert {code for code, why in found.items() if not why} == LOST
    assert found["file.unreadable"] == lost_audio.UNREADABLE
    assert {found[code] for code in CATALOGUE if code.startswith("delivery.")} == {lost_audio.WELL}


def test_what_no_pass_has_seen_waits_for_one(scene: Scene, plan: Plan) -> None:
    scene.run()
    scene.row(5)
    assert plan().items.get().why == lost_audio.NOT_JUDGED


def test_what_is_gone_or_was_never_there_is_said(scene: Scene, plan: Plan) -> None:
    assert plan(99).items.get().why == rows.GONE


def test_a_full_disk_composes_nothing(scene: Scene, plan: Plan) -> None:
    break_five(scene, "file.never_written")
    ResourceSample.objects.create(at=timezone.now(), values={"audio_bytes_percent": 99.5})
    assert plan(5, 1).items.get(key="5").why == regenerate.DISK_FULL
    assert plan(5, 1).items.get(key="1").why == lost_audio.WHOLE


@pytest.mark.parametrize("actor", ["sam", "max"])
def test_a_role_without_the_right_is_refused_and_recorded(scene: Scene, plan: Plan, begin: Begin, actor: str) -> None:
    break_five(scene, "file.never_written")
    assert isinstance(begin(plan(), actor=actor), Refusal)
    assert list(AuditEntry.objects.values_list("actor", "action", "outcome")) == [(actor, "regenerate", "refused")]
    assert (scene.host.row(5)["status"], Run.objects.count()) == ("completed", 0)


def test_an_incident_is_composed_again_from_the_shell(scene: Scene, cast: dict[str, User]) -> None:
    for key in range(11, 15):
        scene.row(key, final_file_path=f"{PREFIX}{scene.name(key)}")
        scene.file(scene.name(key), b"<html>502 Bad Gateway</html>")
    scene.run()
    out = StringIO()
    chosen = ("--filter", f"incident={Incident.objects.get().pk}")
    told = ("--actor", "eve", "--reason", "the proxy's error page was saved")
    call_command("act", "regenerate", *chosen, *told, "--yes", stdout=out)
    assert "4 done, 0 skipped, 0 failed" in out.getvalue()
    assert {scene.host.row(key)["status"] for key in range(11, 15)} == {"pending"}
    assert scene.host.row(1)["status"] == "completed"
