"""What `python -m demo say` prints: the client's own shapes, filled with what is true of that session."""

from __future__ import annotations

import json
import re

import pytest

from demo import sayings
from demo.place import Place
from tests.demo.conftest import Demo, path_of, rows, size_of

URL = "http://127.0.0.1:8801"


@pytest.mark.parametrize(
    ("code", "line"),
    [
        (
            "delivery.link_expired",
            '{errMsg: "INNERERRCODE:-1013, ERRMSG:未能完成操作。（NSURLErrorDomain错误-1013。）", errCode: 10002}',
        ),
        (
            "delivery.not_served",
            '{errMsg: "INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。", errCode: 10001}',
        ),
        ("delivery.not_audio", "DOMException: Unable to decode audio data"),
        ("client.timed_out", '{"errno": 5, "errMsg": "request:fail timeout"}'),
    ],
)
def test_it_says_what_support_knows_to_the_letter(place: Place, demo: Demo, code: str, line: str) -> None:
    assert demo("say", code, "7", "--line").stdout == f"{line}\n"
    assert line in demo("say", code, "7").stdout


@pytest.mark.parametrize("code", sayings.ERRORS)
def test_a_log_holds_what_is_true_of_the_session(place: Place, demo: Demo, code: str) -> None:
    said = demo("say", code, "7").stdout
    assert "\n📊 状态数据详情:\n" in said
    assert f"\n- 文件路径: {path_of(place, 7)}\n" in said
    assert f"\n- 文件大小: {size_of(place, 7)}\n" in said
    assert len(said.splitlines()) > 5


@pytest.mark.parametrize("code", sayings.ERRORS)
def test_the_create_call_s_answer_is_in_the_log_where_it_came(place: Place, demo: Demo, code: str) -> None:
    found = re.search(r"🎶 长序列API响应: (.*)", demo("say", code, "7").stdout)
    if code == "client.timed_out":
        assert found is None
    else:
        assert found
        expected = {"status": "pending"} if code == "client.bad_response" else {"session_id": 7, "status": "pending"}
        assert json.loads(found[1]) == {"success": True, "data": expected}


@pytest.mark.parametrize(
    ("code", "end"),
    [
        ("delivery.not_served:403", "403 (FORBIDDEN)"),
        ("delivery.not_served:410", "410 (GONE)"),
        ("delivery.not_served:500", "500 (INTERNAL SERVER ERROR)"),
        ("delivery.link_expired:refused", "401 (UNAUTHORIZED)"),
    ],
)
def test_a_console_line_names_the_address(place: Place, demo: Demo, code: str, end: str) -> None:
    assert demo("say", code, "7", "--line").stdout == f"GET {URL}{path_of(place, 7)} {end}\n"


def test_a_wrong_url_is_the_one_of_the_real_incident(place: Place, demo: Demo) -> None:
    assert demo("say", "delivery.wrong_url", "7", "--line").stdout == (
        f"GET {URL}/api{path_of(place, 7)} 404 (NOT FOUND)\n"
    )


def test_a_log_tells_the_old_copy_that_the_api_tells(place: Place, demo: Demo) -> None:
    demo("break", "record.api_disagrees", "7")
    said = demo("say", "record.api_disagrees", "7").stdout
    assert "- 状态: generating\n- 文件路径: null\n- 文件大小: null\n" in said


def test_it_names_the_signed_link_that_the_row_holds(place: Place, demo: Demo) -> None:
    demo("break", "delivery.link_expired:refused", "7")
    assert path_of(place, 7).startswith(f"{URL}/static/")
    said = demo("say", "delivery.link_expired:refused", "7", "--line").stdout
    assert said == f"GET {path_of(place, 7)} 401 (UNAUTHORIZED)\n"


def test_it_takes_the_newest_session_where_none_is_named(place: Place, demo: Demo) -> None:
    newest = max(rows(place).values(), key=lambda row: row["completed_at"])
    assert newest["final_file_path"] in demo("say", "delivery.not_served").stdout


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["file.empty"], 2),
        (["delivery.not_served", "999"], 1),
        (["record.api_disagrees", "7", "--line"], 1),
    ],
)
def test_what_cannot_be_said_is_one_line(place: Place, demo: Demo, arguments: list[str], code: int) -> None:
    said = demo("say", *arguments)
    assert (said.returncode, len(said.stderr.splitlines()), said.stdout) == (code, 1, "")
