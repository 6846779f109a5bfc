"""The host's own API asked in a live examination: what it says otherwise, races, and APIs that do not answer."""

from __future__ import annotations

import time
from typing import Any

import pytest
from django.core.management import call_command
from pytest_django import Settings

from diagnostics import listening
from diagnostics.examine import EXAMINATION_SECONDS, examine
from tests.api_host import ApiHost, Reply, as_json, closed_port, told
from tests.examine.asked import CODE, HANGS, SIZE, check, finding, quickly, replies, row, told_of
from tests.host_database import TABLE
from tests.reconcile.scene import PREFIX, Scene

pytestmark = pytest.mark.django_db


def test_an_api_that_says_what_the_row_says_is_a_check_in_order(asked: Scene, api: ApiHost) -> None:
    found = quickly()
    assert (told_of(found), found.problems) == (("playable", None), ())
    assert check(found).result == "ok"
    assert [line.value for line in check(found).evidence] == [
        "completed",
        f"{PREFIX}{asked.name(1)}",
        str(SIZE),
        "NULL",
    ]
    assert api.asked == ["/api/music/long_sequence_status/1"]


def test_without_an_address_nobody_is_asked(asked: Scene, api: ApiHost, settings: Settings) -> None:
    settings.HOST_API_URL = ""
    found = quickly()
    assert (told_of(found), found.problems, check(found).why) == (("playable", None), (), "no_host_api")
    assert api.asked == []


def test_passes_never_ask(asked: Scene, api: ApiHost) -> None:
    replies(api, row(asked, status="failed"))
    asked.run()
    assert (api.asked, asked.cause(1)) == ([], "")


@pytest.mark.parametrize(
    ("changes", "difference", "verdict"),
    [
        ({"status": "generating"}, "status", "broken"),
        ({"final_file_path": "/api/static/x.wav"}, "path", "broken"),
        ({"final_file_path": None}, "path", "broken"),
        ({"final_file_size": SIZE - 1}, "size", "playable"),
        ({"status": "failed", "final_file_size": 0}, "several", "broken"),
    ],
)
def test_what_it_says_otherwise_twice_of_a_row_at_rest_is_called(
    asked: Scene, api: ApiHost, changes: dict[str, Any], difference: str, verdict: str
) -> None:
    replies(api, row(asked, **changes))
    found = quickly()
    called = finding(found)
    assert called is not None
    assert called.values["difference"] == difference
    assert told_of(found) == (verdict, CODE)
    assert len(api.asked) == 2


def test_another_error_of_a_failed_session_is_called(asked: Scene, api: ApiHost) -> None:
    asked.failed(3)
    replies(api, told(status="failed", error_message="unknown error"))
    called = finding(quickly("3"))
    assert called is not None
    assert called.values["told"] == "unknown error"


def test_a_session_that_it_does_not_know_is_called(asked: Scene, api: ApiHost) -> None:
    replies(api, as_json({"success": False, "error": "会话不存在"}, 404))
    found = quickly()
    assert told_of(found) == ("broken", CODE)
    assert found.problems == ()


def test_the_path_is_taken_as_the_client_takes_it(asked: Scene, api: ApiHost, settings: Settings) -> None:
    """PUBLIC_BASE_URL is not set: the API's own origin stands for it."""
    path = f"{PREFIX}{asked.name(1)}"
    for same in (path[1:], f"{api.url}{path}", f"{path}?token=new"):
        replies(api, row(asked, final_file_path=same))
        assert finding(quickly()) is None, same
    settings.PUBLIC_BASE_URL = "https://app.example.cn"
    for same in (path[1:], f"https://app.example.cn{path}"):
        replies(api, row(asked, final_file_path=same))
        assert finding(quickly()) is None, same
    replies(api, row(asked, final_file_path=f"{api.url}{path}"))
    assert finding(quickly()) is not None


