"""Whole client logs: what the client asked for, what it was answered, what it received of the file."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.player_errors import explain
from tests.domain.player_errors.messages import FILE

LOG = f"""[2025-08-25 12:03:10] 🎶 创建参数: {{assessment_id: 12, total_duration_minutes: 30, sceneId: 0, generation_mode: "comprehensive"}}
[2025-08-25 12:06:16] 🎶 长序列API响应: {{success: true, data: {{…}}}}
[2025-08-25 12:06:16] 🎶 完整响应数据: {{
  "session_id": 5,
  "final_file_path": null,
  "total_duration_minutes": 45
}}
12:06:20 📊 状态数据详情:
12:06:20   - 状态: completed
12:06:20   - 文件路径: {FILE}?token=abcdef healingApi.js:512
12:06:20   - 文件大小: 158,760,044
12:06:20   - 错误信息: undefined
GET http://h.cn:5000/api/music/check_long_sequence_file/5 404 (NOT FOUND)
🎵 音频事件: 播放错误 {{errMsg: "INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。", errCode: 10001}}
src: http://192.168.124.3:5000/api/{FILE}?token=abcdef
"""


def test_a_log_says_all_of_it() -> None:
    at = datetime(2025, 8, 25, tzinfo=UTC)
    report = explain(LOG, at=at)
    assert [(error.source, error.code) for error in report.errors] == [("ios", "-1100"), ("browser", "404")]
    assert report.errors[1].suspects == ()
    assert (report.session_id, report.reported_at) == ("5", at)
    assert report.url == f"http://192.168.124.3:5000/api/{FILE}"
    assert (report.answer_success, report.answer_has_session_id, report.answer_has_path) == (True, True, False)
    assert (report.status, report.path, report.has_path) == ("completed", FILE, True)
    assert (report.size_bytes, report.is_size_rounded, report.error_message) == (158_760_044, False, None)
    assert report.parameters == {
        "assessment_id": "12",
        "total_duration_minutes": "30",
        "scene_id": "0",
        "generation_mode": "comprehensive",
    }


@pytest.mark.parametrize(
    ("answer", "has_session_id"),
    [
        ('{"success": true, "data": {"session_id": 5}}', True),
        ('{"success": true, "data": {"session_id": "a-7"}}', True),
        ("{success: true, data: {sessionId: 5}}", True),
        ('{"success": true, "data": {"session_id": null}}', False),
        ('{"success": true, "data": {"session_id": ""}}', False),
        ('{"success": true, "data": {"session_id": 0}}', False),
        ('{"success": true, "data": {}}', False),
        ('{"success": true, "data": {"message": "ok }"}}', False),
        ("undefined", False),
        ("[object Object]", None),
        ("{success: true, data: {…}}", None),
        ('{"success": true, "data": {"progress', None),
    ],
)
def test_whether_the_answer_to_create_has_a_session(answer: str, has_session_id: bool | None) -> None:
    report = explain(f"🎶 长序列API响应: {answer}\n下一行")
    assert report.answer_has_session_id is has_session_id
    assert any(error.code == "no session_id" for error in report.errors) is (has_session_id is False)


@pytest.mark.parametrize(
    ("line", "size", "is_rounded"),
    [
        ("- 文件大小: 158760044", 158_760_044, False),
        ("- 文件大小：158，760，044", 158_760_044, False),
        ("- 文件大小: 158 760 044 bytes", 158_760_044, False),
        ("- 文件大小: 158.76 MB", 158_760_000, True),
        ("- 文件大小: 151.4 MiB", 158_754_406, True),
        ("  - file size: 0", 0, False),
        ('"final_file_size": 44,\n "segment_count": 30', 44, False),
        ("- 文件大小: null", None, False),
        ("- 文件大小: undefined", None, False),
        ("- 文件大小: -5", None, False),
    ],
)
def test_the_size_as_the_client_received_it(line: str, size: int | None, is_rounded: bool) -> None:
    report = explain(f"📊 状态数据详情:\n{line}\n")
    assert (report.size_bytes, report.is_size_rounded) == (size, is_rounded)


@pytest.mark.parametrize(
    ("line", "path", "has_path"),
    [
        (f"  - 文件路径: {FILE}", FILE, True),
        (f"  - 文件路径: /{FILE} result.js:12:7", f"/{FILE}", True),
        (f'  "final_file_path": "{FILE}",', FILE, True),
        (f"  - file path: {FILE}", FILE, True),
        ("  - 文件路径: null", None, False),
        ("  - 文件路径: undefined", None, False),
        ("  - 文件路径:", None, False),
        ('  "final_file_path": "",', None, False),
        ("  - 进度: 100", None, None),
    ],
)
def test_the_path_as_the_client_received_it(line: str, path: str | None, has_path: bool | None) -> None:
    report = explain(f"📊 状态数据详情:\n{line}\n  - 文件大小: 1")
    assert (report.path, report.has_path) == (path, has_path)


@pytest.mark.parametrize(
    ("text", "session_id"),
    [
        ('{"session_id": 5} long_sequence_status/6', "5"),
        ("long_sequence_status/6 long_sequence_7_20250825_120316.wav", "6"),
        ("long_sequence_7_20250825_120316.wav 会话 8", "7"),
        ("会话ID：8 播放失败", "8"),
        ("session #9 does not play", "9"),
        ("session 30 minutes", None),
        ("session 2025-08-25 12:03", None),
        ('{"session_id": null}', None),
        ("sessionid=abcdef1234", None),
    ],
)
def test_which_session_a_text_is_about(text: str, session_id: str | None) -> None:
    assert explain(text).session_id == session_id


@pytest.mark.parametrize(
    ("text", "code", "suspect"),
    [
        ('{"success": false, "message": "评测不存在"}', "create failed", "generation.bad_input"),
        ("状态: completed\n文件路径: null", "no path", "path.missing"),
    ],
)
def test_an_answer_can_be_wrong_without_an_error(text: str, code: str, suspect: str) -> None:
    error = explain(text).main_error
    assert error is not None
    assert (error.source, error.code, error.suspects[0]) == ("client", code, suspect)


def test_a_status_answer_tells_what_went_wrong_without_secrets() -> None:
    report = explain(
        '{"success": true, "data": {"session_id": 5, "status": "failed", "error_message": "token=abcdef12 refused"}}'
    )
    assert (report.status, report.error_message) == ("failed", "token=[hidden] refused")
    assert report.answer_success is None


def test_the_players_error_comes_before_those_of_calls() -> None:
    report = explain('{"errMsg":"request:fail timeout"}\nINNERERRCODE:-1013, ERRMSG:未能完成操作。')
    assert [error.code for error in report.errors] == ["-1013", "request:fail timeout"]


def test_a_log_without_an_error_is_told_apart_from_an_unknown_text() -> None:
    log, other = explain(f"- 文件路径: {FILE}").errors[0], explain("放不出来").errors[0]
    assert (log.source, other.source) == ("unknown", "unknown")
    assert log.meaning != other.meaning


def test_nothing_is_said_of_an_empty_text() -> None:
    report = explain("")
    assert report == ClientReport(errors=report.errors)
    assert report.errors[0].source == "unknown"
