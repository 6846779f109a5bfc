"""The three actions on files, from a plan to the end of its run: what is done, and what is left alone and why."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from pytest_django import Settings

from diagnostics import store
from diagnostics.examine import examine
from diagnostics.models import LedgerFile
from sessions_admin import planning
from sessions_admin.actions import ACTIONS, results
from sessions_admin.actions import expire as expire_action
from sessions_admin.actions import quarantine as action
from sessions_admin.actions.quarantine import aside_action
from sessions_admin.models import AuditEntry, HeldFile
from sessions_admin.quarantine import trouble
from tests.reconcile.scene import PREFIX, Scene
from tests.sessions_admin.quarantine.scene import carried, held_by, names, number, plan


@pytest.fixture
def eve_(cast: dict[str, User]) -> User:
    return cast["eve"]


def whys(scene: Scene, actor: User, *keys: int) -> list[str]:
    """Why each of these files is left alone by a plan made now."""
    made = plan("quarantine", [number(scene, key) for key in keys], actor)
    return list(made.items.order_by("number").values_list("why", flat=True))


def put_aside(scene: Scene, actor: User, *keys: int) -> list[HeldFile]:
    made = plan("quarantine", [number(scene, key) for key in keys], actor)
    assert carried(made, actor).state == "done"
    return held_by(made)


def test_orphans_are_put_aside_and_the_audit_tells_it(scene: Scene, eve_: User) -> None:
    made = plan("quarantine", [number(scene, 901), number(scene, 902)], eve_)
    assert (made.to_do, made.bytes_moved, made.second_reason) == (2, 2 * 12044, "")
    run = carried(made, eve_)
    assert (run.state, names(scene.root)) == ("done", {scene.name(key) for key in (1, 2, 3, 903)})
    held = held_by(made)
    assert [(each.shown_path, each.actor, each.was_claimed) for each in held] == [
        (scene.name(901), "eve", False), (scene.name(902), "eve", False),
    ]  # fmt: skip
    assert timedelta(days=6.9) < held[0].expires_at - timezone.now() < timedelta(days=7)
    intent, outcome = AuditEntry.objects.filter(number=0, action="quarantine").order_by("seq")
    before, after = intent.before or {}, intent.after or {}
    assert (intent.is_intent, before["path"], after["state"]) == (True, scene.name(901), "held")
    assert scene.name(901) in outcome.sentence
    scene.later(minutes=5)
    scene.run()
    assert set(scene.strays()) == {scene.name(903)}  # what is held is not listed


def test_what_must_stay_is_left_alone_and_told_why(scene: Scene, eve_: User) -> None:
    scene.file("notes.txt", b"mine", ago=timedelta(days=2))
    scene.file(scene.name(904), ago=timedelta(minutes=20))
    scene.file(scene.name(905), ago=timedelta(days=2))
    scene.pending(906, ago=timedelta(minutes=3), status="generating")
    scene.file(scene.name(906) + ".tmp", ago=timedelta(hours=3))
    scene.run()
    assert whys(scene, eve_, 1, 904, 901) == [action.PLAYABLE, action.TOO_YOUNG, ""]
    foreign, temporary = (
        str(LedgerFile.objects.get(shown_path=name).pk) for name in ("notes.txt", scene.name(906) + ".tmp")
    )
    made = plan("quarantine", [foreign, temporary, "12345", "../../etc/passwd"], eve_)
    assert list(made.items.order_by("number").values_list("why", flat=True)) == [
        action.FOREIGN, action.WRITTEN, action.NOT_KNOWN, action.NOT_KNOWN,
    ]  # fmt: skip
    assert all(item.sentence for item in made.items.all())
    path = scene.root / scene.name(905)
    path.write_bytes(b"changed")
    os.utime(path, (1, 1))
    (scene.root / scene.name(902)).unlink()
    (scene.root / scene.name(903)).unlink()
    (scene.root / scene.name(903)).symlink_to(scene.name(1))
    (scene.root / "second").hardlink_to(scene.root / scene.name(901))
    assert whys(scene, eve_, 905, 902, 903, 901) == [action.CHANGED, trouble.GONE, trouble.LINKED, trouble.LINKED]


def test_what_changed_between_plan_and_run_is_skipped_and_named(scene: Scene, eve_: User) -> None:
    scene.file(scene.name(904), ago=timedelta(days=2))
    scene.run()
    made = plan("quarantine", [number(scene, key) for key in (901, 902, 903, 904)], eve_)
    with (scene.root / scene.name(901)).open("ab") as file:
        file.write(b"more")
    scene.row(77, final_file_path=f"{PREFIX}{scene.name(902).replace('_', '%5F')}", status="completed")
    scene.row(78, final_file_path=f"/{PREFIX}../long_sequences//{scene.name(903)}?x=1", status="generating")
    assert carried(made, eve_).state == "done"
    ends = list(made.items.order_by("number").values_list("outcome", "message"))
    assert ends == [
        ("skipped", trouble.GROWN), ("skipped", action.CLAIMED), ("skipped", action.WRITTEN), ("done", action.DONE),
    ]  # fmt: skip
    assert "77 completed" in made.items.get(number=1).sentence
    assert names(scene.root) == {scene.name(key) for key in (1, 2, 3, 901, 902, 903)}


def test_audio_that_plays_goes_by_a_retention_policy_alone(
    scene: Scene, eve_: User, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    retention = aside_action("retention", "retention", action.QUARANTINE.title, action.QUARANTINE.title_of_many, "")
    (item,) = retention.expect(None, [number(scene, 1)])
    assert (item.why, item.of_session) == ("", "1")
    monkeypatch.setitem(ACTIONS, "retention", retention)
    eve_.is_superuser = True
    eve_.save()
    bound = {"kind": "policy", "most_files": "1", "most_gigabytes": "1"}
    run = carried(plan("retention", [number(scene, 1)], eve_, **bound), eve_)
    (held,) = HeldFile.objects.all()
    assert (run.state, held.was_claimed, held.session, held.policy) == ("done", True, "1", "retention")


def test_a_file_that_was_put_aside_is_purged_until_it_is_restored(scene: Scene, eve_: User) -> None:
    """From end to end: the pass, the live look and the buttons know of it; nothing but the actions touched a file."""
    path = scene.root / scene.name(1)
    path.write_bytes(b"RIFF")
    os.utime(path, (1, 1))
    scene.run()
    assert scene.cause(1) == "file.corrupt"
    (held,) = put_aside(scene, eve_, 1)
    assert (held.session, held.was_claimed) == ("1", True)
    scene.later(minutes=5)
    scene.run()
    assert scene.cause(1) == "file.purged"
    found = examine("1").diagnosis
    assert found is not None
    assert (found.cause, found.actions) == ("file.purged", ("restore", "regenerate"))
    made = plan("restore", ["1"], eve_, of="sessions")
    assert [item.key for item in made.items.all()] == [str(held.pk)]
    assert carried(made, eve_).state == "done"
    assert path.read_bytes() == b"RIFF"
    scene.later(minutes=5)
    scene.run()
    assert scene.cause(1) == "file.corrupt"


def test_what_expired_can_no_longer_be_restored(scene: Scene, eve_: User, cast: dict[str, User]) -> None:
    path = scene.root / scene.name(1)
    path.write_bytes(b"RIFF")
    os.utime(path, (1, 1))
    scene.run()
    held = put_aside(scene, eve_, 1, 901)
    keys = [str(each.pk) for each in held]
    made = plan("expire", keys, eve_)
    assert made.second_reason == expire_action.CLAIMED_EARLY
    assert plan("expire", keys[1:], eve_).second_reason == ""
    HeldFile.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    made = plan("expire", keys, eve_)
    assert made.second_reason == ""
    assert carried(made, eve_).state == "done"
    assert set(HeldFile.objects.values_list("state", "ended_by")) == {("expired", "eve")}
    found = examine("1").diagnosis
    assert found is not None
    assert (found.cause, found.actions) == ("file.purged", ("regenerate",))
    with pytest.raises(planning.PlanRefused):
        plan("restore", ["1"], eve_, of="sessions")
    assert list(plan("restore", [*keys, "99999"], eve_).items.values_list("expectation", flat=True)) == ["skip"] * 3


def test_what_a_session_names_by_now_is_not_deleted_before_its_date(scene: Scene, eve_: User) -> None:
    held = put_aside(scene, eve_, 901, 902)
    made = plan("expire", [str(each.pk) for each in held], eve_)
    assert made.second_reason == ""
    scene.row(77, final_file_path=f"{PREFIX}{scene.name(901)}", status="completed")
    run = carried(made, eve_)
    assert list(run.plan.items.order_by("number").values_list("outcome", "message")) == [
        ("skipped", expire_action.NAMED_BY_NOW), ("done", expire_action.DONE),
    ]  # fmt: skip
    assert "77 completed" in made.items.get(number=0).sentence
    HeldFile.objects.filter(pk=held[0].pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    late = carried(plan("expire", [str(held[0].pk)], eve_), eve_)
    assert list(late.plan.items.values_list("outcome", flat=True)) == ["done"]


def test_where_the_host_is_away_its_last_pass_says_who_names_a_held_file(
    scene: Scene, eve_: User, settings: Settings
) -> None:
    (held,) = put_aside(scene, eve_, 901)
    scene.row(77, final_file_path=f"{PREFIX}{scene.name(901)}", status="completed")
    scene.run()
    settings.HOST_DATABASE_URL = "sqlite:////nowhere/host.sqlite3"
    run = carried(plan("expire", [str(held.pk)], eve_), eve_)
    assert list(run.plan.items.values_list("message", flat=True)) == [expire_action.NAMED_BY_NOW]


def test_nothing_is_restored_over_another_file(scene: Scene, eve_: User) -> None:
    (held,) = put_aside(scene, eve_, 901)
    scene.file(scene.name(901), b"another")
    made = plan("restore", [str(held.pk)], eve_)
    carried(made, eve_)
    assert made.items.get().message == trouble.TAKEN
    assert (scene.root / scene.name(901)).read_bytes() == b"another"


def test_a_host_that_does_not_answer_halts_the_run_before_any_change(
    scene: Scene, eve_: User, settings: Settings
) -> None:
    made = plan("quarantine", [number(scene, 901)], eve_)
    settings.HOST_DATABASE_URL = "sqlite:////nowhere/host.sqlite3"
    run = carried(made, eve_)
    assert (run.state, run.halted_by, made.items.get().message) == ("halted", "host", results.UNREACHABLE)
    assert (scene.root / scene.name(901)).exists()


def test_a_store_that_does_not_answer_plans_nothing(scene: Scene, eve_: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(*_: object, **__: object) -> object:
        raise store.StoreSilent(timezone.now())

    monkeypatch.setattr(store, "ask", silent)
    made = plan("quarantine", [number(scene, 901)], eve_)
    assert (made.to_do, "store does not answer" in made.items.get().sentence) == (0, True)


def test_the_quarantine_is_not_listed_where_a_link_leads_to_the_root(
    scene: Scene, eve_: User, settings: Settings
) -> None:
    link = scene.root.with_name("link")
    link.symlink_to(scene.root)
    settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(link), str(link / ".quarantine")
    put_aside(scene, eve_, 901)
    scene.later(minutes=5)
    assert (scene.run().files, set(scene.strays())) == (5, {scene.name(902), scene.name(903)})
