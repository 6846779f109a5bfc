"""Files by hand, and by keyboard: an orphan is ticked, put aside, seen in the quarantine and brought back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from diagnostics.snapshot import make_snapshot
from sessions_admin.models import HeldFile
from sessions_admin.runs.carry import work_on_runs
from tests.browser.conftest import Open
from tests.browser.well import in_every_dress, look_at
from tests.host_database import made_on
from tests.reconcile.scene import Scene
from tests.sessions_admin.quarantine.scene import peopled
from tests.sessions_admin.quarantine.test_pages import held

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def scene(tmp_path: Path, settings: Settings) -> Iterator[Scene]:
    """Three sessions that play and three orphans, as a pass saw them."""
    with made_on("sqlite", tmp_path) as made:
        made.create_table()
        (tmp_path / "audio").mkdir()
        settings.HOST_DATABASE_URL, settings.AUDIO_ROOT = made.url, str(tmp_path / "audio")
        settings.QUARANTINE_ROOT = str(tmp_path / "audio" / ".quarantine")
        scene = peopled(Scene(made, tmp_path / "audio"))
        make_snapshot(timezone.now())
        yield scene


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")


def confirm_and_work(page: Page, button: str) -> None:
    page.get_by_label("Why?").focus()
    page.keyboard.insert_text("left over from the old host")
    typed = page.get_by_label("Type their number")
    if typed.count():
        typed.fill("1")
    press(page, button)
    page.wait_for_url("**/runs/**")
    work_on_runs(timezone.now(), threading.Event())


def test_an_orphan_is_put_aside_and_brought_back_by_keyboard(visit: Open, scene: Scene) -> None:
    window = visit("eve")
    page = window.open("/file-findings/")
    page.get_by_label(f"Tick {scene.name(902)}").focus()
    page.keyboard.press("Space")
    expect(page.locator("[data-ticked]")).to_have_text("1 ticked")
    page.locator("[data-act]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("0 bytes come free now")).to_be_visible()
    confirm_and_work(page, "Put 1 file aside")
    assert not (scene.root / scene.name(902)).exists()
    page.goto(page.url.split("/runs/")[0] + "/quarantine/")
    page.get_by_role("link", name=scene.name(902)).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_text("It can be brought back until")).to_be_visible()
    press(page, "Bring 1 file back …")
    confirm_and_work(page, "Bring 1 file back")
    window.refresh()
    expect(page.locator(".run")).to_contain_text("is back at its old place")
    assert (scene.root / scene.name(902)).exists()
    assert HeldFile.objects.get().state == "restored"
    assert window.complaints == []


@in_every_dress
def test_axe_finds_nothing_and_the_console_is_silent(visit: Open, scene: Scene, *, width: int, language: str) -> None:
    row = held("sub/" + "x" * 200 + "\n.wav", reason="an orphan", session="5")
    window = visit("eve", width=width, language=language)
    for address in ("/quarantine/", f"/quarantine/{row.pk}/", "/file-findings/"):
        look_at(window, address, width)
