"""A session examined with what its client says: in place and without JavaScript, bounded, and nothing of it stored."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from tests.conftest import signed_in
from tests.diagnostics.rows import failed_session
from tests.diagnostics.test_session_page import FRAGMENT, NAME, examined, insert_completed, page, write_whole_file
from tests.diagnostics.views.pages import is_whole_page
from tests.diagnostics.views.traces import dump, field
from tests.host_database import HostDatabase

pytestmark = pytest.mark.django_db

ADDRESS = reverse("diagnostics:client_report", args=[7])
FOUND = f"/static/generated_music/long_sequences/{NAME}"
CONSOLE = f"GET https://app.example.cn/api{FOUND}?token=s3cr3t 404 (NOT FOUND)"
IOS = '{errMsg: "INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。", errCode: 10001}'
LOG = f"📊 状态数据详情:\n- 状态: completed\n- 文件路径: /old{FOUND}\n- 会话ID: 7\n{IOS}"


@pytest.fixture
def session(host_database: HostDatabase, settings: Settings) -> HostDatabase:
    """Session 7, completed, whole, and served at a known address."""
    settings.PUBLIC_BASE_URL = "https://app.example.cn"
    write_whole_file(settings)
    insert_completed(host_database)
    return host_database


def weighed(client: Client, text: str, status: int = 200, address: str = ADDRESS) -> str:
    answer = client.post(address, {"text": text}, headers=FRAGMENT)
    assert answer.status_code == status
    return answer.content.decode()


def test_the_sessions_page_asks_for_what_the_client_says(sam: Client, session: HostDatabase) -> None:
    text = examined(sam, 7)
    assert "What the client says" in text
    assert f'hx-post="{ADDRESS}"' in text
    assert "ask the user for the player’s message" in text.replace("&#x27;", "’")


def test_it_is_weighed_in_place(sam: Client, session: HostDatabase) -> None:
    text = weighed(sam, CONSOLE)
    assert "<html" not in text
    assert '<code class="verdict-code">delivery.wrong_url</code>' in text
    assert "the client put “/api” before its path" in text
    assert (
        '<span>Client builds the wrong URL</span><code>delivery.wrong_url</code><span class="suspect-state">confirmed'
        in text
    )
    assert '<span class="line-source">Client</span><span class="line-fact">URL the client asked for</span>' in text
    assert field(text) == CONSOLE.replace("s3cr3t", "[hidden]")


def test_an_error_that_does_not_fit_is_told_with_what_it_suggests(sam: Client, session: HostDatabase) -> None:
    text = weighed(sam, LOG)
    assert "playable" in text
    assert '<details id="step-client" open>' in text
    assert '<span class="suspect-state">ruled out</span>' in text
    assert '<span class="suspect-state">not checked</span>' in text
    assert "Some of what it makes likely could not be checked here." in text
    assert f"the row says <code>{FOUND}</code>" in text


def test_a_text_about_another_session_is_said_and_counts_for_nothing(sam: Client, session: HostDatabase) -> None:
    text = weighed(sam, CONSOLE.replace("sequence_7", "sequence_9"))
    assert "The text is about session 9, not this one." in text
    assert "verdict-code" not in text
    assert f'action="{reverse("diagnostics:client_report", args=[9])}#client-report"' in text
    assert "What was pasted is about another session" in text


def test_without_javascript_it_is_the_whole_page(sam: Client, session: HostDatabase) -> None:
    answer = sam.post(ADDRESS, {"text": CONSOLE})
    text = answer.content.decode()
    assert answer.status_code == 200
    assert is_whole_page(text)
    assert "delivery.wrong_url" in text
    assert 'href="/sessions/" class="rail-link" aria-current="page"' in text


def test_its_address_alone_leads_to_the_session(sam: Client, session: HostDatabase) -> None:
    answer = sam.get(ADDRESS)
    assert (answer.status_code, answer["Location"]) == (302, f"{page(7)}?examine=1")


@pytest.mark.parametrize(("text", "said"), [(" ", "the field is empty"), ("错" * 200_001, "200,001 characters")])
def test_what_cannot_be_read_is_refused_in_its_own_place(
    sam: Client, session: HostDatabase, text: str, said: str
) -> None:
    answer = sam.post(ADDRESS, {"text": text}, headers=FRAGMENT)
    shown = answer.content.decode()
    assert (answer.status_code, answer["HX-Retarget"], answer["HX-Reswap"]) == (422, "#client-report", "outerHTML")
    assert shown.startswith('<section class="panel client-report" id="client-report"')
    assert said in shown
    assert field(shown) == text
    whole = sam.post(ADDRESS, {"text": text})
    assert whole.status_code == 422
    assert is_whole_page(whole.content.decode())
    assert said in whole.content.decode()
    assert "Examined live" in whole.content.decode()


def test_nothing_of_it_is_stored_and_no_secret_comes_back(sam: Client, session: HostDatabase) -> None:
    before, rows = dump(), session.rows()
    assert "s3cr3t" not in weighed(sam, CONSOLE)
    assert "s3cr3t" not in sam.post(ADDRESS, {"text": CONSOLE}).content.decode()
    assert (dump(), session.rows()) == (before, rows)


def test_the_next_examination_knows_nothing_of_it(sam: Client, session: HostDatabase) -> None:
    weighed(sam, CONSOLE)
    assert "delivery.wrong_url" not in examined(sam, 7)


def test_a_session_that_is_nowhere_is_a_404(sam: Client, session: HostDatabase) -> None:
    nowhere = reverse("diagnostics:client_report", args=["no/such"])
    assert sam.post(nowhere, {"text": IOS}).status_code == 404
    assert sam.post(nowhere, {"text": ""}).status_code == 404


def test_a_host_that_does_not_answer_leaves_what_was_known(sam: Client, session: HostDatabase, tmp_path: Path) -> None:
    failed_session("7")
    (tmp_path / "host.sqlite3").unlink()
    text = weighed(sam, IOS)
    assert "The host’s database did not answer" in text
    assert field(text) == IOS


def test_a_session_whose_row_is_gone_is_said_so(sam: Client, host_database: HostDatabase) -> None:
    failed_session("7")
    assert "holds this session no longer" in weighed(sam, IOS)


def test_it_needs_the_token_of_its_form(cast: dict[str, User], session: HostDatabase) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["sam"], backend="django.contrib.auth.backends.ModelBackend")
    assert client.post(ADDRESS, {"text": IOS}).status_code == 403


def test_it_refuses_the_wrong_role_nobody_and_the_wrong_method(cast: dict[str, User], session: HostDatabase) -> None:
    assert signed_in(cast["max"]).post(ADDRESS, {"text": IOS}, headers=FRAGMENT).status_code == 403
    assert Client().post(ADDRESS, {"text": IOS}).status_code == 302
    sam = signed_in(cast["sam"])
    assert [getattr(sam, method)(ADDRESS).status_code for method in ("put", "patch", "delete")] == [405] * 3


def test_it_reads_in_chinese(sam: Client, session: HostDatabase) -> None:
    sam.cookies["language"] = "zh-hans"
    text = weighed(sam, LOG)
    assert "客户端提供的信息" in text
    assert "与记录不同" in text
    assert "已排除" in text
