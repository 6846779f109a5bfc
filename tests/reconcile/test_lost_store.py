"""The audio store away and back: nothing is opened or closed about files, and what was known stands again."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from diagnostics import store
from diagnostics.models import Finding, SessionEntry
from diagnostics.probes import local_store
from diagnostics.probes.store_client import Direct
from diagnostics.reconcile import running
from tests.reconcile.scene import PREFIX, Scene, observed, wav_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    """Healthy sessions, one deleted file, one cut, a failure, an expired remote link, an orphan: seen by two passes."""
    for key in range(1, 8):
        scene.session(key)
    scene.failed(20)
    scene.row(21, final_file_path="https://cdn.example.cn/a.wav?e=1759046400&token=x")
    scene.row(22, final_file_path="https://cdn.example.cn/b.wav")
    scene.pending(23, ago=timedelta(minutes=1))
    scene.file(scene.name(99), ago=timedelta(days=3))
    scene.file("notes.txt", b"x")
    scene.run()
    (scene.root / scene.name(1)).unlink()
    scene.file(scene.name(2), b"RIFF")
    scene.later(minutes=2)
    scene.run()
    return scene


def lose(scene: Scene) -> Path:
    return scene.root.rename(scene.root.with_name("away"))


def bring_back(scene: Scene) -> None:
    shutil.rmtree(scene.root, ignore_errors=True)
    scene.root.with_name("away").rename(scene.root)


def by_an_empty_folder(scene: Scene) -> None:
    lose(scene)
    scene.root.mkdir()


def by_its_absence(scene: Scene) -> None:
    lose(scene)


def by_a_file_in_its_place(scene: Scene) -> None:
    lose(scene)
    scene.root.write_text("")


def bring_back_over_a_file(scene: Scene) -> None:
    if scene.root.is_file():
        scene.root.unlink()
    bring_back(scene)


@pytest.mark.parametrize("lost", [by_an_empty_folder, by_its_absence, by_a_file_in_its_place])
def test_a_lost_store_makes_completed_sessions_unknown_and_nothing_else(
    peopled: Scene, lost: Callable[[Scene], None]
) -> None:
    before = observed()
    findings = list(Finding.objects.order_by("id").values())
    lost(peopled)
    peopled.later(minutes=2)
    row = peopled.run()
    assert row.outcome == "complete"
    assert peopled.conditions() == {"storage.unavailable"}
    assert row.by_verdict == {"unknown": 8, "broken": 2, "not_ready": 1}
    assert row.by_cause["storage.unavailable"] == 7
    assert list(Finding.objects.order_by("id").values()) == findings
    assert peopled.strays() == {peopled.name(99): "file.orphan"}
    assert peopled.cause(21) == "delivery.link_expired"
    bring_back_over_a_file(peopled)
    peopled.later(minutes=2)
    row = peopled.run()
    assert (observed(), row.changed, row.conditions, row.foreign_files) == (before, 0, [], 1)


def test_a_store_that_stays_away_costs_nothing_more(peopled: Scene) -> None:
    lose(peopled)
    peopled.run()
    peopled.later(minutes=5)
    wrote = [sql for sql in peopled.writes_of(peopled.run) if "diagnostics_condition" not in sql]
    assert [sql for sql in wrote if "held_verdict" not in sql] == []


def test_what_changed_meanwhile_is_examined_when_the_store_is_back(peopled: Scene) -> None:
    lose(peopled)
    peopled.host.update(3, final_file_size=7)
    peopled.host.update(4, status="failed", error_message="MemoryError")
    peopled.row(8)
    peopled.run()
    assert [peopled.entry(key).verdict for key in (3, 4, 5, 8)] == ["unknown", "broken", "unknown", "unknown"]
    assert (peopled.cause(4), peopled.cause(8)) == ("generation.out_of_memory", "storage.unavailable")
    bring_back(peopled)
    (peopled.root / peopled.name(5)).unlink()
    peopled.later(minutes=5)
    peopled.run()
    causes = [peopled.cause(key) for key in (3, 4, 5, 6, 8)]
    assert causes == [
        "file.size_mismatch", "record.half_committed", "file.deleted", "", "file.never_written"
    ]  # fmt: skip
    assert not SessionEntry.objects.exclude(held_verdict="").exists()


def test_a_row_that_vanishes_meanwhile_is_gone(peopled: Scene) -> None:
    lose(peopled)
    peopled.host.run("DELETE FROM long_sequence_sessions WHERE session_id = 6")
    row = peopled.run()
    assert row.by_verdict["unknown"] == 7
    bring_back(peopled)
    peopled.later(days=2)
    peopled.run()
    assert peopled.strays() == {peopled.name(6): "file.orphan", peopled.name(99): "file.orphan"}


def test_a_store_that_is_lost_together_with_the_host_is_unknown_too(peopled: Scene, settings: object) -> None:
    database = Path(peopled.host.url.removeprefix("sqlite:///"))
    lose(peopled)
    database.rename(database.with_suffix(".away"))
    row = peopled.run()
    assert (row.outcome, peopled.conditions()) == ("failed", {"storage.unavailable", "host.unavailable"})
    assert row.by_verdict["unknown"] == 8
    database.with_suffix(".away").rename(database)
    bring_back(peopled)
    peopled.later(minutes=5)
    assert peopled.run().by_verdict == {"playable": 5, "broken": 4, "not_ready": 1, "unknown": 1}


def test_another_device_with_other_files_is_another_store(peopled: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    lose(peopled)
    for key in range(30, 40):
        peopled.file(peopled.name(key))
    monkeypatch.setattr(store, "asker", Direct)
    monkeypatch.setattr(local_store, "root_device", lambda _root: 4711)
    row = peopled.run()
    assert row.conditions[0]["detail"]["problem"] == "other_device"
    assert row.by_verdict["unknown"] == 8
    assert peopled.run(accept_store=True).conditions == []
    assert peopled.cause(3) == "file.deleted"


def test_another_device_with_the_same_files_is_trusted(peopled: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    before = observed()
    monkeypatch.setattr(store, "asker", Direct)
    monkeypatch.setattr(local_store, "root_device", lambda _root: 4711)
    row = peopled.run()
    assert (row.conditions, observed()) == ([], before)


def test_a_folder_that_is_emptied_on_purpose_can_be_accepted(peopled: Scene) -> None:
    by_an_empty_folder(peopled)
    peopled.run()
    row = peopled.run(accept_store=True)
    assert (peopled.conditions(), row.files) == (set(), 0)
    assert peopled.cause(3) == "file.deleted"


def test_a_root_that_goes_while_it_is_listed_takes_no_file_with_it(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    peopled.row(8, final_file_path=f"{PREFIX}sub/{peopled.name(8)}")
    peopled.file(peopled.name(8), folder="sub")
    peopled.run()
    real = os.scandir
    lost: list[Path] = []

    def scandir(path: object) -> object:
        if os.fsencode(path).endswith(b"/sub/") and not lost:  # type: ignore[arg-type]
            lost.append(lose(peopled))
        return real(path)  # type: ignore[call-overload]

    with monkeypatch.context() as patched:
        patched.setattr(os, "scandir", scandir)
        row = peopled.run()
    assert (bool(lost), row.conditions[0]["code"], peopled.codes(8)) == (True, "storage.unavailable", set())
    bring_back(peopled)
    assert (peopled.run().changed, peopled.cause(8)) == (0, "")


def test_a_root_that_goes_while_sessions_are_judged_takes_no_file_with_it(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "BEAT_SECONDS", 0.0)
    (peopled.root / "song.wav").write_bytes(wav_bytes())
    peopled.row(8, final_file_path=PREFIX + "song.wav")
    row = peopled.run(progress=lambda row: lose(peopled) if row.phase == "sessions" and peopled.root.exists() else None)
    assert (row.outcome, row.conditions[0]["code"]) == ("failed", "storage.unavailable")
    assert (peopled.codes(8), peopled.entry(8).verdict) == (set(), "unknown")
    bring_back(peopled)
    peopled.run()
    assert peopled.entry(8).verdict == "playable"


def test_a_new_store_that_was_always_empty_is_no_lost_one(scene: Scene) -> None:
    scene.row(1)
    row = scene.run()
    assert (row.conditions, scene.cause(1), scene.entry(1).confidence) == ([], "file.never_written", "possible")


def test_an_audio_root_that_is_not_configured_is_said(scene: Scene, settings: pytest.MonkeyPatch) -> None:
    settings.AUDIO_ROOT = ""  # type: ignore[attr-defined]
    scene.session(1)
    row = scene.run()
    assert row.conditions[0]["detail"]["problem"] == "not_configured"
    assert scene.entry(1).verdict == "unknown"


def test_many_files_that_go_at_once_are_a_condition_until_they_are_back(peopled: Scene) -> None:
    for key in range(100, 130):
        peopled.session(key, final_file_path=f"{PREFIX}some/{peopled.name(key)}")
        (peopled.root / peopled.name(key)).rename(peopled.file(peopled.name(key), folder="some"))
    peopled.run()
    (peopled.root / "some").rename(peopled.root.with_name("some"))
    peopled.later(minutes=5)
    peopled.run()
    assert peopled.conditions() == {"storage.mass_missing"}
    peopled.later(minutes=5)
    peopled.run()
    assert peopled.conditions() == {"storage.mass_missing"}
    peopled.root.with_name("some").rename(peopled.root / "some")
    peopled.later(minutes=5)
    peopled.run()
    assert (peopled.conditions(), peopled.cause(100)) == (set(), "")
