"""Each fault of the last mile, done by the demo's own running server: told live and on its page, and gone when mended."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest
from django.test import Client
from pytest_django import Settings

from demo.faults import AROUND, FAULTS, VARIANTS
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.player_errors import explain
from diagnostics.examine import examine
from diagnostics.reconcile import run_pass
from tests.end_to_end.demo_host import DemoHost
from tests.end_to_end.test_every_fault import ONLY_LIVE

pytestmark = pytest.mark.django_db

# What a question to the server or the API tells; a code's variants are other answers of the same meaning.
ASKED = [
    name
    for name in (*FAULTS, *VARIANTS)
    if name.startswith(("delivery.", "record.api_disagrees")) and name != "record.api_disagrees:error"
]
VERDICTS = {"record.api_disagrees:size": "playable"}
# What the user's own words tell.
REPORTED = ("client.bad_response", "client.network")
# Of the server's ways, those that a live look has a code for, whatever the session.
WAYS = {
    "server:401": "delivery.link_expired",
    "server:403": "delivery.not_served",
    "server:404": "delivery.not_served",
    "server:410": "delivery.not_served",
    "server:500": "delivery.not_served",
    "server:length": "delivery.not_served",
    "server:html": "delivery.not_audio",
    "server:json": "delivery.not_audio",
    "server:no_range": "delivery.no_range",
}
# And those after which nothing is known of the delivery, and nothing is called broken.
SILENT = ("server:hang", "server:drip")
UNTOLD = (*SILENT, "server:redirect")


@pytest.fixture
def address(host: DemoHost, settings: Settings) -> Iterator[str]:
    """Where the demo's server runs, with the dashboard pointed at it."""
    with host.serving(settings) as found:
        assert run_pass(wait_seconds=5).outcome == "complete"
        yield found


def live(session_id: int | None, text: str = "") -> Diagnosis:
    found = examine(str(session_id), report=explain(text) if text else None)
    assert found.diagnosis is not None
    return found.diagnosis


def examined_page(sam: Client, session_id: int | None) -> str:
    response = sam.get(f"/sessions/{session_id}?examine=1")
    assert response.status_code == 200
    return response.content.decode()


def a_well_one(host: DemoHost) -> int | None:
    """A session that nothing is wrong with: one that a fault would choose."""
    session_id = host.break_("record.stale_error")
    host.mend()
    return session_id


def two_well_ones(host: DemoHost) -> list[int | None]:
    found = [host.break_("record.stale_error"), host.break_("record.stale_error")]
    host.mend()
    return found


def needs(name: str) -> None:
    if name == "delivery.bad_certificate" and not shutil.which("openssl"):
        pytest.skip("openssl is not installed (CI has it)")


def test_every_fault_that_only_a_live_look_tells_is_tried_here() -> None:
    assert set(ONLY_LIVE) <= {*(name.partition(":")[0] for name in ASKED), *REPORTED}
    assert {*WAYS, *UNTOLD} == {name for name in AROUND if name.startswith("server:")}


@pytest.mark.parametrize("name", ASKED)
def test_it_is_told_live_and_on_its_page_until_it_is_mended(
    host: DemoHost, sam: Client, address: str, name: str
) -> None:
    needs(name)
    code = name.partition(":")[0]
    session_id = host.break_(name)
    found = live(session_id)
    assert (found.cause, str(found.verdict)) == (code, VERDICTS.get(name, "broken"))
    assert f'<code class="verdict-code">{code}</code>' in examined_page(sam, session_id)
    host.mend()
    assert live(session_id).cause is None
    assert f'<code class="verdict-code">{code}</code>' not in examined_page(sam, session_id)


def test_a_failed_session_has_another_error_in_the_api_than_in_its_row(host: DemoHost, address: str) -> None:
    """Why it failed is the cause; that its client is told something else is one finding more."""
    session_id = host.break_("record.api_disagrees:error")
    found = live(session_id)
    assert found.cause == "generation.engine_failed"
    assert "record.api_disagrees" in [finding.code for finding in found.findings]
    host.do("break", "record.api_disagrees:error", "--undo")
    assert "record.api_disagrees" not in [finding.code for finding in live(session_id).findings]


@pytest.mark.parametrize("name", WAYS)
def test_a_server_that_fails_everybody_fails_each_session(host: DemoHost, address: str, name: str) -> None:
    healthy = two_well_ones(host)
    assert [live(session_id).cause for session_id in healthy] == [None, None]
    host.break_(name)
    assert [live(session_id).cause for session_id in healthy] == [WAYS[name]] * 2


@pytest.mark.parametrize("name", UNTOLD)
def test_no_answer_is_no_finding_and_is_said(host: DemoHost, address: str, name: str) -> None:
    session_id = a_well_one(host)
    host.break_(name)
    found = examine(str(session_id))
    assert found.diagnosis is not None
    assert (found.diagnosis.cause, str(found.diagnosis.verdict)) == (None, "playable")
    assert ("delivery.timeout" in [trouble.code for trouble in found.problems]) == (name in SILENT)
    assert found.evidence is not None
    assert found.evidence.delivery is not None
    assert found.evidence.delivery.redirects_to == ("" if name in SILENT else f"{address}/login")


@pytest.mark.parametrize("code", REPORTED)
def test_it_is_told_by_what_the_user_pastes(host: DemoHost, sam: Client, address: str, code: str) -> None:
    session_id = host.break_(code) if code in FAULTS else a_well_one(host)
    said = host.do("say", code, str(session_id))
    assert live(session_id).cause is None
    assert live(session_id, said).cause == code
    page = sam.post(f"/client-reports/{session_id}", {"text": said}).content.decode()
    assert f'<code class="verdict-code">{code}</code>' in page


@pytest.mark.parametrize(
    "name",
    ["delivery.not_served", "delivery.not_audio", "delivery.link_expired", "delivery.link_expired:refused"],
)
def test_what_its_user_would_paste_leads_to_the_session_and_to_the_same_cause(
    host: DemoHost, address: str, name: str
) -> None:
    session_id = host.break_(name)
    said = host.do("say", name, str(session_id))
    report = explain(said)
    assert report.session_id == str(session_id)
    assert report.main_error is not None
    assert name.partition(":")[0] in report.main_error.suspects
    assert "token=" not in repr(report)
    assert live(session_id, said).cause == name.partition(":")[0]
