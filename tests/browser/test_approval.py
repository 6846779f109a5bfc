"""Two people, each in a browser of their own: one asks, the other approves; from a session's page too; nothing for axe."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from diagnostics.snapshot import make_snapshot
from sessions_admin.models import Run
from sessions_admin.runs.carry import work_on_runs
from tests.browser.conftest import Open
from tests.browser.well import in_every_dress, look_at
from tests.host_database import HostDatabase, made_on
from tests.sessions_admin.runs.conftest import Begin, begin, fail_sessions, grave, plan_of

__all__ = ["begin", "grave"]
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "because of what happened last night, all of which stands in the ticket: " + "x" * 200


@pytest.fixture
def host(tmp_path: Path, settings: Settings) -> Iterator[HostDatabase]:
    """Three failed sessions that a pass has seen, and 9, which is completed and claims no file."""
    with made_on("sqlite", tmp_path) as made:
        made.create_table()
        settings.HOST_DATABASE_URL = settings.HOST_WRITE_DATABASE_URL = made.url
        settings.AUDIO_ROOT = str(tmp_path / "audio")
        (tmp_path / "audio").mkdir()
        fail_sessions(made, [1, 2, 3])
        then = "2026-11-20 10:00:00"
        made.insert(9, status="completed", created_at=then, updated_at=then, completed_at=then)
        make_snapshot(timezone.now())
        yield made


def test_one_asks_and_the_other_approves_by_keyboard(visit: Open, host: HostDatabase, grave: str) -> None:
    asking, answering = visit("eve"), visit("ada")
    page = asking.open("/sessions/")
    page.get_by_label("Tick session 2", exact=True).check()
    page.get_by_label("What to do").select_option(grave)
    page.get_by_role("button", name="Regenerate 1 for good …").press("Enter")
    page.get_by_label("Why?").fill("it was the wrong one")
    page.get_by_label("Type the number, 1,").fill("1")
    page.get_by_role("button", name="Ask for approval: Regenerate 1 for good").press("Enter")
    expect(page.locator(".run")).to_contain_text("Waiting for a second person")
    other = answering.open("/")
    expect(other.locator(".rail-number")).to_contain_text("1")
    other.get_by_role("link", name="Runs").press("Enter")
    other.get_by_role("link", name="Look and answer").press("Enter")
    other.get_by_role("button", name="Approve: Regenerate 1 for good").press("Enter")
    expect(other.get_by_role("heading", name="Waiting for the worker")).to_be_visible()
    work_on_runs(timezone.now(), threading.Event())
    asking.refresh()
    expect(page.get_by_role("heading", name="Done", exact=True)).to_be_visible()
    assert host.row(2)["status"] == "pending"
    assert asking.complaints == answering.complaints == []


def test_a_sessions_button_leads_to_its_plan_and_back(visit: Open, host: HostDatabase, grave: str) -> None:
    window = visit("eve", scripted=False)
    page = window.open("/sessions/9?examine=1")
    page.get_by_role("button", name="Regenerate for good …").press("Enter")
    expect(page.get_by_role("heading", name="Plan: Regenerate for good")).to_be_visible()
    page.get_by_role("link", name="To the session", exact=True).first.click()
    page.wait_for_url("**/sessions/9")
    assert window.complaints == []


@in_every_dress
def test_axe_finds_nothing_and_the_console_is_silent(
    visit: Open, host: HostDatabase, begin: Begin, cast: dict[str, User], grave: str, *, width: int, language: str,
) -> None:  # fmt: skip
    eve, ada = (visit(who, width=width, language=language) for who in ("eve", "ada"))
    plan = plan_of([1, 2, 3], cast["eve"], action=grave)
    plan.items.filter(number=0).update(path=f"{LONG}/{LONG}.wav", session="1")
    look_at(eve, f"/plans/{plan.pk}/", width)
    run = begin(plan, reason=LONG)
    assert isinstance(run, Run)
    for window in (eve, ada):
        look_at(window, f"/runs/{run.pk}/", width)
        look_at(window, "/runs/", width)
    look_at(eve, "/sessions/9?examine=1", width)
    ada.open(f"/runs/{run.pk}/")
    ada.page.get_by_role("textbox").last.fill("they are well: " + LONG)
    ada.page.locator(".act-decline button").click()
    ada.page.wait_for_url("**/runs/*/")
    look_at(ada, f"/runs/{run.pk}/", width)
    assert eve.complaints == ada.complaints == []
