"""`manage.py reconcile`: its summary, its documents, its exit codes."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from diagnostics.reconcile import running
from tests.reconcile.scene import PREFIX, Scene

pytestmark = pytest.mark.django_db
DOCUMENT = {
    "session_id": (int, str), "status": (str, type(None)), "verdict": str, "state": str, "cause": (str, type(None)),
    "confidence": str, "summary": dict, "evidence": list, "findings": list, "actions": list, "observed_at": str,
}  # fmt: skip
SUMMARY = {
    "pass",
    "complete",
    "rows",
    "files",
    "by_verdict",
    "by_cause",
    "by_state",
    "conditions",
    "changed",
    "seconds",
}


@pytest.fixture
def peopled(scene: Scene, settings: pytest.MonkeyPatch) -> Scene:
    """Now, by the real clock: two healthy sessions, one missing, one failed, an orphan; the host is in Shanghai."""
    settings.HOST_TIME_ZONE = "Asia/Shanghai"  # type: ignore[attr-defined]
    scene.now = timezone.now().replace(microsecond=0) + timedelta(hours=8)
    scene.session(1)
    scene.session(2)
    scene.row(3, progress_percentage=70)
    scene.failed(4)
    scene.file(scene.name(9), ago=timedelta(days=3))
    scene.now -= timedelta(hours=8)
    for path in scene.root.iterdir():
        if path.name != scene.name(9):
            path.touch()
    return scene


def lines_of(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def is_aware(text: object) -> bool:
    return datetime.fromisoformat(str(text)).utcoffset() == timedelta(hours=8)


def test_the_summary_is_one_object(peopled: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reconcile", "--json")
    out = capsys.readouterr().out
    assert len(out.splitlines()) == 1
    summary = json.loads(out)
    assert set(summary) == SUMMARY
    assert (summary["complete"], summary["rows"], summary["files"], summary["conditions"]) == (True, 4, 3, [])
    assert summary["by_verdict"] == {"playable": 2, "broken": 2}
    assert summary["by_cause"] == {"file.never_written": 1, "generation.disk_full": 1}
    assert isinstance(summary["seconds"], float)


def test_the_output_holds_a_document_a_session_and_the_file_findings(peopled: Scene, tmp_path: Path) -> None:
    call_command("reconcile", "--output", str(tmp_path / "all.jsonl"), "--all", "--json")
    lines = lines_of(tmp_path / "all.jsonl")
    sessions = {line["session_id"]: line for line in lines if "session_id" in line}
    assert set(sessions) == {1, 2, 3, 4}
    for line in sessions.values():
        assert list(line) == list(DOCUMENT)
        assert all(isinstance(line[name], kind) for name, kind in DOCUMENT.items())  # type: ignore[arg-type]
        assert set(line["summary"]) == {"en", "zh-hans"}  # type: ignore[call-overload]
        assert all(line["summary"].values())  # type: ignore[attr-defined]
        assert is_aware(line["observed_at"])
        for evidence in line["evidence"]:  # type: ignore[attr-defined]
            assert set(evidence) == {"source", "fact", "value", "observed_at"}
            assert evidence["observed_at"] is None or is_aware(evidence["observed_at"])
    missing = sessions[3]
    codes = [finding["code"] for finding in missing["findings"]]  # type: ignore[attr-defined]
    assert codes == ["file.never_written", "record.progress_odd"]
    assert (missing["cause"], missing["verdict"], missing["state"]) == ("file.never_written", "broken", "faulty")
    assert (sessions[1]["cause"], sessions[1]["findings"], sessions[1]["actions"]) == (None, [], [])


def test_a_file_finding_is_a_line_of_its_own(peopled: Scene, tmp_path: Path) -> None:
    call_command("reconcile", "--output", str(tmp_path / "out.jsonl"), "--json")
    [stray] = [line for line in lines_of(tmp_path / "out.jsonl") if "path" in line]
    assert list(stray) == ["path", "cause", "size", "mtime", "evidence"]
    assert (stray["path"], stray["cause"], stray["size"]) == (peopled.name(9), "file.orphan", 12_044)
    assert is_aware(stray["mtime"])


def test_without_all_every_finding_is_there_again_though_nothing_changed(peopled: Scene, tmp_path: Path) -> None:
    for _ in range(2):
        call_command("reconcile", "--output", str(tmp_path / "out.jsonl"), "--json")
        lines = lines_of(tmp_path / "out.jsonl")
        assert [line.get("session_id", line.get("path")) for line in lines] == [3, 4, peopled.name(9)]


def test_a_session_s_id_is_of_the_host_s_type(scene: Scene, tmp_path: Path) -> None:
    scene.host.run("DROP TABLE long_sequence_sessions")
    scene.host.create_table(
        "session_id TEXT PRIMARY KEY, status, created_at, updated_at, error_message, final_file_path"
    )
    scene.host.run("INSERT INTO long_sequence_sessions VALUES ('7', 'odd', NULL, NULL, NULL, NULL)")
    call_command("reconcile", "--output", str(tmp_path / "out.jsonl"), "--json")
    assert [line["session_id"] for line in lines_of(tmp_path / "out.jsonl")] == ["7"]


def test_with_the_store_lost_every_completed_session_is_told_as_unknown(peopled: Scene, tmp_path: Path) -> None:
    call_command("reconcile", "--json")
    peopled.root.rename(peopled.root.with_name("away"))
    call_command("reconcile", "--output", str(tmp_path / "out.jsonl"), "--json")
    lines = lines_of(tmp_path / "out.jsonl")
    told = {line["session_id"]: line["verdict"] for line in lines if "session_id" in line}
    assert told == {1: "unknown", 2: "unknown", 3: "unknown", 4: "broken"}
    assert lines[-1]["cause"] == "file.orphan"


def test_a_condition_is_named_and_the_exit_is_good(peopled: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    peopled.root.rename(peopled.root.with_name("away"))
    call_command("reconcile")
    assert "condition: storage.unavailable" in capsys.readouterr().out


def test_a_host_that_is_down_is_exit_1(peopled: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    Path(peopled.host.url.removeprefix("sqlite:///")).unlink()
    with pytest.raises(SystemExit) as caught:
        call_command("reconcile", "--json")
    summary = json.loads(capsys.readouterr().out)
    assert (caught.value.code, summary["complete"], summary["conditions"]) == (1, False, ["host.unavailable"])
    assert "does not exist" in summary["error"]


@pytest.mark.parametrize("path", ["/no/such/folder/out.jsonl", "/", "/dev/full"])
def test_an_output_that_cannot_be_written_is_one_clear_line(peopled: Scene, path: str) -> None:
    with pytest.raises(CommandError) as caught:
        call_command("reconcile", "--output", path, "--all", "--json")
    assert str(caught.value).startswith(f"--output {path}: ")
    assert "\n" not in str(caught.value)
    call_command("reconcile", "--json")


def test_another_pass_at_work_is_one_clear_line(peopled: Scene) -> None:
    holder = running.take_turn(1)
    with pytest.raises(CommandError, match="Another pass is running"):
        call_command("reconcile", "--wait", "0.2")
    running.end_turn(holder)


def test_a_store_can_be_accepted(peopled: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("reconcile", "--json")
    for path in peopled.root.iterdir():
        path.unlink()
    call_command("reconcile", "--json")
    call_command("reconcile", "--accept-store", "--json")
    conditions = [json.loads(line)["conditions"] for line in capsys.readouterr().out.splitlines()]
    assert conditions == [[], ["storage.unavailable"], []]


def test_secrets_of_a_path_are_in_no_document(peopled: Scene, tmp_path: Path) -> None:
    peopled.row(6, final_file_path=f"{PREFIX}{peopled.name(6)}?token=hush-hush-hush")
    peopled.row(7, final_file_path="https://cdn.example.cn/a.wav?e=1759046400&token=abc:hush-hush-hush=")
    call_command("reconcile", "--output", str(tmp_path / "out.jsonl"), "--all", "--json")
    assert "hush" not in (tmp_path / "out.jsonl").read_text()
