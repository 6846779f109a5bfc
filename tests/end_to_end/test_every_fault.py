"""Each fault of `python -m demo break` is on its page with the right cause within one pass, and gone when it is mended."""

from __future__ import annotations

import os
import threading
from contextlib import AbstractContextManager, nullcontext

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.html import escape
from pytest_django import Settings

from demo.faults import FAULTS
from diagnostics.domain import wording
from diagnostics.domain.causes import CATALOGUE, FILE_CODES
from diagnostics.domain.diagnosis import Verdict
from diagnostics.examine import examine
from diagnostics.listening import listen_to_recent
from diagnostics.models import Condition, FileFinding, Finding, Pass, SessionEntry
from diagnostics.reconcile import run_pass
from tests.end_to_end.demo_host import DemoHost, as_nobody, wait_for

pytestmark = pytest.mark.django_db

CONDITIONS = [code for code in FAULTS if code.startswith(("storage.", "host."))]
# What no pass can know: it takes a question to the host's server or to its API, or what a user reports; tried in
# test_last_mile.py.
ONLY_LIVE = (
    "delivery.not_served",
    "delivery.not_audio",
    "delivery.no_range",
    "delivery.bad_certificate",
    "record.api_disagrees",
    "client.bad_response",
)
OF_SESSIONS = [code for code in FAULTS if code in CATALOGUE and code not in (*CONDITIONS, *ONLY_LIVE)]
OF_FILES = [code for code in FAULTS if code in FILE_CODES]
# Where a worker has to run, so that the fault can stop it.
# What is told only where the worker has listened to the new file, as it does beside its passes.
OF_SOUND = ("file.silent",)
STOPPING = ("worker.not_picked_up", "worker.crashed", "worker.stalled")
# Where the worker is dead afterwards, and another one takes over its work.
KILLING = ("worker.crashed",)
# What file modes alone bring about, root does not notice.
OF_MODES = ("file.unreadable", "storage.listing_incomplete")
# Conditions under which the pass itself cannot be complete.
HOST_SILENT = ("host.unavailable", "host.schema")


def take_pass() -> Pass:
    return run_pass(wait_seconds=5)


def looking(code: str, host: DemoHost) -> AbstractContextManager[None]:
    """Look as somebody whom file modes bind, where the fault is one of modes."""
    return as_nobody(host) if code in OF_MODES else nullcontext()


def working(code: str, host: DemoHost) -> AbstractContextManager[None]:
    return host.at_work() if code in STOPPING else nullcontext()


def entry_of(session_id: int) -> SessionEntry:
    return SessionEntry.objects.get(key=str(session_id))


