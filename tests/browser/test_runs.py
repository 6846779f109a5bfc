"""Many at once, by hand: sessions are ticked, planned, confirmed and reset; by keyboard too; nothing for axe to find."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from diagnostics.snapshot import make_snapshot
from sessions_admin.runs.carry import work_on_runs
from tests.browser.conftest import Open
from tests.browser.well import in_every_dress, look_at
from tests.host_database import HostDatabase, made_on
from tests.sessions_admin.runs.conftest import fail_sessions, grave

__all__ = ["grave"]

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
SESSIONS = 6


@pytest.fixture
def host(tmp_path: Path, settings: Settings) -> Iterator[HostDatabase]:
    """Six failed sessions that a pass has seen."""
    with made_on("sqlite", tmp_path) as made:
        made.create_table()
        settings.HOST_DATABASE_URL = settings.HOST_WRITE_DATABASE_URL = made.url
        fail_sessions(made, range(1, SESSIONS + 1))
        make_snapshot(timezone.now())
        yield made


def statuses(host: HostDatabase) -> list[str]:
    return [str(host.row(key)["status"]) for key in range(1, SESSIONS + 1)]


def tick(page: Page, key: int) -> None:
    page.get_by_label(f"Tick session {key}", exact=True).check()


def test_ticked_sessions_are_planned_confirmed_and_reset(visit: Open, host: HostDatabase) -> None:
    window = visit("eve")
    page = window.open("/sessions/")
    expect(page.get_by_role("button", name="Preview the ticked …")).to_be_disabled()
    tick(page, 2)
    tick(page, 5)
    expect(page.locator("[data-ticked]")).to_have_text("2 ticked")
    page.get_by_role("button", name="Reset 2 sessions …").click()
    page.get_by_label("Why?").fill("the disk has room again")
    page.get_by_role("button", name="Reset 2 sessions").click()
    expect(page.get_by_role("heading", name="Waiting for the worker")).to_be_visible()
    work_on_runs(timezone.now(), threading.Event())
    window.refresh()
    expect(page.get_by_role("heading", name="Done", exact=True)).to_be_visible()
    expect(page.locator(".tally").first).to_contain_text("2")
    assert statuses(host) == ["failed", "pending", "failed", "failed", "pending", "failed"]
    assert window.complaints == []


def test_shift_ticks_all_between_and_the_head_all_there_are(visit: Open, host: HostDatabase) -> None:
    page = visit("eve").open("/sessions/")
    ticks = page.locator("[data-tick]")
    ticks.nth(1).click()
    ticks.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-ticked]")).to_have_text("4 ticked")
    page.get_by_label("Tick all on this page").check()
    expect(page.locator("[data-ticked]")).to_have_text(f"{SESSIONS} ticked")


def test_it_is_all_done_by_keyboard(visit: Open, host: HostDatabase, grave: str) -> None:
    page = visit("eve").open("/sessions/")
    page.wait_for_load_state("load")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-ticked]")).to_have_text("1 ticked")
    expect(page.locator("[data-act]")).to_have_text("Reset 1 session …")
    page.get_by_label("What to do").focus()
    page.keyboard.type("Regenerate many")
    expect(page.locator("[data-act]")).to_have_text("Regenerate 1 for good …")
    page.keyboard.press("Home")
    expect(page.locator("[data-act]")).to_have_text("Reset 1 session …")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.get_by_label("Why?").focus()
    page.keyboard.insert_text("by keyboard alone")
    page.get_by_role("button", name="Reset 1 session").focus()
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Stop this run").focus()
    page.keyboard.press("Enter")
    expect(page.locator(".run")).to_contain_text("eve has asked it to stop")
    work_on_runs(timezone.now(), threading.Event())
    assert set(statuses(host)) == {"failed"}


@in_every_dress
def test_axe_finds_nothing_and_the_console_is_silent(
    visit: Open, host: HostDatabase, *, width: int, language: str
) -> None:
    window = visit("eve", width=width, language=language)
    look_at(window, "/runs/", width)
    look_at(window, "/sessions/", width)
    window.page.locator(".acts-all").click()
    window.page.wait_for_url("**/plans/*/")
    plan = window.page.url.removeprefix(window.base)
    look_at(window, plan, width)
    window.page.fill("#id_reason", "the disk has room again")
    window.page.locator(".act-form .btn-primary").click()
    window.page.wait_for_url("**/runs/*/")
    look_at(window, window.page.url.removeprefix(window.base), width)
    look_at(window, "/runs/", width)
    assert window.complaints == []
