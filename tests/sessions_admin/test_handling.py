"""Handled, with a note: the form on the pages and alone, the audit, the lists and their numbers, and the way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from diagnostics.models import Incident, Leaving, SessionEntry
from diagnostics.snapshot import make_snapshot
from sessions_admin.desk import handling
from sessions_admin.desk.closing import close_ended
from sessions_admin.models import AuditEntry, Handling
from tests.diagnostics.rows import HOSTILE, complete_pass, failed_session, finding, incident, session, sharing
from tests.diagnostics.views.pages import text_of

pytestmark = pytest.mark.django_db
NOTE = "the disk was cleared, the users were told"


@pytest.fixture
def row() -> Incident:
    complete_pass()
    made = incident()
    sharing(made, 3)
    made.refresh_from_db()
    return made


def page_of(row: Incident) -> str:
    return f"/incidents/{row.pk}/"


def handle(client: Client, row: Incident, note: str = NOTE, **more: str) -> int:
    answer = client.post(f"{page_of(row)}handle", {"note": note, **more})
    make_snapshot(timezone.now())
    return answer.status_code


def handle_one(client: Client, entry: SessionEntry, note: str = NOTE) -> int:
    answer = client.post(f"/sessions-admin/handle/{entry.key}", {"note": note, "cause": entry.cause})
    make_snapshot(timezone.now())
    return answer.status_code


def test_an_incident_is_handled_and_the_audit_says_by_whom_and_why(eve: Client, row: Incident) -> None:
    assert f'action="{page_of(row)}handle"' in text_of(eve, page_of(row))
    assert handle(eve, row) == 302
    told = Handling.objects.get()
    assert (told.shared_hash, told.note, told.by) == (row.shared_hash, NOTE, "eve")
    assert (told.code, told.sessions, told.times_opened) == ("generation.disk_full", 3, 1)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.roles, entry.reason) == ("handle", "eve", "engineer", NOTE)
    assert entry.sentence == f"Incident {row.pk} was marked as handled, with 3 sessions (generation.disk_full)."
    text = text_of(eve, page_of(row))
    assert "Handled by eve" in text
    assert NOTE in text
    assert "3 left, and handled" in text
    assert "Everything of this incident was dealt with." in text


def test_it_leaves_the_lists_and_their_numbers_not_the_record(eve: Client, row: Incident) -> None:
    other, entry = failed_session("seen", cause="generation.bad_input"), SessionEntry.objects.first()
    assert entry is not None
    handle(eve, row)
    listed = text_of(eve, "/sessions/")
    assert other.key in listed
    assert entry.key not in listed
    assert "<strong data-flash>1</strong>" in listed
    assert 'href="/sessions/?handled=yes">3 handled</a>' in listed
    assert "<strong data-flash>3</strong>" in text_of(eve, "/sessions/?handled=yes")
    assert "<strong data-flash>4</strong>" in text_of(eve, "/sessions/?handled=all")
    assert "<strong data-flash>3</strong>" in text_of(eve, f"/sessions/?incident={row.pk}")
    assert eve.get(f"/sessions/?q={entry.key}").headers["Location"] == f"/sessions/{entry.key}"
    assert "<strong data-flash>1</strong>" in text_of(eve, f"/sessions/?user={entry.user_id}")
    incidents = text_of(eve, "/incidents/")
    assert page_of(row) not in incidents
    assert 'href="/incidents/?state=open&amp;handled=yes">1 handled</a>' in incidents
    assert page_of(row) in text_of(eve, "/incidents/?state=open&handled=yes")
    page = text_of(eve, f"/sessions/{entry.key}")
    assert f"Handled by eve with incident {row.pk}" in page
    assert "Broken" in page  # the verdict stays


def test_the_overview_counts_the_record_and_asks_for_what_is_not_handled(eve: Client, row: Incident) -> None:
    finding(failed_session("seen", cause="generation.bad_input"), age=timedelta(hours=1))
    handle(eve, row)
    content = make_snapshot(timezone.now()).content
    assert content["verdicts"]["broken"] == 4
    assert [(cause["code"], cause["count"]) for cause in content["causes"]] == [("generation.bad_input", 1)]
    assert [failure["key"] for failure in content["failures"]] == ["seen"]
    assert (content["incidents"]["standing"], content["incidents"]["handled"]) == (0, 1)
    text = text_of(eve, "/")
    assert "1 session is broken." in text
    assert "3 more are handled" in text
    assert 'href="/sessions/?verdict=broken&amp;handled=all"' in text
    assert 'href="/sessions/?handled=yes&amp;verdict=broken">3 handled</a>' in text
    assert 'href="/sessions/?handled=yes">3 handled</a>' in text


def test_a_manager_sees_numbers_and_no_links(eve: Client, max_: Client, row: Incident) -> None:
    handle(eve, row)
    text = text_of(max_, "/")
    assert "Nothing is broken but what is handled." in text
    assert "3 handled" in text
    assert "handled=yes" not in text


def test_a_note_is_needed_and_nothing_typed_is_lost(eve: Client, row: Incident) -> None:
    for note in ("", "ok", "x" * 501, "   "):
        answer = eve.post(f"{page_of(row)}handle", {"note": note, "seen": "nonsense"})
        assert answer.status_code == 422
        assert note.strip() in answer.content.decode()
    assert "A note is needed" in answer.content.decode()
    assert not Handling.objects.exists()
    assert not AuditEntry.objects.exists()


def test_hostile_notes_are_shown_as_text(eve: Client, row: Incident) -> None:
    handle(eve, row, HOSTILE)
    for address in (page_of(row), "/sessions/?handled=yes", "/incidents/?handled=yes", "/audit/"):
        assert "<script>alert(1)" not in text_of(eve, address)


def test_twice_is_harmless(eve: Client, ada: Client, row: Incident) -> None:
    handle(eve, row)
    assert handle(ada, row, "me too") == 302
    assert Handling.objects.get().by == "eve"
    assert AuditEntry.objects.count() == 1
    assert "somebody marked it before you" in text_of(ada, page_of(row))


def test_it_is_taken_back(eve: Client, row: Incident) -> None:
    handle(eve, row)
    assert "Take back that it is handled" in text_of(eve, page_of(row))
    assert eve.post(f"{page_of(row)}unhandle").status_code == 302
    told = Handling.objects.get()
    assert (told.end, told.ended_by) == ("taken", "eve")
    assert list(AuditEntry.objects.values_list("action", flat=True)) == ["unhandle", "handle"]
    assert not SessionEntry.objects.exclude(handled_at=None).exists()
    text = text_of(eve, page_of(row))
    assert "Handled by eve" not in text
    assert "Came back" not in text
    eve.post(f"{page_of(row)}unhandle")
    assert AuditEntry.objects.count() == 2


def test_what_came_back_says_so_where_it_stands(eve: Client, row: Incident) -> None:
    handle(eve, row)
    Incident.objects.update(handled_at=None, handled_end="joined")
    SessionEntry.objects.update(handled_at=None)
    for address in (page_of(row), "/incidents/"):
        text = text_of(eve, address)
        assert "Came back after it was handled by eve on" in text
        assert NOTE in text
    assert "a session has joined it that was not handled with it" in text_of(eve, page_of(row))
    close_ended(timezone.now())
    assert Handling.objects.get().end == "joined"
    assert handle(eve, row, "the new one, too") == 302
    assert Handling.objects.filter(ended_at=None).get().note == "the new one, too"


def test_a_session_is_handled_alone_and_comes_back(eve: Client) -> None:
    complete_pass()
    entry = failed_session("42")
    assert 'action="/sessions-admin/handle/42"' in text_of(eve, "/sessions/42")
    assert handle_one(eve, entry) == 302
    assert (Handling.objects.get().session, AuditEntry.objects.get().session) == ("42", "42")
    assert 'href="/sessions/42"' not in text_of(eve, "/sessions/")
    assert "Handled by eve" in text_of(eve, "/sessions/42")
    SessionEntry.objects.update(handled_at=None, handled_end="again")
    text = text_of(eve, "/sessions/")
    assert "Came back after it was handled by eve on" in text
    assert "it was well in between, and broke again" in text_of(eve, "/sessions/42")


def test_a_session_that_left_a_handled_incident_for_another_fault_says_so(eve: Client, row: Incident) -> None:
    handle(eve, row)
    entry = SessionEntry.objects.first()
    assert entry is not None
    SessionEntry.objects.filter(pk=entry.pk).update(shared_hash=None, handled_at=None, handled_end="other")
    Leaving.objects.create(shared_hash=row.shared_hash, session=entry, left_at=timezone.now())
    assert "Came back after it was handled by eve on" in text_of(eve, f"/sessions/{entry.key}")
    assert "1 broken by another fault now" in text_of(eve, page_of(row))
    assert "<strong data-flash>1</strong>" in text_of(eve, f"/sessions/?left={row.pk}&verdict=broken")


def test_a_session_without_a_fault_cannot_be_handled(eve: Client) -> None:
    complete_pass()
    entry = session("7")
    assert "/sessions-admin/handle/7" not in text_of(eve, "/sessions/7")
    assert "there is nothing to handle" in text_of(eve, "/sessions-admin/handle/7")
    handle_one(eve, entry)
    assert not Handling.objects.exists()


def test_the_cause_that_was_seen_must_be_the_one_it_has(eve: Client) -> None:
    complete_pass()
    failed_session("42")
    answer = eve.post("/sessions-admin/handle/42", {"note": NOTE, "cause": "file.empty"})
    assert answer.status_code == 422
    assert NOTE in answer.content.decode()
    assert not Handling.objects.exists()


def test_support_sees_the_word_and_gives_none(eve: Client, sam: Client, row: Incident) -> None:
    handle(eve, row)
    text = text_of(sam, page_of(row))
    assert "Handled by eve" in text
    assert "unhandle" not in text
    assert sam.post(f"{page_of(row)}unhandle").status_code == 403
    assert sam.post("/sessions-admin/handle/42", {"note": NOTE}).status_code == 403
    refused = AuditEntry.objects.filter(outcome="refused")
    assert [(entry.actor, entry.action, entry.reason) for entry in refused] == [
        ("sam", "handle", NOTE),
        ("sam", "unhandle", ""),
    ]


def test_what_is_nowhere_is_a_404(eve: Client) -> None:
    complete_pass()
    for address in ("/incidents/99/handle", f"/incidents/{10**30}/handle", "/sessions-admin/handle/nobody"):
        assert eve.get(address).status_code == 404


def test_runs_and_resets_of_its_sessions_are_told(eve: Client, row: Incident) -> None:
    entry = SessionEntry.objects.first()
    assert entry is not None
    for number, key in enumerate((entry.key, "a stranger")):
        AuditEntry.objects.append(
            [
                AuditEntry(
                    at=timezone.now(), operation=f"{number}", actor="eve", action="reset", session=key, outcome="done"
                )
            ]
        )
    assert "Reset failed sessions · 1 session, by eve" in " ".join(text_of(eve, page_of(row)).split())


def test_it_is_told_in_chinese(eve: Client, row: Incident) -> None:
    handle(eve, row)
    eve.cookies["language"] = "zh-hans"
    text = text_of(eve, page_of(row))
    assert "已处理" in text
    assert "Handled" not in text


def test_ends_are_noted_once(eve: Client, cast: dict[str, User], row: Incident) -> None:
    handle(eve, row)
    now = timezone.now()
    close_ended(now)
    assert Handling.objects.get().ended_at is None
    SessionEntry.objects.all().delete()
    alone = failed_session("42")
    handling.handle_session(alone, NOTE, cast["eve"], address="", now=now)
    SessionEntry.objects.update(gone_at=now, handled_at=None)
    Incident.objects.update(handled_at=None, handled_end="mended", resolved_at=now)
    close_ended(now)
    assert set(Handling.objects.values_list("end", flat=True)) == {"mended", "gone"}
