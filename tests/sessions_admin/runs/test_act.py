"""manage.py act: the same plan, checks and run from the shell, beside a worker or without one."""

from __future__ import annotations

import json
from io import StringIO

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.utils import timezone

from diagnostics.models import Condition
from sessions_admin.models import AuditEntry, Run
from tests.host_database import HostDatabase
from tests.sessions_admin.runs.conftest import GRAVE_REASON, fail_sessions, plan_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def host(host_database: HostDatabase, cast: dict[str, User]) -> HostDatabase:
    fail_sessions(host_database, [1, 2, 3])
    return host_database


def act(*arguments: str, actor: str = "eve", reason: str = "after the outage") -> str:
    out = StringIO()
    call_command("act", "reset", *arguments, "--actor", actor, "--reason", reason, stdout=out)
    return out.getvalue()


def test_without_yes_it_only_plans(host: HostDatabase) -> None:
    host.update(2, status="generating")
    told = act("--ids", "1", "2")
    assert "1 to do, 1 left alone" in told
    assert "Session 2 is left alone: it is being generated now." in told
    assert "Nothing was changed." in told
    assert (host.row(1)["status"], Run.objects.count()) == ("failed", 0)


def test_the_plan_is_confirmed_later(host: HostDatabase) -> None:
    plan = json.loads(act("--ids", "1", "--json"))
    assert (plan["to_do"], plan["items"]) == (1, [{"session": "1", "expected": "do", "why": ""}])
    assert json.loads(act("--plan", plan["plan"], "--yes", "--json"))["done"] == 1
    assert host.row(1)["status"] == "pending"


def test_a_filter_is_done_in_the_name_of_the_actor(host: HostDatabase) -> None:
    assert "done: 3 done, 0 skipped, 0 failed, 0 not_reached" in act("--filter", "status=failed", "--yes")
    assert set(AuditEntry.objects.values_list("actor", "reason", "address")) == {("eve", "after the outage", "shell")}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--ids", "1", "--yes"), "the role does not include"),
        (("--filter", "user=nobody", "--yes"), "Nothing was chosen"),
        (("--plan", "x" * 32, "--yes"), "There is no plan"),
    ],
)
def test_what_is_refused_is_said(host: HostDatabase, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        act(*arguments, actor="sam")
    assert host.row(1)["status"] == "failed"


def test_an_unknown_actor_and_a_missing_reason_are_refused(host: HostDatabase) -> None:
    with pytest.raises(CommandError, match="There is no login nobody"):
        act("--ids", "1", "--yes", actor="nobody")
    with pytest.raises(CommandError, match="a reason of 3 to 500 characters"):
        act("--ids", "1", "--yes", reason="")


def test_a_condition_is_acknowledged_by_name(host: HostDatabase) -> None:
    now = timezone.now()
    Condition.objects.create(code="storage.unavailable", opened_at=now, seen_at=now)
    with pytest.raises(CommandError, match="acknowledge what stands"):
        act("--ids", "1", "--yes")
    assert "1 done" in act("--ids", "1", "--yes", "--acknowledge", "storage.unavailable")


def test_what_was_not_all_done_ends_with_an_error(host: HostDatabase, cast: dict[str, User]) -> None:
    plan = plan_of([1, 2], cast["eve"])
    host.run("DROP TABLE long_sequence_sessions")
    with pytest.raises(CommandError, match="Not everything was done"):
        act("--plan", plan.pk, "--yes")
    assert Run.objects.get().state == "halted"


@pytest.fixture
def asked(host: HostDatabase, grave: str) -> str:
    """What eve asked for from the shell: the plan's id."""
    out = StringIO()
    with pytest.raises(CommandError, match="waits for a second person") as waiting:
        call_command("act", grave, "--ids", "1", "2", "--actor", "eve", "--reason", "by mistake", "--yes", stdout=out)
    assert waiting.value.returncode == 3
    assert "It waits for a second person until" in out.getvalue()
    assert "Who may: ada" in out.getvalue()
    return str(Run.objects.get().pk)


def answer(*arguments: str) -> str:
    out = StringIO()
    call_command("act", "regenerate", *arguments, stdout=out)
    return out.getvalue()


def test_what_needs_two_people_waits_and_is_approved_by_another(host: HostDatabase, asked: str) -> None:
    assert f"--approve {asked} --yes" in answer("--approve", asked, "--actor", "ada")
    assert Run.objects.get().state == "asked"
    with pytest.raises(CommandError, match="does not include"):
        answer("--approve", asked, "--actor", "eve", "--yes")
    told = json.loads(answer("--approve", asked, "--actor", "ada", "--yes", "--json"))
    assert (told["state"], told["done"], told["approved_by"]) == ("done", 2, "ada")
    assert host.row(1)["status"] == "pending"
    decided = AuditEntry.objects.filter(session="").order_by("seq").values_list("actor", "action", "outcome")
    assert list(decided) == [
        ("eve", "run_ask", "done"), ("eve", "run_approve", "refused"), ("ada", "run_approve", "done"),
    ]  # fmt: skip


def test_it_is_declined_for_a_reason(host: HostDatabase, asked: str) -> None:
    with pytest.raises(CommandError, match="a reason of 3 to 500 characters"):
        answer("--decline", asked, "--actor", "ada")
    assert "aborted" in answer("--decline", asked, "--actor", "ada", "--reason", "they are well")
    with pytest.raises(CommandError, match="no longer waits"):
        answer("--approve", asked, "--actor", "ada", "--yes")
    assert host.row(1)["status"] == "failed"


def test_it_is_withdrawn(asked: str) -> None:
    assert json.loads(answer("--abort", asked, "--actor", "eve", "--json"))["state"] == "aborted"
    with pytest.raises(CommandError, match="There is no run"):
        answer("--abort", "x" * 32, "--actor", "eve")


def test_what_is_asked_for_is_told_as_json(host: HostDatabase, grave: str) -> None:
    out = StringIO()
    with pytest.raises(CommandError, match="waits for a second person"):
        call_command(
            "act", grave, "--ids", "1", "--actor", "eve", "--reason", "by mistake", "--yes", "--json", stdout=out
        )
    told = json.loads(out.getvalue())
    assert (told["state"], told["asked_by"], told["not_reached"]) == ("asked", "eve", 1)
    assert told["second_reason"] == GRAVE_REASON
    assert told["waits_until"]
