"""The buttons: what helps, what exists, and what the viewer may; in the place where it helps; back to where it came from."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone

from diagnostics.models import Incident, SessionEntry
from sessions_admin.models import ActionPlan
from tests.host_database import HostDatabase
from tests.sessions_admin.runs.conftest import fail_sessions, grave

__all__ = ["grave"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def host(host_database: HostDatabase) -> HostDatabase:
    """Failed sessions 1 to 3, and 9, which is completed and claims no file."""
    fail_sessions(host_database, [1, 2, 3])
    hour_ago = "2026-11-20 10:00:00"
    host_database.insert(9, status="completed", created_at=hour_ago, updated_at=hour_ago, completed_at=hour_ago)
    return host_database


@pytest.fixture
def incident(host: HostDatabase) -> Incident:
    now = timezone.now()
    life = {"noted_at": now, "opened_at": now, "first_seen_at": now}
    SessionEntry.objects.update(shared_hash=7)
    return Incident.objects.create(
        pk=4, shared_hash=7, kind="queue", code="file.deleted", verdict="broken", sessions=3, most_sessions=3, **life
    )


def text(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def test_a_session_offers_what_its_cause_names_and_no_more(eve: Client, host: HostDatabase, grave: str) -> None:
    failed, without_path = text(eve, "/sessions/1?examine=1"), text(eve, "/sessions/9?examine=1")
    assert "/sessions-admin/reset/1" in failed
    assert "Regenerate for good" not in failed
    assert "path.missing" in without_path
    assert "Regenerate for good …" in without_path
    assert "/sessions-admin/reset/9" not in without_path


def test_who_may_not_is_told_who_may(sam: Client, host: HostDatabase, grave: str) -> None:
    page = text(sam, "/sessions/9?examine=1")
    assert "/plans/" not in page
    assert "Not for your role: “Regenerate for good”. Ask: Engineer, Administrator" in page
    assert "/sessions-admin/reset/1" in text(sam, "/sessions/1?examine=1")


def test_who_may_not_act_on_many_gets_no_button_either(eve: Client, host: HostDatabase, grave: str) -> None:
    group = Group.objects.get(name="engineer")
    group.permissions.remove(*group.permissions.filter(codename="act_on_many"))
    assert "/plans/" not in text(eve, "/sessions/9?examine=1")


def test_its_button_makes_a_plan_of_one_that_leads_back(eve: Client, host: HostDatabase, grave: str) -> None:
    made = eve.post("/plans/", {"action": grave, "key": "9", "back": "/sessions/9"})
    plan = ActionPlan.objects.get()
    assert [item.key for item in plan.items.all()] == ["9"]
    page = text(eve, made["Location"])
    assert 'href="/sessions/9"' in page
    assert "To the session" in page
    assert "Regenerate for good" in page


def test_an_incident_offers_it_for_all_of_its_sessions(eve: Client, incident: Incident, grave: str) -> None:
    page = text(eve, "/incidents/4/")
    assert "Regenerate 3 for good …" in page
    assert 'name="query" value="incident=4"' in page
    made = eve.post("/plans/", {"action": grave, "query": "incident=4", "back": "/incidents/4/"})
    assert ActionPlan.objects.get().to_do == 3
    assert "To the incident" in text(eve, made["Location"])


def test_an_incident_tells_who_may(sam: Client, incident: Incident, grave: str) -> None:
    page = text(sam, "/incidents/4/")
    assert "Regenerate 3" not in page
    assert "Ask: Engineer, Administrator" in page


def test_an_incident_without_a_remedy_offers_its_sessions_alone(eve: Client, incident: Incident) -> None:
    Incident.objects.update(code="delivery.not_served")
    page = text(eve, "/incidents/4/")
    assert 'action="/plans/"' not in page
    assert "Not for your role" not in page


def test_the_list_offers_the_actions_on_sessions_that_the_viewer_may_do(
    eve: Client, host: HostDatabase, grave: str
) -> None:
    page = text(eve, "/sessions/?status=failed")
    assert [word in page for word in ('<option value="reset"', f'<option value="{grave}"')] == [True, True]
    assert 'data-several="Reset {n} sessions …"' in page
    group = Group.objects.get(name="engineer")
    group.permissions.remove(*group.permissions.filter(codename="regenerate_session"))
    assert f'<option value="{grave}"' not in text(eve, "/sessions/")


def test_the_ticked_button_means_the_ticked_ones_and_the_other_all_that_match(eve: Client, host: HostDatabase) -> None:
    both = {"action": "reset", "key": ["1"], "query": "status=failed", "back": "/sessions/?status=failed"}
    eve.post("/plans/", {**both, "ticked": "1"})
    eve.post("/plans/", both)
    assert sorted(ActionPlan.objects.values_list("to_do", flat=True)) == [1, 3]
    assert {plan.scope["back"] for plan in ActionPlan.objects.all()} == {"/sessions/?status=failed"}


@pytest.mark.parametrize("back", ["https://evil.example/", "//evil.example/", "/nowhere/", "javascript:alert(1)", ""])
def test_it_leads_back_to_pages_of_ours_alone(eve: Client, host: HostDatabase, back: str) -> None:
    made = eve.post("/plans/", {"action": "reset", "query": "status=failed", "back": back})
    page = text(eve, made["Location"])
    assert "evil.example" not in page
    assert "javascript:" not in page
    assert 'href="/sessions/?status=failed"' in page


def test_a_choice_that_makes_no_plan_leads_back_too(eve: Client, host: HostDatabase) -> None:
    refused = eve.post("/plans/", {"action": "reset", "back": "/sessions/9"})
    assert refused.status_code == 422
    assert 'href="/sessions/9"' in refused.content.decode()
