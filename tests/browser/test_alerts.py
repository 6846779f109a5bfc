"""Alerts by hand: found from the rail, silenced by keyboard, followed to the evidence; nothing for axe to find."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diagnostics.models import AlertState, Episode
from diagnostics.snapshot import make_snapshot
from sessions_admin.models import Silence
from tests.browser.conftest import Open
from tests.browser.well import look_at
from tests.diagnostics.alert_rows import a_flip, a_quiet_host, a_state, ago, an_episode

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def episode() -> Episode:
    """The playable rate fires, a part is down and explains failures, two rules cannot tell, one is about to fire."""
    a_quiet_host()
    found = an_episode(evidence=[{"fact": "by_status", "value": [129, 133]}, {"fact": "machine", "value": "x" * 80}])
    a_flip(found, "firing", found.fired_at, old="pending", value=81.3)
    a_flip(found, "no_data", ago(minutes=4), old="firing", value=None)
    a_flip(found, "firing", ago(minutes=3), old="no_data")
    AlertState.objects.filter(rule="success_rate").update(state="firing", value=84.2, episode=found)
    a_state("part_down", "firing", "database", value=1, episode=an_episode("part_down", "database", peak=1))
    failing = an_episode("failures", peak=9, kind="error", begun_at=ago(hours=30))
    AlertState.objects.filter(rule="failures").update(state="firing", value=7, muted_by="part_down", episode=failing)
    AlertState.objects.filter(rule="generation_time").update(state="no_data", value=None, sample=3, problem="3 of 5")
    AlertState.objects.filter(rule="inodes_used").update(state="error", value=None, problem="timeout")
    AlertState.objects.filter(rule="queue_still").update(state="pending", value=640, sample=12)
    an_episode("disk_used", "audio", begun_at=ago(days=2), ended_at=ago(days=1))
    make_snapshot(timezone.now())
    return found


@pytest.mark.parametrize(("width", "theme", "language"), [(1440, "light", "en"), (390, "dark", "zh-hans")])
def test_axe_finds_nothing_and_the_console_is_silent(
    visit: Open, episode: Episode, *, width: int, theme: str, language: str
) -> None:
    window = visit(width=width, theme=theme, language=language)
    for path in ("/alerts/", "/alerts/?days=30&rule=disk_used", f"/alerts/episodes/{episode.pk}/", "/"):
        look_at(window, path, width)
    assert window.complaints == []


def test_it_is_found_silenced_by_keyboard_and_followed_to_its_evidence(visit: Open, episode: Episode) -> None:
    window = visit()
    page = window.open("/")
    page.get_by_role("link", name="Alerts 2 firing").click()
    card = page.locator(".alert-card", has_text="could be played")
    card.get_by_text("Silence it …").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type("The new disk comes at noon")
    window.refresh()
    expect(card.locator("textarea")).to_have_value("The new disk comes at noon")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card).to_contain_text("Silenced by eve until")
    silence = Silence.objects.get()
    assert (silence.rule, silence.subject, round((silence.ends_at - silence.made_at).seconds / 3600)) == (
        "success_rate", "", 4,
    )  # fmt: skip
    card.get_by_role("link", name="Evidence and course").click()
    expect(page.locator("#episode-facts")).to_contain_text("129 of 133")
    assert window.complaints == []


def test_what_begins_to_fire_comes_up_by_itself(visit: Open, episode: Episode) -> None:
    window = visit("max")
    page = window.open("/alerts/")
    expect(page.locator("#alerts-headline")).to_contain_text("2 alerts are firing.")
    disk = an_episode("disk_used", "audio", peak=91.0)
    AlertState.objects.filter(rule="disk_used").update(state="firing", value=91.0, episode=disk, version=2)
    window.refresh()
    expect(page.locator("#alerts-headline")).to_contain_text("3 alerts are firing.")
    assert window.complaints == []
