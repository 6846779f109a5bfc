"""The rates page in a browser: axe, both widths and themes, the keyboard, paper, and life without scripts."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diagnostics.snapshot import make_snapshot
from sessions_admin.models import Marker
from tests.browser.conftest import Open
from tests.browser.well import look_at
from tests.diagnostics.endings import counted, ended, failed
from tests.diagnostics.rows import complete_pass, incident

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PAGES = ("/rates/", "/rates/?period=24h", "/rates/?period=any&from=2020-01-01&to=2020-01-02")


@pytest.fixture
def week() -> None:
    """Attempts of every outcome over a few days, a marker, an incident."""
    now = timezone.now()
    for hours in (2, 30, 55):
        age = timedelta(hours=hours)
        ended(11, age=age)
        ended(1, age=age, lost_at=now, lost_cause="file.deleted")
        ended(1, age=age, is_playable=False, cause="file.truncated", took_seconds=900.0)
        ended(1, age=age, kind="stuck", is_playable=False, cause="worker.stalled", took_seconds=None)
        failed(2, age=age)
    ended(3, age=timedelta(hours=80))
    counted()
    complete_pass(root_device=1)
    incident(age=timedelta(hours=31))
    Marker.objects.create(at=now - timedelta(hours=40), text="v2" * 100, made_at=now, made_by="eve")
    make_snapshot(now)


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "zh-hans")])
@pytest.mark.parametrize("width", [1440, 390])
def test_axe_finds_nothing_and_the_console_is_silent(
    visit: Open, week: None, *, width: int, theme: str, language: str
) -> None:
    window = visit("eve", width=width, theme=theme, language=language)
    for path in PAGES:
        look_at(window, path, width)
    assert window.complaints == []


def test_the_keyboard_leads_from_a_bar_to_its_sessions(visit: Open, week: None) -> None:
    window = visit("sam")
    page = window.open("/rates/")
    bar = page.locator(".plot-link").last
    page.locator("#outcomes-table summary").focus()
    page.keyboard.press("Shift+Tab")
    expect(bar).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sessions/?ended_from=**")
    expect(page.locator(".list-count strong")).to_have_text("16")
    assert window.complaints == []


def test_it_works_without_scripts(visit: Open, week: None) -> None:
    window = visit("max", scripted=False)
    page = window.open("/rates/")
    page.click("text=24 hours")
    expect(page.locator(".tabs [aria-current]")).to_have_text("24 hours")
    page.fill("input[name=from]", "2020-01-01")
    page.fill("input[name=to]", "2020-01-02")
    page.click("text=Show >> nth=0")
    expect(page.locator(".empty-lead")).to_have_text("Nothing finished in this period.")
    expect(page.locator("[data-print]")).to_have_count(0)


def test_on_paper_there_are_figures_and_charts_and_no_frame(visit: Open, week: None) -> None:
    page = visit("max", theme="dark").open("/rates/")
    page.emulate_media(media="print")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    for hidden in (".rail", ".topbar", ".rates-choice", ".rates-doing"):
        expect(page.locator(hidden)).to_be_hidden()
    expect(page.locator(".rates-large")).to_be_visible()
    expect(page.locator(".plot-field").first).to_be_visible()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