def test_the_hosts_own_names_are_asked_for(asked: Scene, api: ApiHost, settings: Settings) -> None:
    asked.host.run(f"ALTER TABLE {TABLE} RENAME COLUMN final_file_size TO bytes")
    settings.HOST_COLUMNS = {"final_file_size": "bytes"}
    replies(api, told(status="completed", bytes=SIZE + 1))
    called = finding(quickly())
    assert called is not None
    assert called.values["told_bytes"] == SIZE + 1


@pytest.mark.parametrize("slow", [HANGS, Reply(told(status="completed").body, drips=True)], ids=["hangs", "drips"])
def test_an_api_that_does_not_come_to_an_end_leaves_the_rest_within_two_seconds(
    asked: Scene, api: ApiHost, slow: Reply
) -> None:
    replies(api, slow)
    found = quickly()
    assert told_of(found) == ("playable", None)
    assert [one.code for one in found.problems] == ["host_api.timeout"]
    assert (check(found).result, check(found).why) == ("not_checked", "not_answered")


def test_a_second_question_that_hangs_leaves_the_rest_within_two_seconds(asked: Scene, api: ApiHost) -> None:
    replies(api, row(asked, status="generating"), HANGS)
    assert told_of(quickly()) == ("broken", CODE)


@pytest.mark.parametrize(
    ("reply", "code", "detail"),
    [
        (as_json({"success": False, "error": "boom"}, 500), "host_api.status", "boom"),
        (Reply(b"<html>", 200, "text/html"), "host_api.no_session", ""),
        (as_json({"success": False, "error": "会话不存在"}), "host_api.no_success", "会话不存在"),
        (as_json({"success": True}), "host_api.no_session", ""),
        (Reply(status=302, headers={"Location": "/login"}), "host_api.status", "/login"),
    ],
)
def test_an_answer_without_a_session_is_a_trouble_and_no_finding(
    asked: Scene, api: ApiHost, reply: Reply, code: str, detail: str
) -> None:
    replies(api, reply)
    found = quickly()
    assert told_of(found) == ("playable", None)
    assert [(one.code, one.detail) for one in found.problems] == [(code, detail)]
    assert check(found).why == "no_session_answered"


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:{port}", "host_api.unreachable"),
        ("http://user:GEHEIM@127.0.0.1", "host_api.bad_url"),
        ("https://127.0.0.1:{open}", "host_api.insecure"),
    ],
)
def test_what_cannot_be_reached_is_a_trouble(
    asked: Scene, api: ApiHost, settings: Settings, url: str, code: str
) -> None:
    settings.HOST_API_URL = url.format(port=closed_port(), open=api.url.rpartition(":")[2])
    found = quickly()
    assert (told_of(found), [one.code for one in found.problems]) == (("playable", None), [code])
    assert "GEHEIM" not in repr(found.problems)


def test_listening_that_takes_its_time_loses_no_disagreement(
    asked: Scene, api: ApiHost, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = listening.listen_now

    def slowly(*arguments: Any) -> object:
        time.sleep(EXAMINATION_SECONDS + 0.1)
        return real(*arguments)

    monkeypatch.setattr(listening, "listen_now", slowly)
    replies(api, row(asked, status="generating"))
    assert finding(examine("1", listen=True)) is not None
    assert len(api.asked) == 2


def test_it_writes_nothing(asked: Scene, api: ApiHost) -> None:
    replies(api, row(asked, status="failed"))
    assert asked.writes_of(lambda: examine("1")) == []


def test_the_shell_tells_both_sides(asked: Scene, api: ApiHost, capsys: pytest.CaptureFixture[str]) -> None:
    replies(api, row(asked, status="generating"))
    call_command("diagnose", "1")
    printed = capsys.readouterr().out
    assert f"{CODE}: The host's API tells the client the status “generating”" in printed
    assert "http: status: generating" in printed
    replies(api, Reply(b"", 500))
    call_command("diagnose", "1")
    assert "not checked: The host's API answers HTTP 500 instead of the session." in capsys.readouterr().out
