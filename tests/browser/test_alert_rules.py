"""Levels are tried on the past and put in force by the keyboard alone; nothing for axe to find."""

from __future__ import annotations

from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from diagnostics.models import AlertLevels, Ending, SessionEntry
from sessions_admin.models import Channel
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PAGE = "/alerts/rules/failures/"


@pytest.fixture
def failures(db: None) -> None:
    """Seven sessions failed at once, on each of two days; somebody is told."""
    now = timezone.now()
    seen = {"listed_at": now, "first_seen_at": now, "changed_at": now}
    session = SessionEntry.objects.create(key="1", verdict="broken", state="faulty", **seen)
    for days in (3, 9):
        rows = (Ending(session=session, kind="failed", ended_at=now - timedelta(days=days)) for _each in range(7))
        Ending.objects.bulk_create(rows)
    Channel.objects.create(name="On call", kind="mail", target="on-call@example.com", made_at=now, made_by="ada")


def look_at(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["target"]) for each in found] == []


def test_levels_are_tried_and_put_in_force_by_the_keyboard(visit: Open, failures: None) -> None:
    window = visit("ada")
    page = window.open(PAGE)
    look_at(page)
    page.get_by_label("Fires above", exact=True).focus()
    page.keyboard.press("ControlOrMeta+A")
    page.keyboard.type("6")
    page.keyboard.press("Enter")
    expect(
        page.get_by_role("status").filter(has_text="it would have fired 2 times, the longest 1 h 15 min")
    ).to_be_visible()
    assert not AlertLevels.objects.exists(), "Enter only tries the levels"
    expect(page.get_by_label("Fires above", exact=True)).to_have_value("6")
    look_at(page)
    page.get_by_label("Fires above", exact=True).fill("7")
    page.get_by_role("button", name="Try on the last 30 days").press("Enter")
    expect(page.get_by_role("status").filter(has_text="it would not have fired")).to_be_visible()
    expect(page.get_by_role("button", name="Try on the last 30 days")).to_be_focused()
    page.get_by_label("Why?").first.fill("seven at once are no news")
    page.get_by_role("button", name="Put in force").press("Enter")
    expect(page.get_by_text("Fires at: 5 → 7")).to_be_visible()
    assert AlertLevels.objects.get().raise_at == 7
    page.goto(window.base + "/alerts/rules/")
    look_at(page)
    assert window.complaints == []


def test_it_works_without_scripts(visit: Open, failures: None) -> None:
    page = visit("ada", scripted=False).open(PAGE)
    page.get_by_role("button", name="Try on the last 30 days").click()
    expect(page.get_by_text("it would have fired 2 times")).to_be_visible()
    page.get_by_label("Ends at this or below").fill("9")
    page.get_by_role("button", name="Try on the last 30 days").click()
    expect(page.get_by_text("the level at which it ends must be that or lower")).to_be_visible()
    expect(page.get_by_label("Ends at this or below")).to_have_value("9")
