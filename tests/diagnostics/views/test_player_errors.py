"""The page that explains player errors: any text, bounded, nothing of it stored, no secret in the answer."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse

from tests.conftest import signed_in
from tests.diagnostics.views.pages import is_whole_page, refuses_the_anonymous, refuses_the_role, text_of
from tests.diagnostics.views.traces import dump, field

pytestmark = pytest.mark.django_db

ADDRESS = reverse("diagnostics:player_errors")
IOS = '{errMsg: "INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。", errCode: 10001}'
NAME = "long_sequence_7_20261120_100200.wav"
LOG = (
    f'create 请求参数: {{"assessment_id": 12}}\nGET http://192.168.124.3:5000/api/static/generated_music/{NAME}?token=s3cr3t '
    "404 (NOT FOUND)\n- 文件大小: 158760044\nAuthorization: Bearer s3cr3t-s3cr3t\n"
)


def explained(client: Client, text: str, status: int = 200) -> str:
    answer = client.post(ADDRESS, {"text": text})
    assert answer.status_code == status
    return answer.content.decode()


def test_it_asks_for_a_text(sam: Client) -> None:
    text = text_of(sam, ADDRESS)
    assert is_whole_page(text)
    assert 'href="/player-errors/" class="rail-link" aria-current="page"' in text
    assert field(text) == ""
    assert "Nothing of it is stored." in text
    assert "What it means" not in text


def test_it_explains_a_players_message(sam: Client) -> None:
    text = explained(sam, IOS)
    assert "Player on iOS" in text
    assert '<code class="meaning-code">-1100</code>' in text
    assert "The server has no file at the address that the phone asked for (404)." in text
    assert "What confirms it:" in text
    assert '<a href="/sessions/?cause=file.deleted">File was deleted</a>' in text
    assert field(text) == IOS
    assert "open-session" not in text


def test_a_text_that_names_a_session_leads_to_it(sam: Client) -> None:
    text = explained(sam, LOG)
    assert "It is about session 7" in text
    target = reverse("diagnostics:client_report", args=[7])
    assert f'<form class="leads-form" method="post" action="{target}#client-report"' in text
    assert re.search(r'<input type="hidden" name="text" value="create 请求参数', text)
    assert "<dt>Assessment</dt>" in text
    assert "159 MB (158,760,044 bytes)" in text
    assert f"http://192.168.124.3:5000/api/static/generated_music/{NAME}</code>" in text


def test_what_nobody_knows_is_said_so(sam: Client) -> None:
    assert "No known player error is in this text." in explained(sam, "it does not play")


def test_it_reads_in_chinese(sam: Client) -> None:
    sam.cookies["language"] = "zh-hans"
    text = explained(sam, IOS)
    assert "iOS 播放器" in text
    assert "可能的原因，按可能性排列" in text


@pytest.mark.parametrize("nothing", ["", " \r\n\t "])
def test_nothing_pasted_is_refused_with_a_reason(sam: Client, nothing: str) -> None:
    text = explained(sam, nothing, 422)
    assert "the field is empty." in text
    assert 'aria-invalid="true"' in text
    assert sam.post(ADDRESS).status_code == 422


def test_too_much_is_refused_and_nothing_of_it_is_lost(sam: Client) -> None:
    much = "错" * 200_001
    text = explained(sam, much, 422)
    assert "This is too long: 200,001 characters, where 200,000 are read." in text
    assert field(text) == much
    assert "What it means" not in text


def test_just_as_much_as_is_allowed_is_read(sam: Client) -> None:
    lines = (IOS + "\n" + "x" * 99) * 2_000
    assert "-1100" in explained(sam, lines[:200_000].replace("\n", "\r\n"))


def test_nothing_of_it_is_stored(sam: Client) -> None:
    before = dump()
    explained(sam, LOG)
    explained(sam, "错" * 200_001, 422)
    assert dump() == before


def test_no_secret_comes_back(sam: Client) -> None:
    text = explained(sam, LOG)
    assert "s3cr3t" not in text
    assert "token=[hidden] 404" in field(text)


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script> INNERERRCODE:-1100", "</textarea><b>", "\0\ud800 -1100", '"><img>']
)
def test_hostile_text_stays_text(sam: Client, text: str) -> None:
    answer = explained(sam, text.encode(errors="replace").decode())
    assert "<script>alert" not in answer
    assert "</textarea><b>" not in answer
    assert "<img>" not in answer
    assert "\0" not in answer


def test_it_needs_the_token_of_its_form(cast: dict[str, User]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["sam"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(ADDRESS, {"text": IOS}).status_code == 403


def test_it_refuses_the_anonymous_the_wrong_role_and_the_wrong_method(cast: dict[str, User]) -> None:
    refuses_the_anonymous(ADDRESS)
    assert Client().post(ADDRESS, {"text": IOS}).status_code == 302
    refuses_the_role(signed_in(cast["max"]), ADDRESS, allowed="Support")
    assert signed_in(cast["max"]).post(ADDRESS, {"text": IOS}).status_code == 403
    sam = signed_in(cast["sam"])
    assert [getattr(sam, method)(ADDRESS).status_code for method in ("put", "patch", "delete")] == [405] * 3


def test_a_manager_has_no_way_there(manager: Client) -> None:
    assert "/player-errors/" not in text_of(manager, "/")
