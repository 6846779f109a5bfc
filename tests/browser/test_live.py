"""Live pages in a real browser: they refresh, disturb nobody, and say why when they stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from diagnostics.models import SessionEntry
from diagnostics.snapshot import make_snapshot
from tests.browser.conftest import Open
from tests.diagnostics.rows import complete_pass, condition, failed_session, finding, session

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def snapshot() -> None:
    make_snapshot(timezone.now())


def tile(page: Page, verdict: str) -> str:
    return page.locator(f"#tile-{verdict} .tile-number").inner_text()


def asked_of(page: Page) -> list[str]:
    """Return the list to which every refresh that the page asks for from now on is added."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/panels/" in request.url else None)
    return asked


def point_away(page: Page) -> None:
    page.mouse.move(5, 5)


def test_a_number_changes_in_place(visit: Open) -> None:
    complete_pass()
    snapshot()
    window = visit()
    page = window.open("/")
    assert tile(page, "broken") == "0"
    failed_session()
    snapshot()
    window.refresh()
    assert tile(page, "broken") == "1"
    expect(page.locator("#tile-broken .tile-number.flash")).to_have_count(1)
    assert window.complaints == []


def test_what_the_reader_opened_stays_open(visit: Open) -> None:
    complete_pass()
    finding(session(cause="record.stale_error"), age=timedelta(hours=1))
    snapshot()
    window = visit()
    page = window.open("/")
    page.locator("#notices summary").click()
    point_away(page)
    page.evaluate("document.activeElement.blur()")
    failed_session()
    snapshot()
    window.refresh()
    assert tile(page, "broken") == "1"
    expect(page.locator("#notices")).to_have_attribute("open", "")


def test_a_list_under_the_pointer_waits_and_says_so(visit: Open) -> None:
    for number in range(4):
        session(f"s-{number}", age=timedelta(hours=number + 1))
    snapshot()
    window = visit()
    page = window.open("/sessions/")
    page.locator("tbody tr").nth(2).hover()
    session("s-new", age=timedelta(minutes=1))
    snapshot()
    window.refresh()
    expect(page.locator("tbody tr")).to_have_count(4)
    expect(page.locator(".freshness-text")).to_have_text("Updates paused: you are on a list")
    point_away(page)
    window.refresh()
    expect(page.locator("tbody tr").first).to_contain_text("s-new")
    expect(page.locator("tbody tr")).to_have_count(5)


def test_rows_are_kept_and_only_their_cells_change(visit: Open) -> None:
    for number in range(3):
        session(f"s-{number}", age=timedelta(hours=number + 1))
    snapshot()
    window = visit()
    page = window.open("/sessions/")
    page.evaluate("document.querySelectorAll('tbody tr').forEach((row, place) => { row.mark = place; })")
    SessionEntry.objects.filter(key="s-2").update(verdict="broken", cause="file.deleted")
    session("s-new", age=timedelta(minutes=1))
    snapshot()
    window.refresh()
    marks = page.evaluate("[...document.querySelectorAll('tbody tr')].map(row => row.mark ?? null)")
    assert marks == [None, 0, 1, 2]
    expect(page.locator("tbody tr").nth(3)).to_contain_text("File was deleted")


def test_a_new_condition_appears_above_the_page(visit: Open) -> None:
    complete_pass()
    snapshot()
    window = visit()
    page = window.open("/")
    point_away(page)
    condition("host.unavailable")
    snapshot()
    window.refresh()
    expect(page.locator("#conditions")).to_contain_text("Host database does not answer")


@pytest.mark.parametrize(
    ("cause", "reason"),
    [
        ("document.getSelection().selectAllChildren(document.getElementById('headline'))", "text is selected"),
        ("document.getElementById('help').showModal()", "a dialog is open"),
        ("document.querySelector('.freshness-button').click()", "by you"),
    ],
    ids=["selection", "dialog", "reader"],
)
def test_it_pauses_and_says_why(visit: Open, cause: str, reason: str) -> None:
    snapshot()
    window = visit()
    window.page.clock.install()
    page = window.open("/")
    asked = asked_of(page)
    page.evaluate(cause)
    page.clock.run_for(1000)
    expect(page.locator(".freshness-text")).to_have_text(f"Updates paused: {reason}")
    page.clock.run_for(30_000)
    page.wait_for_timeout(300)
    assert asked == []


def test_it_polls_by_itself_once_and_not_in_a_hidden_tab(visit: Open) -> None:
    snapshot()
    window = visit()
    window.page.clock.install()
    page = window.open("/")
    asked = asked_of(page)
    with page.expect_response("**/overview/panels/"):
        page.clock.run_for(5600)
    assert len(asked) == 1
    page.evaluate("Object.defineProperty(document, 'hidden', { get: () => true })")
    page.clock.run_for(30_000)
    page.wait_for_timeout(300)
    assert len(asked) == 1


def test_an_expired_login_is_said_and_the_page_stays(visit: Open) -> None:
    complete_pass()
    snapshot()
    window = visit()
    page = window.open("/")
    page.context.clear_cookies()
    window.refresh()
    expect(page.locator(".freshness-text")).to_have_text("You were signed out.")
    expect(page.get_by_role("link", name="Sign in again")).to_be_visible()
    expect(page.locator("#headline")).to_be_visible()


def test_a_failed_refresh_is_said_with_the_time_of_what_is_shown(visit: Open) -> None:
    snapshot()
    window = visit()
    page = window.open("/")
    page.route("**/overview/panels/", lambda route: route.abort())
    window.refresh()
    expect(page.locator(".freshness-text")).to_contain_text("Not updated since")


def test_a_silent_worker_is_said(visit: Open) -> None:
    make_snapshot(timezone.now() - timedelta(minutes=5))
    page = visit().open("/")
    expect(page.locator(".freshness-text")).to_contain_text("Worker silent since")


def test_the_filters_change_the_list_and_the_address(visit: Open) -> None:
    session("well")
    failed_session("bad")
    snapshot()
    window = visit()
    page = window.open("/sessions/")
    page.locator("select[name=status]").select_option("failed")
    expect(page.locator("tbody tr")).to_have_count(1)
    assert page.url.endswith("/sessions/?status=failed")
    session("well-too")
    snapshot()
    window.refresh()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.go_back()
    expect(page.locator("tbody tr")).to_have_count(3)
    assert window.complaints == []


def test_the_keyboard_reaches_search_rows_and_help(visit: Open) -> None:
    session("first", age=timedelta(hours=1))
    session("second", age=timedelta(hours=2))
    page = visit().open("/sessions/")
    page.keyboard.press("/")
    expect(page.locator("#search")).to_be_focused()
    page.keyboard.press("Escape")
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="second")).to_be_focused()
    page.keyboard.press("?")
    expect(page.locator("#help")).to_be_visible()


def test_the_theme_is_turned_and_kept(visit: Open) -> None:
    page = visit().open("/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "light")
    page.locator("[data-theme-switch]").click()
    page.locator("[data-theme-switch]").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
