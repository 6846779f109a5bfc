"""Many at once, on whichever database DATABASE_URL names: `python -m tests.sessions_admin.runs.racing` prints what came of it.

Two people send one plan's form twenty times in parallel; then many an asked run is approved, declined and withdrawn at once.
"""

from __future__ import annotations

import json
import sys
import threading
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import django

django.setup()

from django.contrib.auth.models import Group, User  # noqa: E402  after the set-up
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from sessions_admin.models import ActionPlan, AuditEntry, Run  # noqa: E402
from sessions_admin.roles import make_groups  # noqa: E402
from sessions_admin.runs.abort import abort  # noqa: E402
from sessions_admin.runs.approve import Answer, approve, decline  # noqa: E402
from sessions_admin.runs.confirm import Refusal  # noqa: E402
from tests.conftest import signed_in  # noqa: E402

FORMS, ASKED = 20, 6  # as tests.sessions_admin.test_at_once has them


def main() -> None:
    make_groups()
    people = {name: person(name) for name in ("eve", "ada", "bob")}
    told = {"forms": forms(people), "answers": [answers(people) for _ in range(ASKED)]}
    sys.stdout.write(json.dumps(told))


def person(name: str) -> User:
    made = User.objects.create_user(name)
    made.groups.add(Group.objects.get(name="engineer" if name == "eve" else "administrator"))
    return made


def plan(second_reason: str = "") -> ActionPlan:
    made = ActionPlan.objects.create(
        operation=uuid.uuid4().hex, action="reset", made_by="eve", made_at=timezone.now(), digest="d" * 64, to_do=1,
        to_skip=0, sessions_known=100, second_reason=second_reason,
    )  # fmt: skip
    made.items.create(number=0, key="5", expectation="do")
    return made


def forms(people: dict[str, User]) -> dict[str, object]:
    """Return what twenty sendings of one form were answered, and how many runs and decisions there are."""
    meant = plan()
    clients = [signed_in(people[("eve", "ada")[number % 2]]) for number in range(FORMS)]

    def send(client: Client) -> int:
        given = {"reason": "all at once", "at_once": "0"}
        return int(client.post(f"/plans/{meant.pk}/", given, SERVER_NAME="localhost").status_code)

    statuses = at_once([lambda client=client: send(client) for client in clients])  # type: ignore[misc]
    begun = AuditEntry.objects.filter(action="run_begin").count()
    return {"statuses": Counter(statuses), "runs": Run.objects.filter(plan=meant).count(), "begun": begun}


def answers(people: dict[str, User]) -> dict[str, object]:
    """Return how a run that all answer at once stands, and whose answers were taken."""
    meant = plan("it cannot be undone")
    Run.objects.create(plan=meant, state="asked", actor="eve", reason="by mistake", queued_at=timezone.now())
    given, now = Answer(meant.digest, "10.0.0.7", "not at all"), timezone.now()
    asked = [Run.objects.select_related("plan").get(pk=meant.pk) for _ in range(4)]
    kinds = at_once(
        [
            lambda: taken(approve(asked[0], given, people["ada"], now), "approved"),
            lambda: taken(approve(asked[1], given, people["bob"], now), "approved"),
            lambda: taken(decline(asked[2], given, people["bob"], now), "declined"),
            lambda: taken(decline(asked[3], given, people["ada"], now), "declined"),
            lambda: taken(abort(Run.objects.get(pk=meant.pk), people["eve"], "", now), "stopped"),
        ]
    )
    run = Run.objects.get(pk=meant.pk)
    decisions = AuditEntry.objects.filter(plan_digest=meant.digest, values__plan=meant.pk, outcome="done")
    return {"state": run.state, "taken": kinds, "decisions": list(decisions.values_list("action", flat=True))}


def taken(answered: Run | Refusal, word: str) -> str:
    return "refused" if isinstance(answered, Refusal) else word


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """Let all begin at the same moment, each in a thread and on a connection of its own."""
    barrier = threading.Barrier(len(calls))

    def call(each: Callable[[], object]) -> object:
        connection.ensure_connection()
        barrier.wait(60)
        try:
            return each()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


if __name__ == "__main__":
    main()
