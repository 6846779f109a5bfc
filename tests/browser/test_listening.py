"""Having a file listened to, in a browser: pressed, heard, drawn and told, without a complaint of the policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import expect
from pytest_django import Settings

from tests.browser.conftest import Open
from tests.corpus.wavs import HEADER_BYTES, WHOLE
from tests.diagnostics.rows import complete_pass
from tests.diagnostics.test_session_page import NAME, insert_completed
from tests.host_database import HostDatabase

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1440, 400])
def test_it_is_heard_drawn_and_told(visit: Open, host_database: HostDatabase, settings: Settings, width: int) -> None:
    Path(settings.AUDIO_ROOT, NAME).write_bytes(WHOLE[: HEADER_BYTES + 10_000] + bytes(14_000))
    insert_completed(host_database)
    complete_pass()
    window = visit("sam", width=width)
    page = window.open("/sessions/7")
    expect(page.locator(".examined-now")).to_be_visible()
    expect(page.locator(".verdict-code")).to_have_count(0)
    page.get_by_role("button", name="Listen to it now").click()
    expect(page.locator(".verdict-code")).to_have_text("file.silent")
    expect(page.locator("#step-file")).to_have_attribute("open", "")
    outline = page.get_by_role("img", name="Waveform of 1 min: silent from 25 s to the end")
    expect(outline).to_be_visible()
    box = outline.bounding_box()
    assert box is not None
    assert box["width"] > 150
    assert box["height"] == 44
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    expect(page.get_by_role("button", name="Listen to it again")).to_be_visible()
    assert window.complaints == []