def page(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200, address
    return response.content.decode()


def shows(text: str, code: str) -> bool:
    return escape(wording.title(code, "en")) in text


def standing() -> set[str]:
    return set(Condition.objects.filter(resolved_at=None).values_list("code", flat=True))


def test_every_fault_is_tried_here() -> None:
    assert sorted([*CONDITIONS, *OF_SESSIONS, *OF_FILES, *ONLY_LIVE]) == sorted(FAULTS)


@pytest.mark.parametrize("code", OF_SESSIONS)
def test_a_session_s_fault_is_on_its_page_within_one_pass(host: DemoHost, sam: Client, code: str) -> None:
    page(sam, "/sessions/1?examine=1")
    with looking(code, host):
        take_pass()
    with working(code, host):
        session_id = host.break_(code)
        assert session_id is not None
        before = SessionEntry.objects.filter(key=str(session_id)).first()
        if code in OF_SOUND:
            take_pass()
            assert listen_to_recent(timezone.now(), threading.Event()) > 0
        with looking(code, host):
            assert take_pass().outcome == Pass.Outcome.COMPLETE
            assert_it_is_told(session_id, code, sam)
        host.mend()
        with looking(code, host), host.at_work() if code in KILLING else nullcontext():
            assert_it_ends(host, session_id, code, "" if before is None else before.cause)


def test_a_file_that_who_serves_it_may_not_read_is_on_its_page(host: DemoHost, sam: Client, settings: Settings) -> None:
    """Whoever looks: root may read anything, the user who serves the audio may not."""
    settings.READING_USER = "nobody"
    take_pass()
    session_id = host.break_("file.unreadable")
    assert session_id is not None
    before = SessionEntry.objects.get(key=str(session_id))
    assert take_pass().outcome == Pass.Outcome.COMPLETE
    assert_it_is_told(session_id, "file.unreadable", sam)
    if os.geteuid() == 0:
        assert "the user nobody, who serves the audio, may not read it" in page(
            sam, f"/sessions/{session_id}?examine=1"
        )
    host.mend()
    assert_it_ends(host, session_id, "file.unreadable", before.cause)


def assert_it_is_told(session_id: int, code: str, sam: Client) -> None:
    """By the index, by the live look, by the session's page and by the list of what has this cause."""
    entry = entry_of(session_id)
    assert entry.cause == code
    assert Finding.objects.filter(session=entry, code=code, resolved_at=None).exists()
    live = examine(str(session_id)).diagnosis
    assert live is not None
    assert (live.cause, str(live.verdict), str(live.state)) == (code, entry.verdict, entry.state)
    assert CATALOGUE[code].verdict in (None, Verdict(entry.verdict))
    assert shows(page(sam, f"/sessions/{session_id}"), code)
    examined = page(sam, f"/sessions/{session_id}?examine=1")
    assert f'<code class="verdict-code">{code}</code>' in examined
    assert "+00:00</code>" not in examined  # evidence tells its times in the viewer's zone
    assert ("It broke here" in examined) == (entry.verdict == "broken")
    listed = page(sam, f"/sessions/?cause={code}")
    assert f'href="/sessions/{session_id}"' in listed
    assert shows(listed, code)


def assert_it_ends(host: DemoHost, session_id: int, code: str, cause_before: str) -> None:
    """What was there before stands again; a session that the fault had added is gone, or the worker makes it after all."""
    if code in STOPPING:
        wait_for(lambda: host.status(session_id) in ("generating", "completed"))
    take_pass()
    assert Finding.objects.get(session=entry_of(session_id), code=code).resolved_at is not None
    assert entry_of(session_id).gone_at is not None or entry_of(session_id).cause == cause_before


@pytest.mark.parametrize("code", OF_FILES)
def test_a_stray_file_is_on_its_page_within_one_pass(host: DemoHost, sam: Client, code: str) -> None:
    take_pass()
    known = set(FileFinding.objects.values_list("file_id", flat=True))
    session_id = host.break_(code)
    take_pass()
    finding = FileFinding.objects.select_related("file").exclude(file_id__in=known).get()
    assert (finding.code, finding.resolved_at) == (code, None)
    assert f"long_sequence_{session_id}_" in finding.file.shown_path
    text = page(sam, f"/file-findings/?code={code}")
    assert finding.file.shown_path in text
    assert shows(text, code)
    host.mend()
    take_pass()
    finding.refresh_from_db()
    assert finding.resolved_at is not None


@pytest.mark.parametrize("code", CONDITIONS)
def test_a_condition_is_above_every_page_within_one_pass(host: DemoHost, sam: Client, code: str) -> None:
    page(sam, "/")
    with looking(code, host):
        take_pass()
    host.break_(code)
    with looking(code, host):
        found = take_pass()
        assert standing() == {code}
        assert [condition["code"] for condition in found.conditions] == [code]
        assert (found.outcome == Pass.Outcome.COMPLETE) == (code not in HOST_SILENT)
        for address in ("/", "/sessions/", "/passes/", f"/passes/{found.pk}/"):
            text = page(sam, address)
            assert text.count('class="band-text"') == 1, address
            assert escape(wording.condition_title(code, "en")) in text, address
    host.mend()
    with looking(code, host):
        after = take_pass()
    assert (standing(), after.outcome, after.conditions) == (set(), Pass.Outcome.COMPLETE, [])
