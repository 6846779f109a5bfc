"""The whole way by hand: a user's session is found, understood, reset with a reason, composed again, and plays."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect
from pytest_django import Settings

from diagnostics.models import Pass
from diagnostics.reconcile import run_pass
from diagnostics.snapshot import make_snapshot
from tests.browser.conftest import Open, Visit
from tests.end_to_end.demo_host import DemoHost, set_up, wait_for

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SESSIONS = 6
OLD_ERROR = "OSError: [Errno 28] No space left on device"
REASON = "The disk has room again, ticket 4711."


@pytest.fixture
def host(settings: Settings) -> Iterator[DemoHost]:
    with set_up(SESSIONS) as made:
        made.connect_dashboard(settings)
        yield made


def sign_in(window: Visit, name: str) -> Page:
    """Sign in by the form, as a person does."""
    page = window.open("/login/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(f"the-password-of-{name}")
    page.keyboard.press("Enter")
    expect(page.locator("#headline")).to_be_visible()
    return page


def take_pass() -> None:
    """A round of the worker: a pass, and the snapshot that the pages read."""
    assert run_pass().outcome == Pass.Outcome.COMPLETE
    make_snapshot(timezone.now())


def test_a_failed_session_is_reset_by_support_and_plays(visit: Open, host: DemoHost) -> None:
    session_id = str(host.break_("generation.disk_full"))
    take_pass()
    support = visit("")
    page = sign_in(support, "sam")
    find(page, session_id)
    expect(page.locator(".examined-now")).to_be_visible()
    expect(page.locator(".verdict-line")).to_contain_text("Broken")
    expect(page.locator(".verdict-sentence")).to_contain_text("because the disk was full")
    reset(page)
    with host.at_work():
        wait_for(lambda: host.status(int(session_id)) == "completed")
    take_pass()
    find(page, session_id)
    expect(page.locator(".examined-now")).to_be_visible()
    expect(page.locator(".verdict-line")).to_contain_text("Playable")
    expect(page.locator(".verdict-card")).not_to_contain_text("disk")
    assert support.complaints == []
    assert_it_stands_in_the_audit(visit, session_id)


def find(page: Page, session_id: str) -> None:
    """Paste the id into the search box; the keys are listened to from when the page has loaded."""
    page.wait_for_load_state("load")
    page.keyboard.press("Control+k")
    page.keyboard.insert_text(f" {session_id} ")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/sessions/{session_id}")


def reset(page: Page) -> None:
    page.get_by_role("link", name="Reset to pending").click()
    expect(page.locator(".changes").first).to_contain_text(OLD_ERROR)
    page.get_by_label("Why?").fill(REASON)
    page.get_by_role("button", name="Reset session").click()
    expect(page.locator(".verdict-line")).to_contain_text("Not ready")


def assert_it_stands_in_the_audit(visit: Open, session_id: str) -> None:
    """The engineer sees who did what and why, what came of it, and the error text that the row held before."""
    auditing = visit("")
    page = sign_in(auditing, "eve")
    page.get_by_role("link", name="Audit").first.click()
    rows = page.locator("tr[data-row]")
    expect(rows).to_have_count(2)
    for row in rows.all():
        expect(row).to_contain_text("sam")
        expect(row).to_contain_text(REASON)
        expect(row.get_by_role("link", name=session_id, exact=True)).to_be_visible()
    rows.last.locator(".row-link").click()
    expect(page.locator(".changes")).to_contain_text(OLD_ERROR)
    page.get_by_role("link", name="Entry").click()
    expect(page.locator(".facts")).to_contain_text("sam")
    assert auditing.complaints == []
