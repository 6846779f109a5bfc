"""The page that previews a reset and performs it, through the client."""

from __future__ import annotations

import html
import os
import re
import wave
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.contrib.messages import get_messages
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.actions import results
from sessions_admin.actions.plans import PlanInvalid, sealed, unsealed
from sessions_admin.models import AuditEntry
from tests.host_database import TABLE, HostDatabase
from tests.sessions_admin.conftest import planned

pytestmark = pytest.mark.django_db
Response = Any
ADDRESS = "/sessions-admin/reset/5"


def text_of(response: Response) -> str:
    return html.unescape(response.content.decode())


def plan_in(response: Response) -> str:
    found = re.search(r'name="plan" value="([^"]+)"', response.content.decode())
    assert found
    return found[1]


def confirm(client: Client, *, reason: str = "the user asked", plan: str | None = None) -> Response:
    token = plan_in(client.get(ADDRESS)) if plan is None else plan
    return client.post(ADDRESS, {"plan": token, "reason": reason})


def said(response: Response) -> str:
    """Return what the next page will say."""
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


def operation_of(token: str) -> str:
    return unsealed(token, User.objects.get(username="sam")).operation


def test_the_preview_shows_each_column_old_and_new(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    page = text_of(sam.get(ADDRESS))
    for text in ("No space left on device", "error_message", "NULL", "pending", "progress_percentage", "updated_at"):
        assert text in page
    assert AuditEntry.objects.count() == 0
    assert host_database.row(5)["status"] == "failed"


def test_it_resets_and_says_so_on_the_sessions_page(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    response = confirm(sam)
    assert (response.status_code, response["Location"]) == (302, "/sessions/5")
    assert host_database.row(5)["status"] == "pending"
    assert "Session 5 is pending again" in said(response)


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 501])
def test_it_requires_a_reason(sam: Client, host_database: HostDatabase, reason: str) -> None:
    host_database.insert_failed(5)
    plan = plan_in(sam.get(ADDRESS))
    response = confirm(sam, reason=reason, plan=plan)
    assert response.status_code == 422
    assert "No space left on device" in text_of(response)
    assert operation_of(plan_in(response)) == operation_of(plan)
    assert host_database.row(5)["status"] == "failed"


