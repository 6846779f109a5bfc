"""The session page in a browser: the examination arrives, what broke is open, texts are copied, a failure is said."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Open
from tests.diagnostics.rows import complete_pass, failed_session
from tests.host_database import HostDatabase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def failed(host_database: HostDatabase) -> None:
    """A session that failed on a full disk, known to the last pass."""
    host_database.insert_failed(5)
    failed_session("5")
    complete_pass()


def copied(page: Page) -> str:
    return str(page.evaluate("navigator.clipboard.readText()"))


def test_the_examination_takes_the_place_of_what_the_last_pass_knew(visit: Open) -> None:
    window = visit()
    page = window.open("/sessions/5")
    expect(page.locator(".examined-now")).to_have_text("Examined live")
    expect(page.locator(".verdict-sentence")).to_contain_text("because the disk was full")
    expect(page.locator("#step-server")).to_have_attribute("open", "")
    expect(page.locator("#step-file")).not_to_have_attribute("open", "")
    page.get_by_role("link", name="Examine again").click()
    expect(page.locator("#examination")).to_have_count(1)
    expect(page.locator(".examined-now")).to_be_visible()
    assert window.complaints == []


def test_ticket_and_words_for_the_user_are_copied(visit: Open) -> None:
    window = visit()
    window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.open("/sessions/5")
    page.get_by_role("button", name="Copy for ticket").click()
    expect(page.locator("#announcements")).to_have_text("Copied")
    assert copied(page).startswith("Session 5 · Broken (broken, generation.disk_full, certain)\n")
    page.get_by_role("button", name="复制中文版").click()
    expect(page.get_by_role("button", name="复制中文版")).to_have_attribute("data-copied", "")
    assert "您" in copied(page)


def test_an_examination_that_fails_is_said_and_leaves_the_page_standing(visit: Open) -> None:
    window = visit()
    window.page.route("**/examinations/**", lambda route: route.abort())
    page = window.open("/sessions/5")
    expect(page.get_by_text("The examination did not come to its end.")).to_be_visible()
    expect(page.locator(".examining")).to_be_hidden()
    expect(page.locator(".verdict-sentence")).to_have_text("Disk was full")


def test_without_javascript_a_link_examines(visit: Open) -> None:
    window = visit()
    window.page.route("**/*.js", lambda route: route.abort())
    page = window.open("/sessions/5")
    page.get_by_role("link", name="Examine now").click()
    expect(page.locator(".examined-now")).to_have_text("Examined live")
