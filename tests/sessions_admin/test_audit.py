"""The audit: entries are only ever added; its page lists, filters and shows them."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError, IntegrityError, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from sessions_admin.actions import results, settle_open_intents, trail
from sessions_admin.actions.plans import LIFE, Plan
from sessions_admin.actions.results import Kind, Result
from sessions_admin.actions.trail import Attempt
from sessions_admin.models import AuditEntry
from sessions_admin.models.audit import AppendOnly, AuditQuerySet
from tests.host_database import HostDatabase
from tests.sessions_admin.conftest import Door, planned

pytestmark = pytest.mark.django_db


def entry(**values: Any) -> AuditEntry:
    defaults: dict[str, Any] = {
        "at": timezone.now(),
        "operation": f"{AuditEntry.objects.count():032}",
        "actor": "sam",
        "action": "reset",
        "session": "5",
        "reason": "the user asked",
        "outcome": Kind.DONE,
    }
    return AuditEntry.objects.create(**{**defaults, **values})


FORBIDDEN: dict[str, Callable[[AuditEntry], object]] = {
    "save": lambda made: made.save(),
    "delete": lambda made: made.delete(),
    "update": lambda made: AuditEntry.objects.update(reason="x"),
    "filtered update": lambda made: AuditEntry.objects.filter(pk=made.pk).update(reason="x"),
    "filtered delete": lambda made: AuditEntry.objects.filter(pk=made.pk).delete(),
    "bulk update": lambda made: AuditEntry.objects.bulk_update([made], ["reason"]),
    "bulk create": lambda made: AuditEntry.objects.bulk_create([made], update_conflicts=True),
    "update or create": lambda made: AuditEntry.objects.update_or_create(pk=made.pk, defaults={"reason": "x"}),
}


@pytest.mark.parametrize("change", FORBIDDEN.values(), ids=FORBIDDEN)
def test_an_entry_is_never_changed(change: Callable[[AuditEntry], object]) -> None:
    made = entry()
    with pytest.raises(AppendOnly):
        change(made)
    assert AuditEntry.objects.get().reason == "the user asked"


def test_an_outcome_is_written_once() -> None:
    attempt = Attempt("reset", "a" * 32, "", "sam", "support", "", "why")
    trail.add_outcome(attempt, 0, "5", Result(Kind.DONE, ""))
    with pytest.raises(IntegrityError):
        trail.add_outcome(attempt, 0, "5", Result(Kind.FAILED, ""))


class TestTheDoor:
    def test_a_role_without_the_right_is_refused_and_recorded(self, host_database: HostDatabase, door: Door) -> None:
        host_database.insert_failed(5)
        outcome = door(planned(), actor="max")
        (noted,) = AuditEntry.objects.all()
        assert (outcome.kind, noted.outcome, noted.message) == ("refused", "refused", results.NO_RIGHT)
        assert (noted.actor, noted.roles, noted.session) == ("max", "manager", "5")
        assert host_database.row(5)["status"] == "failed"

    @pytest.mark.parametrize("reason", ["", "   ", " ab "])
    def test_no_reason_is_refused(self, host_database: HostDatabase, door: Door, reason: str) -> None:
        host_database.insert_failed(5)
        assert door(planned(), reason=reason).results[0].message == results.NO_REASON
        assert host_database.row(5)["status"] == "failed"

    def test_an_old_plan_is_refused(self, host_database: HostDatabase, door: Door) -> None:
        host_database.insert_failed(5)
        plan = planned()
        old = Plan(plan.action, plan.items, plan.made_at - LIFE, plan.operation)
        assert door(old).results[0].message == results.NO_PLAN

    def test_a_refusal_does_not_stand_for_the_forms_outcome(self, host_database: HostDatabase, door: Door) -> None:
        host_database.insert_failed(5)
        plan = planned()
        door(plan, reason="")
        assert door(plan).kind == "done"

    def test_nothing_is_changed_where_the_audit_cannot_be_written(
        self, host_database: HostDatabase, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*arguments: object, **values: object) -> None:
            raise DatabaseError("disk full")

        host_database.insert_failed(5)
        monkeypatch.setattr(AuditQuerySet, "append", full)
        assert door(planned()).results[0].message == results.NOT_RECORDED
        assert host_database.row(5)["status"] == "failed"


class TestSettling:
    """What becomes of an intent whose worker died before its outcome."""

    def interrupted(self, host_database: HostDatabase, door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
        """Reset session 5, dying before the outcome is written."""

        class Killed(BaseException):
            pass

        def die(*arguments: object) -> None:
            raise Killed

        host_database.insert_failed(5)
        monkeypatch.setattr("sessions_admin.actions.reset.note_resets", die)
        with pytest.raises(Killed):
            door(planned())
        monkeypatch.undo()

    def settled(self) -> AuditEntry:
        assert settle_open_intents(timezone.now() + LIFE) == 1
        assert settle_open_intents(timezone.now() + LIFE) == 0
        return AuditEntry.objects.get(is_intent=False)

    def test_what_was_done_is_found_done(
        self, host_database: HostDatabase, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.interrupted(host_database, door, monkeypatch)
        outcome = self.settled()
        assert (outcome.outcome, outcome.actor, outcome.reason) == ("done", "sam", "the user asked")

    def test_what_was_not_done_is_found_not_done(
        self, host_database: HostDatabase, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.interrupted(host_database, door, monkeypatch)
        host_database.run("DELETE FROM long_sequence_sessions")
        host_database.insert_failed(5)
        assert self.settled().outcome == "failed"

    def test_what_cannot_be_told_is_not_guessed(
        self, host_database: HostDatabase, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.interrupted(host_database, door, monkeypatch)
        host_database.update(5, status="generating", updated_at="2027-01-01 00:00:00")
        assert self.settled().outcome == "unknown"

    def test_a_fresh_intent_is_left_to_whoever_works_on_it(
        self, host_database: HostDatabase, door: Door, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.interrupted(host_database, door, monkeypatch)
        assert settle_open_intents(timezone.now()) == 0


class TestThePage:
    def test_it_lists_the_newest_first_with_who_what_and_why(self, eve: Client) -> None:
        entry(actor="sam", reason="first")
        entry(actor="ada", reason="second", message=results.READ_ONLY, outcome=Kind.FAILED)
        page = eve.get("/audit/").content.decode()
        assert page.index("second") < page.index("first")
        assert html.escape(results.READ_ONLY) in page or results.READ_ONLY in page

    @pytest.mark.parametrize("query", ["actor=ada", "session=7", "outcome=refused", "actor=ada&session=7"])
    def test_it_filters(self, eve: Client, query: str) -> None:
        entry(reason="not this one")
        entry(actor="ada", session="7", outcome=Kind.REFUSED, reason="only this one")
        page = eve.get(f"/audit/?{query}").content.decode()
        assert "only this one" in page
        assert "not this one" not in page

    @pytest.mark.parametrize("query", ["action=nonsense", "outcome=x", "before=x", "before=" + "9" * 30, "before=%00"])
    def test_nonsense_filters_nothing(self, eve: Client, query: str) -> None:
        entry(reason="still here")
        assert b"still here" in eve.get(f"/audit/?{query}").content

    def test_pages_lose_no_entry(self, eve: Client) -> None:
        made = [entry(reason=f"number {number:03}").seq for number in range(120)]
        found, address = [], "/audit/"
        while address:
            response = eve.get(address)
            found += [shown.seq for shown in response.context["entries"]]
            older = response.context["older"]
            address = f"/audit/?before={older}" if older else ""
        assert found == made[::-1]

    def test_it_asks_the_database_no_more_for_many_entries(self, eve: Client) -> None:
        asked = []
        for _ in range(2):
            for _ in range(20):
                entry(before={"error_message": "x" * 10_000})
            with CaptureQueriesContext(connection) as queries:
                eve.get("/audit/")
            asked.append([query["sql"] for query in queries])
        assert len(asked[0]) == len(asked[1])
        assert not any('"sessions_admin_auditentry"."before"' in sql for sql in asked[1])

    def test_an_entry_shows_the_row_before_and_after(self, eve: Client) -> None:
        values = {"before": {"status": "failed", "error_message": "the old text"}, "after": {"status": "pending"}}
        intent = entry(operation="a" * 32, is_intent=True, outcome=Kind.INTENT, **values)
        outcome = entry(operation="a" * 32)
        for seq in (intent.seq, outcome.seq):
            page = eve.get(f"/audit/{seq}/").content.decode()
            assert "the old text" in page
            assert "pending" in page
        assert eve.get(f"/audit/{outcome.seq + 1}/").status_code == 404

    def test_a_fragment_has_no_frame(self, eve: Client) -> None:
        made = entry()
        assert b"<html" not in eve.get(f"/audit/{made.seq}/", headers={"HX-Request": "true"}).content

    def test_only_who_may_see_the_audit_sees_it(self, sam: Client, max_: Client, ada: Client, client: Client) -> None:
        made = entry()
        for address in ("/audit/", f"/audit/{made.seq}/"):
            assert [who.get(address).status_code for who in (sam, max_, ada, client)] == [403, 403, 200, 302]
            assert ada.post(address).status_code == 405

    def test_nothing_there_yet_and_nothing_matches_are_told_apart(self, eve: Client) -> None:
        assert b"Nobody has changed anything yet." in eve.get("/audit/").content
        assert b"No entry matches." in eve.get("/audit/?actor=nobody").content


def test_the_actors_rights_are_asked_anew(cast: dict[str, User], host_database: HostDatabase, door: Door) -> None:
    host_database.insert_failed(5)
    plan = planned()
    cast["sam"].groups.clear()
    cast["sam"] = User.objects.get(pk=cast["sam"].pk)
    assert door(plan).kind == "refused"
