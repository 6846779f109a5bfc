"""Handled, by hand: from an incident's page, by keyboard, and back; in both themes nothing for axe to find."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils import timezone
from playwright.sync_api import expect

from diagnostics.models import Incident
from diagnostics.snapshot import make_snapshot
from tests.browser.conftest import Open
from tests.diagnostics.rows import complete_pass, incident, sharing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(("theme", "width"), [("light", 1440), ("dark", 390)])
def test_an_incident_is_handled_by_keyboard_and_brought_back(visit: Open, theme: str, width: int) -> None:
    complete_pass()
    row: Incident = incident()
    sharing(row, 3)
    make_snapshot(timezone.now())
    window = visit(theme=theme, width=width)
    page = window.open(f"/incidents/{row.pk}/")
    page.get_by_label("How was it dealt with?").fill("the disk was cleared")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator("#incident-card")).to_contain_text("Handled by eve")
    expect(page.locator("#mended")).to_contain_text("3 left, and handled")
    assert Axe().run(page).response["violations"] == []
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.goto(f"{window.base}/incidents/?state=open&handled=yes")
    expect(page.locator("tbody tr")).to_contain_text("the disk was cleared")
    page.locator("tbody [data-row-link]").click()
    page.get_by_role("button", name="Take back").click()
    expect(page.locator("#incident-card")).not_to_contain_text("Handled by")
    assert window.complaints == []
