"""Incidents in a browser: from the overview to the one, to its sessions, and back; what is shared is copied; the poll."""

from __future__ import annotations

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from diagnostics.models import Incident
from diagnostics.snapshot import make_snapshot
from tests.browser.conftest import Open
from tests.diagnostics.rows import complete_pass, incident, session, sharing

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def shared() -> Incident:
    complete_pass()
    row = incident()
    sharing(row, 60)
    session("stranger")
    make_snapshot(timezone.now())
    row.refresh_from_db()
    return row


def test_an_incident_leads_to_its_sessions_and_they_lead_back(visit: Open, shared: Incident) -> None:
    window = visit()
    page = window.open("/")
    page.get_by_role("link", name="60 sessions failed with the same error").click()
    expect(page.locator("#incident-sentence")).to_contain_text("60 sessions failed with the same error")
    page.get_by_role("link", name="All 60 sessions").first.click()
    expect(page.locator(".list-count")).to_contain_text("60 sessions match")
    page.get_by_role("link", name="Older").click()
    expect(page.locator("tbody tr")).to_have_count(10)
    page.get_by_label("Verdict").select_option("broken")
    expect(page.locator(".list-count")).to_contain_text("60 sessions match")
    assert f"incident={shared.pk}" in page.url
    page.get_by_role("link", name="To the incident").click()
    expect(page.locator("#incident-card")).to_be_visible()
    page.locator(".rail").get_by_role("link", name="Incidents").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    assert window.complaints == []


def test_what_is_shared_is_copied_and_the_course_has_a_table(visit: Open, shared: Incident) -> None:
    window = visit()
    window.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = window.open(f"/incidents/{shared.pk}/")
    page.locator(".shared-value .copy").click()
    assert page.evaluate("navigator.clipboard.readText()") == "OSError: [Errno 28] No space left on device"
    expect(page.locator("#course-table table")).to_be_hidden()
    page.locator("#course-table summary").click()
    expect(page.locator("#course-table table")).to_be_visible()
    assert window.complaints == []


def test_it_grows_by_the_poll_without_closing_what_is_open(visit: Open, shared: Incident) -> None:
    window = visit()
    page = window.open(f"/incidents/{shared.pk}/")
    page.locator("#course-table summary").click()
    page.mouse.move(5, 5)
    page.evaluate("document.activeElement.blur()")
    Incident.objects.update(sessions=214)
    complete_pass()
    make_snapshot(timezone.now())
    window.refresh()
    expect(page.locator("#incident-sentence")).to_contain_text("214 sessions")
    expect(page.locator("#course-table")).to_have_attribute("open", "")
    assert window.complaints == []
