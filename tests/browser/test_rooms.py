"""The pages that need a host: session, reset, audit, resources, in both themes, widths and languages, with axe."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect
from pytest_django import Settings

from diagnostics import sampling
from diagnostics.models import ResourceSample
from diagnostics.snapshot import make_snapshot
from tests.browser.conftest import Open
from tests.browser.well import in_every_dress, look_at
from tests.diagnostics.rows import complete_pass, failed_session
from tests.host_database import HostDatabase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def rooms(host_database: HostDatabase, settings: Settings) -> HostDatabase:
    """A host with one failed session, an audio folder that cannot be looked at, a day of samples, a snapshot."""
    now = timezone.now()
    host_database.insert_failed(5)
    failed_session("5")
    complete_pass()
    for hours in range(1, 24):
        ResourceSample.objects.create(at=now - timedelta(hours=hours), values={"memory_percent": 4.0 * hours})
    settings.HOST_DATABASE_URL = host_database.url
    settings.GENERATOR_PROCESS = "nothing runs under this name"
    sampling.take_sample(now)
    make_snapshot(now)
    return host_database


PAGES = ("/resources/", "/sessions/5", "/sessions-admin/reset/5", "/audit/")


@in_every_dress
def test_axe_finds_nothing_and_the_console_is_silent(
    visit: Open, rooms: HostDatabase, *, width: int, language: str
) -> None:
    window = visit("ada", width=width, language=language)
    for path in PAGES:
        look_at(window, path, width)
    assert window.complaints == []


def test_a_lost_audio_folder_is_unknown_on_the_page(visit: Open, rooms: HostDatabase, settings: Settings) -> None:
    settings.AUDIO_ROOT = str(Path(settings.AUDIO_ROOT) / "gone")
    sampling.take_sample(timezone.now())
    window = visit()
    page = window.open("/resources/")
    disk = page.locator(".resource-disk").first
    expect(disk).to_contain_text("Unknown")
    expect(disk).to_contain_text("No such file or directory")
    expect(disk).not_to_contain_text("%")
    look_at(window, "/resources/", 1440)
    assert window.complaints == []


def test_a_new_sample_arrives_by_the_poll(visit: Open, rooms: HostDatabase) -> None:
    window = visit()
    page = window.open("/resources/")
    page.mouse.move(5, 5)
    before = page.locator("#live").get_attribute("data-version")
    sampling.take_sample(timezone.now() + timedelta(seconds=1))
    window.refresh()
    expect(page.locator("#live")).not_to_have_attribute("data-version", before or "")
    assert window.complaints == []
