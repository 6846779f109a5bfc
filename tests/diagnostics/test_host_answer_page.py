"""The page of a session of which the host's API tells something else, in both languages, and no secret of its on it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from django.core.management import call_command
from django.test import Client
from pytest_django import Settings

from tests.api_host import ApiHost, Reply, api_host, as_json, told
from tests.diagnostics.test_session_page import examined, insert_completed, write_whole_file
from tests.host_database import HostDatabase

pytestmark = pytest.mark.django_db
BASE = "/static/generated_music/long_sequences/"
TOKEN = "GEHEIM-7f3a9c"


@pytest.fixture
def api(host_database: HostDatabase, settings: Settings) -> Iterator[ApiHost]:
    """A session (7) that plays, and an API to be told what to answer."""
    write_whole_file(settings)
    insert_completed(host_database)
    with api_host(told(status="completed")) as host:
        settings.HOST_API_URL = host.url
        yield host


def pages(sam: Client) -> dict[str, str]:
    found = {"en": examined(sam, 7)}
    sam.cookies["language"] = "zh-hans"
    return {**found, "zh-hans": examined(sam, 7)}


def test_a_session_that_the_api_tells_rightly_is_checked(sam: Client, api: ApiHost) -> None:
    shown = pages(sam)
    assert "The host&#x27;s own answer" in shown["en"]
    assert "主系统接口的返回" in shown["zh-hans"]
    assert "It broke here" not in shown["en"]


def test_another_status_broke_it_there(sam: Client, api: ApiHost) -> None:
    api.reply = lambda _path: told(status="generating", final_file_path=None)
    shown = pages(sam)
    assert "status generating, final_file_path NULL" in shown["en"]
    assert "It broke here" in shown["en"]
    assert "may not be up to date" in shown["en"]
    assert "主系统接口返回给客户端：status generating, final_file_path NULL" in shown["zh-hans"]
    assert "页面上显示的长音频状态可能不是最新的" in shown["zh-hans"]


def test_an_api_that_fails_leaves_the_page_and_says_so(sam: Client, api: ApiHost) -> None:
    api.reply = lambda _path: Reply(b"", 500)
    shown = pages(sam)
    assert "The host&#x27;s API answers HTTP 500 instead of the session." in shown["en"]
    assert "主系统接口返回 HTTP 500，而不是会话数据。" in shown["zh-hans"]
    assert "The audio is there and whole" in shown["en"]


def test_without_an_address_the_page_names_the_setting(sam: Client, api: ApiHost, settings: Settings) -> None:
    settings.HOST_API_URL = ""
    shown = pages(sam)
    assert "HOST_API_URL is not set" in shown["en"]
    assert "没有设置 HOST_API_URL" in shown["zh-hans"]


PLANTED = [
    told(
        status=f"generating token={TOKEN}",
        final_file_path=f"https://cdn.example.cn/a.wav?e=1&token={TOKEN}#{TOKEN}",
        error_message=f"Authorization: Bearer {TOKEN}",
        api_key=TOKEN,
        user={"openid": TOKEN, "status": TOKEN},
    ),
    told(final_file_path=f"https://user:{TOKEN}@cdn.example.cn/a.wav?Signature={TOKEN}"),
    told(final_file_path=f"{BASE}a.wav?anything={TOKEN}"),
    as_json({"success": False, "error": f"GET https://h/x?token={TOKEN} failed, password='{TOKEN}'", "x": TOKEN}),
    as_json({"success": False, "error": f"{'x' * 190} secret={TOKEN}"}, 500),
    as_json({"success": False, "message": f"Bearer {TOKEN}"}, 404),
    Reply(status=302, headers={"Location": f"https://sso.example.cn/login?ticket={TOKEN}", "Set-Cookie": TOKEN}),
    Reply(f"<html>{TOKEN}".encode(), 404, "text/html", {"X-Token": TOKEN}),
    Reply(f"<html>{TOKEN}".encode(), 200, "text/html"),
]


@pytest.mark.parametrize("reply", PLANTED, ids=range(len(PLANTED)))
def test_no_secret_of_the_answer_is_on_the_page_or_in_the_document(
    sam: Client,
    api: ApiHost,
    reply: Reply,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    api.reply = lambda _path: reply
    for text in pages(sam).values():
        assert TOKEN not in text
        assert TOKEN[:6] not in text
    call_command("diagnose", "7")
    call_command("diagnose", "7", "--json")
    printed = capsys.readouterr().out
    assert TOKEN[:6] not in printed
    assert json.loads(printed.splitlines()[-1])["session_id"] == 7
    assert TOKEN[:6] not in caplog.text


def test_no_secret_of_an_error_is_on_the_page(sam: Client, api: ApiHost, host_database: HostDatabase) -> None:
    host_database.update(7, status="failed", error_message=f"boom password={TOKEN}")
    api.reply = lambda _path: told(status="failed", error_message=f"{'x' * 50} password={TOKEN} end")
    for text in pages(sam).values():
        assert "record.api_disagrees" in text
        assert TOKEN[:6] not in text


def test_markup_of_the_answer_is_harmless(sam: Client, api: ApiHost) -> None:
    api.reply = lambda _path: told(status="<script>alert(1)</script>", final_file_path="<img src=x>")
    for text in pages(sam).values():
        assert "<script>alert" not in text
        assert "<img src=x>" not in text
        assert "&lt;script&gt;alert(1)" in text
