"""A real Chromium plays from the demo host, well and in each way in which its server fails; its own words are decoded."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect
from pytest_django import Settings

from diagnostics.domain.player_errors import explain
from tests.end_to_end.demo_host import DemoHost, set_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


@dataclass
class Client:
    """The demo's own player in a browser window, and all that its console said."""

    page: Page
    address: str
    said: list[str] = field(default_factory=list)

    def play(self, session_id: int | None, state: str) -> str:
        """Press play and wait for what becomes of it; returns the console as a user would copy it."""
        self.said.clear()
        self.page.goto(f"{self.address}/player/{session_id}")
        self.page.get_by_role("button", name="播放").click()
        expect(self.page.locator("body")).to_have_attribute("data-state", state, timeout=15_000)
        self.page.wait_for_timeout(200)  # the console tells a moment after the page
        return "\n".join(self.said)


@pytest.fixture(scope="module")
def demo_host() -> Iterator[DemoHost]:
    with set_up(20) as host:
        yield host


@pytest.fixture
def client(demo_host: DemoHost, settings: Settings, browser: Browser) -> Iterator[Client]:
    context = browser.new_context()
    with demo_host.serving(settings) as address:
        found = Client(context.new_page(), address)
        found.page.on("console", lambda message: found.said.append(as_copied(message)))
        yield found
    context.close()
    demo_host.mend()


def as_copied(message: ConsoleMessage) -> str:
    """A line as the console shows it: a failed load with the address that it is about."""
    place = message.location.get("url", "")
    return f"GET {place} {message.text}" if message.text.startswith("Failed to load resource") else message.text


def a_well_one(host: DemoHost) -> int | None:
    session_id = host.break_("record.stale_error")
    host.mend()
    return session_id


def test_it_plays_what_is_well(demo_host: DemoHost, client: Client) -> None:
    session_id = a_well_one(demo_host)
    said = client.play(session_id, "playing")
    assert "🎵 音频事件: 正在播放" in said
    assert "播放错误" not in said
    report = explain(said)
    assert (report.session_id, report.status, report.has_path) == (str(session_id), "completed", True)
    assert report.size_bytes is not None


@pytest.mark.parametrize(
    ("name", "code", "suspect"),
    [
        ("delivery.not_served", "404", "delivery.not_served"),
        ("delivery.not_served:403", "403", "delivery.not_served"),
        ("delivery.not_served:410", "410", "delivery.not_served"),
        ("delivery.not_served:500", "500", "delivery.not_served"),
        ("delivery.link_expired", "401", "delivery.link_expired"),
        ("delivery.link_expired:refused", "401", "delivery.link_expired"),
        ("delivery.not_audio", "DEMUXER_ERROR_COULD_NOT_OPEN", "delivery.not_audio"),
        ("delivery.not_audio:json", "DEMUXER_ERROR_COULD_NOT_OPEN", "delivery.not_audio"),
        ("delivery.bad_certificate", "net::ERR_CERT_AUTHORITY_INVALID", "delivery.bad_certificate"),
        ("server:redirect", "DEMUXER_ERROR_COULD_NOT_OPEN", "delivery.not_audio"),
    ],
)
def test_its_own_words_are_decoded(demo_host: DemoHost, client: Client, name: str, code: str, suspect: str) -> None:
    if name == "delivery.bad_certificate" and not shutil.which("openssl"):
        pytest.skip("openssl is not installed (CI has it)")
    session_id = demo_host.break_(name, a_well_one(demo_host))
    report = explain(client.play(session_id, "error"))
    error = report.main_error
    assert error is not None
    assert (error.source, error.code) == ("browser", code)
    assert suspect in error.suspects
    assert report.session_id == str(session_id)
    assert report.url is not None
    assert report.url.startswith(
        client.address.replace("http:", "https:" if suspect.endswith("certificate") else "http:")
    )
    assert "token=" not in repr(report)
    demo_host.mend()
    assert "播放错误" not in client.play(session_id, "playing")


@pytest.mark.parametrize("name", ["delivery.no_range", "delivery.not_served:length"])
def test_chromium_plays_what_other_players_may_not(demo_host: DemoHost, client: Client, name: str) -> None:
    """So that a browser at the desk proves nothing for a phone: only a question to the server tells."""
    session_id = demo_host.break_(name, a_well_one(demo_host))
    assert "播放错误" not in client.play(session_id, "playing")


@pytest.mark.parametrize("name", ["server:hang", "server:drip"])
def test_a_server_that_keeps_it_waiting_is_met_in_silence(demo_host: DemoHost, client: Client, name: str) -> None:
    session_id = a_well_one(demo_host)
    demo_host.break_(name, session_id)
    client.play(session_id, "asked")
    client.page.wait_for_timeout(3_000)
    expect(client.page.locator("body")).to_have_attribute("data-state", "asked")
    assert not any("播放错误" in line for line in client.said)


def test_an_old_answer_of_the_api_keeps_it_from_what_is_there(demo_host: DemoHost, client: Client) -> None:
    session_id = demo_host.break_("record.api_disagrees", a_well_one(demo_host))
    report = explain(client.play(session_id, "error"))
    assert (report.status, report.has_path) == ("generating", False)
    demo_host.mend()
    client.play(session_id, "playing")
