"""What every answer carries and every request passes: headers, the login, its throttle, zone and language."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from axes.models import AccessAttempt
from django.contrib.auth.models import User
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from config.middleware import client_address
from diagnostics.models import Pass

pytestmark = pytest.mark.django_db


def log_in(client: Client, name: str, password: str, address: str = "10.0.0.1", **headers: str) -> Any:
    return client.post("/login/", {"username": name, "password": password}, REMOTE_ADDR=address, headers=headers)


class TestHeaders:
    @pytest.mark.parametrize("address", ["/", "/login/", "/nowhere/", "/sessions/5"])
    def test_every_answer_carries_them(self, address: str, sam: Client) -> None:
        headers = sam.get(address).headers
        policy = headers["Content-Security-Policy"]
        assert "unsafe" not in policy
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "no-store" in headers["Cache-Control"]
        assert "Permissions-Policy" in headers

    def test_what_a_view_says_of_caching_stays(self, sam: Client) -> None:
        assert "no-store" in sam.get("/overview/panels/", headers={"HX-Request": "true"}).headers["Cache-Control"]


class TestLogin:
    def test_nobody_is_sent_to_the_login_and_back(self, client: Client, cast: dict[str, User]) -> None:
        address = client.get("/sessions/?verdict=broken")["Location"]
        assert address == "/login/?next=/sessions/%3Fverdict%3Dbroken"
        response = client.post(
            address, {"username": "sam", "password": "the-password-of-sam", "next": "/sessions/?verdict=broken"}
        )
        assert response["Location"] == "/sessions/?verdict=broken"

    def test_it_leads_to_no_other_host(self, client: Client, cast: dict[str, User]) -> None:
        form = {"username": "sam", "password": "the-password-of-sam", "next": "https://evil.example/"}
        assert client.post("/login/", form)["Location"] == "/"

    def test_a_fragment_gets_401_and_the_way_to_the_login(self, client: Client) -> None:
        headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/sessions/?status=failed"}
        response = client.get("/overview/panels/", headers=headers)
        assert response.status_code == 401
        assert response["HX-Redirect"] == f"/login/?next={quote('/sessions/?status=failed', safe='')}"
        assert response.content == b""

    @pytest.mark.parametrize(
        "current", ["//evil.example/x", "https://evil.example//evil.example", "javascript:x", "[", "http://["]
    )
    def test_a_fragment_leads_to_no_other_host(self, client: Client, cast: dict[str, User], current: str) -> None:
        response = client.get("/overview/panels/", headers={"HX-Request": "true", "HX-Current-URL": current})
        assert response.status_code == 401
        assert response["HX-Redirect"].startswith("/login/")
        assert "%2F%2F" not in response["HX-Redirect"]

    def test_it_logs_out_by_post_only(self, sam: Client) -> None:
        assert sam.get("/logout/").status_code == 405
        assert sam.post("/logout/")["Location"] == "/login/"
        assert sam.get("/").status_code == 302

    def test_an_assets_address_needs_no_login(self, client: Client) -> None:
        assert client.get("/assets/none.css").status_code == 404


class TestThrottle:
    def test_five_failures_lock_the_name_at_that_address(self, client: Client, cast: dict[str, User]) -> None:
        answers = [log_in(client, "sam", "wrong").status_code for _ in range(6)]
        assert answers == [200, 200, 200, 200, 429, 429]
        locked = log_in(client, "sam", "the-password-of-sam")
        assert locked.status_code == 429
        assert b"Locked for a quarter of an hour" in locked.content

    def test_from_another_address_the_same_name_is_not_locked(self, client: Client, cast: dict[str, User]) -> None:
        for _ in range(6):
            log_in(client, "sam", "wrong")
        assert log_in(client, "sam", "the-password-of-sam", "10.0.0.2").status_code == 302

    def test_at_the_same_address_another_name_is_not_locked(self, client: Client, cast: dict[str, User]) -> None:
        for _ in range(6):
            log_in(client, "sam", "wrong")
        assert log_in(client, "eve", "the-password-of-eve").status_code == 302

    def test_an_unknown_name_is_locked_alike(self, client: Client, cast: dict[str, User]) -> None:
        assert [log_in(client, "nobody", "wrong").status_code for _ in range(5)][-1] == 429

    def test_a_good_login_forgets_earlier_failures(self, client: Client, cast: dict[str, User]) -> None:
        for _ in range(4):
            log_in(client, "sam", "wrong")
        assert log_in(client, "sam", "the-password-of-sam").status_code == 302
        client.logout()
        assert log_in(client, "sam", "wrong").status_code == 200

    def test_an_invented_address_does_not_help(self, client: Client, cast: dict[str, User]) -> None:
        headers = [{"X-Forwarded-For": f"8.8.8.{number}"} for number in range(6)]
        assert log_in(client, "sam", "wrong", **headers[5]).status_code == 200
        for each in headers:
            log_in(client, "sam", "wrong", **each)
        assert log_in(client, "sam", "the-password-of-sam").status_code == 429

    def test_the_lock_ends_after_a_quarter_of_an_hour(self, client: Client, cast: dict[str, User]) -> None:
        for _ in range(6):
            log_in(client, "sam", "wrong")
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=14))
        assert log_in(client, "sam", "the-password-of-sam").status_code == 429
        AccessAttempt.objects.update(attempt_time=timezone.now() - timedelta(minutes=16))
        assert log_in(client, "sam", "the-password-of-sam").status_code == 302


@pytest.mark.parametrize(
    ("proxies", "forwarded", "peer", "found"),
    [
        (0, "", "10.0.0.9", "10.0.0.9"),
        (0, "6.6.6.6", "10.0.0.9", "10.0.0.9"),
        (1, "203.0.113.7", "10.0.0.9", "203.0.113.7"),
        (1, "6.6.6.6, 203.0.113.7", "10.0.0.9", "203.0.113.7"),
        (2, "6.6.6.6, 203.0.113.7, 10.0.0.8", "10.0.0.9", "203.0.113.7"),
        (2, "203.0.113.7", "10.0.0.9", "10.0.0.9"),
        (1, "", "10.0.0.9", "10.0.0.9"),
        (1, "<script>", "10.0.0.9", "10.0.0.9"),
        (1, "2001:db8::1", "10.0.0.9", "2001:db8::1"),
        (0, "", "", ""),
    ],
)
def test_an_address_is_believed_from_trusted_proxies_only(
    proxies: int, forwarded: str, peer: str, found: str, settings: Settings
) -> None:
    settings.TRUSTED_PROXY_COUNT = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR=peer)
    assert client_address(request) == found


class TestTimeZone:
    def shown(self, client: Client, cookie: str) -> str:
        at = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)
        row = Pass.objects.create(started_at=at, heartbeat_at=at, finished_at=at, outcome=Pass.Outcome.COMPLETE)
        client.cookies["time_zone"] = cookie
        response = client.get(f"/passes/{row.pk}/")
        assert response.status_code == 200
        return str(response.content.decode())

    def test_times_are_shown_in_the_viewers_zone(self, sam: Client) -> None:
        assert "2026-01-02 11:04:05 CST" in self.shown(sam, quote("Asia/Shanghai", safe=""))

    @pytest.mark.parametrize(
        "cookie",
        ["", "../../etc/passwd", "Nowhere/None", "%00", "%ff%fe", "Asia", "a" * 4000, "%2Fetc%2Fpasswd", "<x>"],
    )
    def test_a_hostile_cookie_is_no_zone(self, sam: Client, cookie: str) -> None:
        assert "2026-01-02 03:04:05 UTC" in self.shown(sam, cookie)


class TestLanguage:
    def test_it_is_switched_by_post_and_stays(self, client: Client) -> None:
        response = client.post("/language/", {"language": "zh-hans", "next": "/login/"})
        assert response["Location"] == "/login/"
        assert b'lang="zh-Hans"' in client.get("/login/").content

    @pytest.mark.parametrize("address", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_it_leads_to_no_other_host(self, client: Client, address: str) -> None:
        assert client.post("/language/", {"language": "zh-hans", "next": address})["Location"] == "/"

    def test_a_language_that_we_do_not_speak_changes_nothing(self, client: Client) -> None:
        client.post("/language/", {"language": "../x", "next": "/login/"})
        assert b'lang="en"' in client.get("/login/").content

    def test_a_form_from_elsewhere_is_refused(self) -> None:
        assert Client(enforce_csrf_checks=True).post("/language/", {"language": "zh-hans"}).status_code == 403
