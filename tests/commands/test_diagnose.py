"""`manage.py diagnose ID`: one session live, and the same as the pass says."""

from __future__ import annotations

import io
import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from pytest_django import Settings

from tests.reconcile.scene import PREFIX, Scene, wav_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def peopled(scene: Scene) -> Scene:
    """One of each kind, by the real clock."""
    scene.now = timezone.now().replace(microsecond=0)
    scene.session(1)
    scene.row(2)
    scene.failed(3)
    scene.failed(4, None)
    scene.pending(5, ago=timedelta(minutes=2))
    scene.pending(6, ago=timedelta(hours=2))
    scene.pending(7, ago=timedelta(hours=2), status="generating", progress=30)
    scene.session(8, final_file_path=PREFIX + scene.name(1))
    scene.session(9, final_file_size=5, error_message="old", progress_percentage=50)
    scene.row(10, final_file_path=f"{PREFIX}sub/{scene.name(10)}")
    scene.file(scene.name(10))
    scene.row(11, final_file_path="../../etc/passwd")
    scene.row(12, final_file_path="https://cdn.example.cn/a.wav?token=x")
    scene.row(13, status="paused")
    scene.session(14)
    scene.file(scene.name(15))
    scene.failed(15)
    return scene


def without_times(document: dict[str, object]) -> object:
    text = json.dumps(document, sort_keys=True)
    told = json.loads(text)
    told.pop("observed_at")
    told.pop("summary")  # tells how long ago, in words
    for line in [*told["evidence"], *(line for finding in told["findings"] for line in finding["evidence"])]:
        line.pop("observed_at")
    return told


def test_it_says_what_the_pass_says(peopled: Scene, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reconcile", "--json")
    (peopled.root / peopled.name(14)).unlink()
    call_command("reconcile", "--output", str(tmp_path / "out.jsonl"), "--all", "--json")
    capsys.readouterr()
    by_pass = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    by_pass = [line for line in by_pass if "session_id" in line]
    assert len(by_pass) == 15
    for document in by_pass:
        call_command("diagnose", str(document["session_id"]), "--json")
        live = json.loads(capsys.readouterr().out)
        assert without_times(live) == without_times(document)
        assert list(live) == list(document)


def test_it_is_written_for_people_too(peopled: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("diagnose", "9")
    out = capsys.readouterr().out
    assert out.startswith("broken (faulty, certain)")
    assert "file.size_mismatch: " in out
    assert "record.progress_odd: " in out


def test_it_listens_where_it_is_asked_to(peopled: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    """The scene's files are nothing but zeros."""
    call_command("diagnose", "1")
    assert capsys.readouterr().out.startswith("playable (ok, certain)")
    call_command("diagnose", "1", "--listen")
    out = capsys.readouterr().out
    assert out.startswith("broken (faulty, certain)\nThe audio is silent from beginning to end: 1 min")
    assert "silent at the end: 0:00–1:00 (60.000 s, 100 %)" in out
    call_command("diagnose", "14", "--listen", "--json")
    assert json.loads(capsys.readouterr().out)["cause"] == "file.silent"
    call_command("diagnose", "2", "--listen")
    assert "listened" not in capsys.readouterr().out


def test_it_weighs_what_the_client_says(peopled: Scene, settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    settings.PUBLIC_BASE_URL = "https://app.example.cn"
    asked = f"https://app.example.cn/api{PREFIX}{peopled.name(1)}"
    call_command("diagnose", "1", "--player-error", f"GET {asked}?token=s3cr3t 404 (NOT FOUND)", "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["cause"] == "delivery.wrong_url"
    assert told["evidence"][0]["source"] == "client"
    assert told["client"]["url"] == asked
    assert told["client"]["suspects"][0] == {"code": "delivery.wrong_url", "state": "confirmed"}
    assert "s3cr3t" not in json.dumps(told)
    call_command("diagnose", "1", "--json")
    assert "client" not in json.loads(capsys.readouterr().out)


def test_what_the_client_says_is_written_for_people_too(peopled: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("diagnose", "2", "--player-error", "会话ID: 2\n- 文件大小: 7\nINNERERRCODE:-1100, ERRMSG: x")
    out = capsys.readouterr().out
    assert "\nThe client says:\n  ios -1100: The server has no file" in out
    assert "    file.never_written: confirmed" in out
    assert "    file.deleted: ruled out" in out
    assert f"  final_file_size: 7, but the row says {len(wav_bytes())}" in out


def test_a_text_about_another_session_is_said(peopled: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("diagnose", "1", "--player-error", "会话ID: 9\nINNERERRCODE:-1009, ERRMSG: x")
    out = capsys.readouterr().out
    assert out.startswith("playable (ok, certain)")
    assert "  It is about session 9, so nothing of it counts here." in out


def test_a_dash_reads_standard_input_whatever_its_encoding(
    peopled: Scene, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"\xff\xfe INNERERRCODE:-1009, ERRMSG: x")))
    call_command("diagnose", "1", "--player-error", "-", "--json")
    assert json.loads(capsys.readouterr().out)["cause"] == "client.network"


def test_an_empty_text_is_one_clear_line(peopled: Scene) -> None:
    with pytest.raises(CommandError, match="--player-error is empty"):
        call_command("diagnose", "1", "--player-error", " ")


@pytest.mark.parametrize("wanted", ["99", "abc", "'; --", "", "1.0", "9" * 40, "é", "\x00", "-1", "²"])
def test_an_unknown_id_is_one_clear_line(peopled: Scene, wanted: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("diagnose", "--json", "--", wanted)
    assert str(caught.value) == f"There is no session {wanted} in the host's table long_sequence_sessions."


@pytest.mark.databases
@pytest.mark.parametrize("wanted", ["99", "abc", "9" * 40, "\x00", "²", "1e0", "01"])
def test_an_unknown_id_is_so_on_each_engine(scene_on_each_engine: Scene, wanted: str) -> None:
    scene_on_each_engine.session(1)
    with pytest.raises(CommandError, match="There is no session"):
        call_command("diagnose", wanted)


def test_a_host_that_is_down_is_one_clear_line(peopled: Scene) -> None:
    Path(peopled.host.url.removeprefix("sqlite:///")).unlink()
    with pytest.raises(CommandError, match="The database file does not exist"):
        call_command("diagnose", "1", "--json")


def test_a_host_without_a_needed_column_is_one_clear_line(peopled: Scene) -> None:
    peopled.host.run("ALTER TABLE long_sequence_sessions DROP COLUMN status")
    with pytest.raises(CommandError, match=r"column status .* HOST_COLUMNS"):
        call_command("diagnose", "1")
