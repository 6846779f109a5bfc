"""Resources: what a sample stores, and the page that reads it."""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from diagnostics import sampling
from diagnostics.models import LedgerFile, ResourceSample, SessionEntry
from diagnostics.probes.mounts import Mounts
from tests.another_user import open_folder
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def mounts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test asks its file systems anew."""
    monkeypatch.setattr(sampling, "MOUNTS", Mounts())


@pytest.fixture
def audio_root(settings: Settings, tmp_path: Path) -> Path:
    settings.AUDIO_ROOT = str(tmp_path)
    return tmp_path


def add_session(key: str, **values: object) -> SessionEntry:
    common = {"listed_at": NOW, "first_seen_at": NOW, "changed_at": NOW, "verdict": "playable", "state": "ok"}
    return SessionEntry.objects.create(key=key, **{**common, **values})


def add_file(number: int, *, named: str = "") -> LedgerFile:
    at = int((NOW - timedelta(minutes=number)).timestamp() * 1e9)
    name = f"long_sequence_{named or number}_20261120_120000.wav"
    return LedgerFile.objects.create(
        path_hash=number, path=name.encode(), shown_path=name, fold_hash=number, named_session=named, role="audio",
        size_bytes=1000 * number, mtime_ns=at, ctime_ns=at, inode=number, first_seen_at=NOW, seen_at=NOW,
        changed_pass=1,
    )  # fmt: skip


def test_a_sample_stores_numbers_for_the_history(audio_root: Path) -> None:
    sampling.take_sample(NOW)
    values = ResourceSample.objects.get().values
    assert 0 < values["audio_bytes_percent"] <= 100
    assert values["audio_free_bytes"] > 0
    assert 0 < values["memory_percent"] < 100
    assert values["load_percent"] is not None


def test_the_percentage_of_the_disk_is_that_of_df(audio_root: Path) -> None:
    sampling.take_sample(NOW)
    space = os.statvfs(audio_root)
    used = space.f_blocks - space.f_bfree
    expected = 100 * used / (used + space.f_bavail)
    assert ResourceSample.objects.get().values["audio_bytes_percent"] == pytest.approx(expected, abs=0.5)


def test_a_missing_audio_folder_is_unknown_and_not_zero(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIO_ROOT = str(tmp_path / "gone")
    sampling.take_sample(NOW)
    later = NOW + timedelta(minutes=5)
    sampling.take_sample(later)
    assert ResourceSample.objects.get(at=later).values["audio_bytes_percent"] is None
    snapshot = sampling.read_resources()
    assert snapshot is not None
    assert snapshot.content["file_systems"][0]["problem"] == "No such file or directory"
    assert snapshot.content["file_systems"][0]["since"] == NOW.isoformat()
    assert snapshot.content["file_systems"][0]["bytes"]["level"] == "unknown"


def test_folders_on_one_device_are_shown_once(audio_root: Path, settings: Settings) -> None:
    settings.HOST_DATABASE_URL = f"sqlite:///{audio_root}/host.sqlite3"
    sampling.take_sample(NOW)
    snapshot = sampling.read_resources()
    assert snapshot is not None
    roles = [set(system["roles"]) for system in snapshot.content["file_systems"]]
    assert {"audio", "host_database"} <= roles[0]


def test_room_is_told_from_the_sizes_of_the_last_whole_files(audio_root: Path) -> None:
    add_session("1", is_whole=True, file_size=10**9, completed_at=NOW)
    add_session("2", is_whole=False, file_size=1, completed_at=NOW)
    sampling.take_sample(NOW)
    snapshot = sampling.read_resources()
    assert snapshot is not None
    disk = snapshot.content["file_systems"][0]
    assert disk["room"] == min(disk["free_bytes"] // 10**9, disk["free_inodes"])


def test_without_any_file_the_room_is_unknown(audio_root: Path) -> None:
    sampling.take_sample(NOW)
    snapshot = sampling.read_resources()
    assert snapshot is not None
    assert snapshot.content["file_systems"][0]["room"] is None


def test_the_history_keeps_the_highest_of_each_quarter_and_its_gaps() -> None:
    for minutes, value in ((1, 10.0), (2, 30.0), (60, 20.0), (90, None), (60 * 25, 99.0)):
        ResourceSample.objects.create(at=NOW - timedelta(minutes=minutes), values={"memory_percent": value})
    column = sampling.history(NOW)["memory_percent"]
    assert len(column) == sampling.BUCKETS
    assert (column[-1], column[-2], column[-4]) == (30.0, None, 20.0)
    assert [value for value in column if value is not None] == [20.0, 30.0]


def test_old_samples_are_forgotten(audio_root: Path) -> None:
    ResourceSample.objects.create(at=NOW - timedelta(days=9), values={})
    sampling.take_sample(NOW)
    assert ResourceSample.objects.count() == 1


def test_the_page_shows_gauges_folder_files_and_processes(eve: Client, audio_root: Path) -> None:
    add_session("7", verdict="broken", state="faulty")
    add_file(1, named="7")
    add_file(2)
    sampling.take_sample(NOW)
    page = eve.get(reverse("diagnostics:resources")).content.decode()
    for expected in (
        "Audio folder",
        "Memory",
        "Load",
        "Largest processes",
        str(audio_root),
        "long_sequence_7_",
        "Broken",
    ):
        assert expected in page
    assert reverse("diagnostics:session_detail", args=["7"]) in page
    assert "no session" in page


def test_before_the_first_sample_the_page_says_so(eve: Client) -> None:
    assert "Nothing was measured yet." in eve.get(reverse("diagnostics:resources")).content.decode()


def test_a_poll_is_answered_only_when_a_sample_is_new(eve: Client, audio_root: Path) -> None:
    sampling.take_sample(NOW)
    url = reverse("diagnostics:resource_panels")
    first = eve.get(url, headers={"HX-Request": "true"})
    assert first.status_code == 200
    again = {"HX-Request": "true", "If-None-Match": first["ETag"]}
    assert eve.get(url, headers=again).status_code == 204
    assert eve.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 304
    sampling.take_sample(NOW + timedelta(minutes=1))
    assert eve.get(url, headers=again).status_code == 200


def test_the_request_itself_measures_nothing(eve: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_arguments: object) -> None:
        raise AssertionError("a page must not probe")

    monkeypatch.setattr(Mounts, "look", refuse)
    monkeypatch.setattr(sampling, "measure", refuse)
    assert eve.get(reverse("diagnostics:resources")).status_code == 200
    assert eve.get(reverse("diagnostics:resource_panels")).status_code == 200


@pytest.mark.parametrize("name", ["resources", "resource_panels"])
def test_it_refuses_the_anonymous_the_wrong_role_and_the_wrong_method(
    name: str, client: Client, cast: dict[str, User], eve: Client
) -> None:
    url = reverse(f"diagnostics:{name}")
    assert client.get(url).status_code == 302
    assert client.get(url, headers={"HX-Request": "true"}).status_code == 401
    assert signed_in(cast["max"]).get(url).status_code == 403
    assert eve.post(url).status_code == 405


def test_the_page_says_what_the_two_users_may_do(eve: Client, settings: Settings) -> None:
    settings.READING_USER, settings.GENERATOR_USER = "nobody-of-that-name", ""
    with open_folder() as folder:
        settings.AUDIO_ROOT = str(folder / "closed" / "audio")
        (folder / "closed" / "audio").mkdir(parents=True)
        sampling.take_sample(NOW)
        text = _text_of(eve)
        assert "nobody-of-that-name Unknown · this machine knows no such user" in text
        assert "Not checked: GENERATOR_USER is not set." in text
        settings.READING_USER = settings.GENERATOR_USER = "nobody"
        sampling.take_sample(NOW)
        text = _text_of(eve)
        assert "Right to enter nobody Allowed" in text
        owner = folder.owner()
        assert f"Right to write nobody Kept out {folder}/closed/audio · {owner}:{folder.group()} drwxr-xr-x" in text
        (folder / "closed").chmod(0o700)
        sampling.take_sample(NOW)
        assert f"Right to enter nobody Kept out {folder}/closed · {owner}:{folder.group()} drwx------" in _text_of(eve)


def _text_of(client: Client) -> str:
    page = client.get(reverse("diagnostics:resources")).content.decode()
    return " ".join(re.sub(r"<svg.*?</svg>|<[^>]*>", " ", page, flags=re.DOTALL).split())


def test_a_sample_of_an_older_version_says_nothing_of_rights(eve: Client, audio_root: Path) -> None:
    sampling.take_sample(NOW)
    snapshot = sampling.read_resources()
    assert snapshot is not None
    for name in ("reader", "writer"):
        del snapshot.content["audio_folder"][name]
    snapshot.save()
    assert "Right to enter" not in _text_of(eve)
