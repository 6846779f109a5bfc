"""The frame of every page: navigation by role, language, sign-in and -out, the designed error pages."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.diagnostics.rows import complete_pass, failed_session
from tests.diagnostics.views.pages import text_of


def test_the_rail_shows_what_the_role_may_see(sam: Client, manager: Client) -> None:
    complete_pass()
    assert 'href="/sessions/" class="rail-link"' in text_of(sam, "/")
    rail_of_the_manager = text_of(manager, "/")
    assert 'href="/sessions/" class="rail-link"' not in rail_of_the_manager
    assert 'href="/passes/" class="rail-link"' not in rail_of_the_manager


def test_the_rail_marks_where_one_is(sam: Client) -> None:
    assert 'href="/passes/" class="rail-link" aria-current="page"' in text_of(sam, "/file-findings/")


def test_the_language_switches_by_a_post_and_stays(sam: Client) -> None:
    sam.post("/language/", {"language": "zh-hans", "next": "/sessions/"})
    assert '<html lang="zh-Hans"' in text_of(sam, "/")
    failed_session()
    assert "磁盘空间不足" in text_of(sam, "/sessions/")


def test_the_login_page_is_ours_and_keeps_where_one_was_going(db: None) -> None:
    text = text_of(Client(), "/login/?next=/sessions/")
    assert 'name="next" value="/sessions/"' in text
    assert "bare-card" in text


def test_a_wrong_password_is_said_and_five_lock(cast: dict[str, User]) -> None:
    client = Client()
    attempt = {"username": "sam", "password": "wrong"}
    assert "do not fit together" in client.post("/login/", attempt).content.decode()
    answers = [client.post("/login/", attempt) for _number in range(4)]
    assert answers[-1].status_code == 429
    assert "Locked for a quarter of an hour" in answers[-1].content.decode()


def test_signing_out_leads_to_the_login(sam: Client) -> None:
    assert sam.post("/logout/").headers["Location"] == "/login/"
    assert sam.get("/").status_code == 302


def test_an_unknown_address_gets_a_designed_page(sam: Client) -> None:
    response = sam.get("/no/such/page/")
    assert response.status_code == 404
    assert "There is nothing at this address." in response.content.decode()


def test_a_crash_gets_a_designed_page_without_details(sam: Client) -> None:
    sam.raise_request_exception = False
    with patch("diagnostics.views.overview._headline", side_effect=RuntimeError("secret detail")):
        response = sam.get("/")
    text = response.content.decode()
    assert response.status_code == 500
    assert "Something broke here" in text
    assert "secret detail" not in text


def test_a_form_without_its_token_gets_a_designed_page(cast: dict[str, User]) -> None:
    response = Client(enforce_csrf_checks=True).post("/login/", {"username": "sam"})
    assert response.status_code == 403
    assert "This form has expired" in response.content.decode()


def test_times_are_shown_in_the_viewers_zone(sam: Client) -> None:
    row = complete_pass()
    sam.cookies["time_zone"] = "Asia%2FShanghai"
    assert " CST" in text_of(sam, f"/passes/{row.pk}/")
    sam.cookies["time_zone"] = "No/Such"
    assert " UTC" in text_of(sam, f"/passes/{row.pk}/")


@pytest.mark.parametrize("address", ["/", "/sessions/", "/passes/", "/login/"])
def test_every_page_carries_the_policy_and_no_inline_code(sam: Client, address: str) -> None:
    response = (Client() if address == "/login/" else sam).get(address)
    assert "script-src 'self'" in response.headers["Content-Security-Policy"]
    text = response.content.decode()
    assert "<style" not in text
    assert " style=" not in text
    assert " onclick=" not in text


def test_pages_travel_compressed(sam: Client) -> None:
    for number in range(50):
        failed_session(f"session-{number}")
    response = sam.get("/sessions/", headers={"Accept-Encoding": "gzip"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.content) < 12_000
