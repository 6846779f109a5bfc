"""Long sequences are paused by hand, an open page is told, and they are switched on again; nothing for axe to find."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import Page, expect

from diagnostics.snapshot import make_snapshot
from sessions_admin.models import Pause
from tests.browser.conftest import Open

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def look_at(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(each["id"], each["nodes"][0]["target"]) for each in found] == []


def test_it_is_paused_and_an_open_page_is_told(visit: Open) -> None:
    make_snapshot(timezone.now())
    other = visit("max").open("/")
    expect(other.locator("#pause-band")).to_have_attribute("data-version", "none")
    window = visit("eve")
    page = window.open("/pause/")
    page.get_by_role("button", name="Long audio does not play").click()
    expect(page.locator("blockquote[lang=en]")).to_contain_text("Some long audio cannot be played")
    page.get_by_label("Support contact").fill("support@example.com")
    page.get_by_label("Why?").fill("the engine fails")
    page.get_by_label("Support contact").press("Enter")
    expect(page.get_by_label("Why?")).to_have_value("the engine fails")
    assert Pause.standing() is None, "Enter renews the preview, and switches nothing"
    look_at(page)
    page.get_by_role("button", name="Pause long sequences").click()
    expect(page.locator("#pause-band")).to_contain_text("Paused by eve.")
    look_at(page)
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.locator("#pause-band")).to_contain_text("Paused by eve.")
    page.get_by_label("Why?").fill("it works again")
    page.get_by_role("button", name="Switch long sequences on again").press("Enter")
    expect(page.get_by_role("heading", name="Long sequences are available.")).to_be_visible()
    other.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
    expect(other.locator("#pause-band section")).to_have_count(0)
    assert window.complaints == []