def test_sent_twice_it_acts_once(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    plan = plan_in(sam.get(ADDRESS))
    confirm(sam, plan=plan)
    host_database.update(5, status="failed")
    response = confirm(sam, plan=plan)
    assert "nothing was done twice" in said(response)
    assert host_database.row(5)["status"] == "failed"
    assert AuditEntry.objects.count() == 2


def test_a_row_that_changed_is_left_alone_and_said_so(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    plan = plan_in(sam.get(ADDRESS))
    host_database.update(5, status="generating")
    response = confirm(sam, plan=plan)
    assert "it changed meanwhile (now generating)" in said(response)


def test_an_old_preview_is_not_confirmed(
    sam: Client, cast: dict[str, User], host_database: HostDatabase, monkeypatch: pytest.MonkeyPatch
) -> None:
    host_database.insert_failed(5)
    plan = planned()
    long_ago = timezone.now() - timedelta(minutes=11)
    monkeypatch.setattr("django.core.signing.time.time", lambda: long_ago.timestamp())
    token = sealed(plan, cast["sam"])
    monkeypatch.undo()
    response = confirm(sam, plan=token)
    assert response.status_code == 422
    assert "too old" in text_of(response)
    assert host_database.row(5)["status"] == "failed"


@pytest.mark.parametrize("token", ["", "nonsense", "a:b:c", "\0"])
def test_a_forged_plan_is_not_confirmed(sam: Client, host_database: HostDatabase, token: str) -> None:
    host_database.insert_failed(5)
    assert confirm(sam, plan=token).status_code == 422
    assert host_database.row(5)["status"] == "failed"


def test_a_plan_of_somebody_else_is_not_confirmed(sam: Client, eve: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    assert confirm(sam, plan=plan_in(eve.get(ADDRESS))).status_code == 422


def test_a_plan_for_another_session_is_not_confirmed(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    host_database.insert_failed(6)
    plan = plan_in(sam.get("/sessions-admin/reset/6"))
    assert confirm(sam, plan=plan).status_code == 422
    assert [row["status"] for row in (host_database.row(5), host_database.row(6))] == ["failed", "failed"]


def test_a_token_is_no_plan_of_another_person(cast: dict[str, User], host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    token = sealed(planned(), cast["sam"])
    with pytest.raises(PlanInvalid):
        unsealed(token, cast["eve"])


def test_a_manager_is_refused_and_the_attempt_is_recorded(max_: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    assert max_.get(ADDRESS).status_code == 403
    assert AuditEntry.objects.count() == 0
    response = max_.post(ADDRESS, {"reason": "let me"})
    assert response.status_code == 403
    (entry,) = AuditEntry.objects.all()
    assert (entry.outcome, entry.actor, entry.session, entry.reason) == ("refused", "max", "5", "let me")
    assert (entry.message, entry.address) == (results.NO_RIGHT, "127.0.0.1")
    assert host_database.row(5)["status"] == "failed"


def test_nobody_anonymous_comes_here(client: Client, host_database: HostDatabase) -> None:
    assert client.get(ADDRESS)["Location"] == f"/login/?next={ADDRESS}"
    assert client.post(ADDRESS).status_code == 302
    assert AuditEntry.objects.count() == 0


def test_it_refuses_other_methods(sam: Client) -> None:
    assert sam.delete(ADDRESS).status_code == 405


def test_a_form_from_elsewhere_is_refused(cast: dict[str, User], host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast["sam"], backend="django.contrib.auth.backends.ModelBackend")
    assert confirm(client).status_code == 403
    assert host_database.row(5)["status"] == "failed"


def test_without_a_writable_connection_it_says_that_the_dashboard_is_read_only(
    sam: Client, host_database: HostDatabase, settings: Settings
) -> None:
    host_database.insert_failed(5)
    settings.HOST_WRITE_DATABASE_URL = ""
    page = text_of(sam.get(ADDRESS))
    assert "The dashboard is read-only." in page
    assert "HOST_WRITE_DATABASE_URL" in page
    assert 'name="plan"' not in page


def test_a_host_that_does_not_answer_is_no_error_of_ours(
    sam: Client, host_database: HostDatabase, settings: Settings
) -> None:
    settings.HOST_WRITE_DATABASE_URL = "postgres://who:secret@127.0.0.1:1/none"
    response = sam.get(ADDRESS)
    assert response.status_code == 200
    assert "does not answer" in text_of(response)
    assert "secret" not in text_of(response)


def test_a_session_that_is_not_there_is_404(sam: Client, host_database: HostDatabase) -> None:
    assert sam.get(ADDRESS).status_code == 404
    assert sam.get("/sessions-admin/reset/no/such").status_code == 404


def test_a_session_that_is_not_failed_has_no_form(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5, status="generating")
    page = text_of(sam.get(ADDRESS))
    assert "Only failed sessions are reset." in page
    assert 'name="plan"' not in page


def test_a_busy_host_is_tried_again_from_the_preview(
    sam: Client, host_database: HostDatabase, settings: Settings
) -> None:
    settings.HOST_QUERY_SECONDS = 0.3
    host_database.insert_failed(5)
    plan = plan_in(sam.get(ADDRESS))
    with host_database.connected() as other, other.transaction():
        other.change(f"UPDATE {TABLE} SET scene_id = 1")
        response = confirm(sam, plan=plan)
    assert response["Location"] == ADDRESS
    assert "busy. Nothing was changed; try again" in text_of(sam.get(ADDRESS))


def test_a_whole_file_that_is_there_is_warned_about(
    sam: Client, host_database: HostDatabase, settings: Settings
) -> None:
    path = f"{settings.AUDIO_ROOT}/long_sequence_5_20261120_100000.wav"
    write_whole_wav(path)
    written = datetime(2026, 11, 20, 10, 4, tzinfo=UTC).timestamp()
    os.utime(path, (written, written))
    host_database.insert_failed(5, final_file_path=os.path.basename(path), total_duration_minutes=None)
    assert "beside the whole file that is already there" in text_of(sam.get(ADDRESS))


def test_markup_in_a_row_is_only_text(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5, error_message="<script>alert(1)</script>")
    assert b"<script>alert" not in sam.get(ADDRESS).content


def test_bytes_that_are_no_text_do_not_disturb(sam: Client, host_database: HostDatabase) -> None:
    host_database.insert_failed(5)
    host_database.run(f"UPDATE {TABLE} SET error_message = CAST(X'66ff0061' AS TEXT)")
    assert confirm(sam).status_code == 302
    assert host_database.row(5)["status"] == "pending"
    intent = AuditEntry.objects.get(is_intent=True)
    assert (intent.before or {})["error_message"] == "f\\xff\\x00a"


def write_whole_wav(path: str) -> None:
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(b"\1\2" * 8000)
