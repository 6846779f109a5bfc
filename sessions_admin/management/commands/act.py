"""manage.py act ACTION: what the pages do with many sessions, from the shell: a plan first, then its run, with the same checks."""

from __future__ import annotations

import json
import sys
import threading
import time
from argparse import ArgumentParser
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from diagnostics.probes.databases import HostUnavailable
from sessions_admin.actions import ACTIONS
from sessions_admin.host_writer import WritingOff
from sessions_admin.models import ActionPlan, Run
from sessions_admin.planning import PlanRefused, keys_of_query, make_plan
from sessions_admin.runs.confirm import Confirmation, Refusal, confirm
from sessions_admin.runs.counts import tallies
from sessions_admin.worker import leases
from sessions_admin.worker.recurring import schedule
from sessions_admin.worker.run import run as work

SHOWN_ITEMS = 20
LOOK_SECONDS = 0.5


class Command(BaseCommand):
    help = (
        "Plan an action on many sessions, show the plan, and with --yes (or an answer at the terminal) carry it out. "
        "Exit 1 where it was refused, stopped, or not everything was done."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=sorted(ACTIONS))
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--ids", nargs="+", metavar="ID")
        chosen.add_argument("--filter", metavar="QUERY", help="as in the list's address: 'status=failed&age=24h'")
        chosen.add_argument("--plan", metavar="PLAN", help="a plan that was made before, within its ten minutes")
        parser.add_argument("--reason", default="", help="why; it stands in the audit")
        parser.add_argument("--actor", required=True, metavar="USER", help="the login in whose name it is done")
        parser.add_argument("--acknowledge", nargs="+", default=[], metavar="CODE", help="conditions that stand")
        parser.add_argument("--at-once", type=int, default=0, metavar="N", help="how many may wait at a time; 0: all")
        parser.add_argument("--yes", action="store_true", help="do it without asking")
        parser.add_argument("--json", action="store_true", help="the plan, or the run's counts, as one JSON object")

    @override("en")
    def handle(self, *_: object, **options: Any) -> None:
        actor = _actor(options["actor"])
        plan = self._plan(options, actor)
        if not options["yes"] and not self._is_wanted(plan, is_json=options["json"]):
            return
        given = Confirmation(
            reason=options["reason"],
            address="shell",
            typed=str(plan.to_do),  # --yes, or the answer at the terminal, says that so many are meant
            acknowledged=frozenset(options["acknowledge"]),
            at_once=options["at_once"],
        )
        begun = confirm(plan, given, actor, timezone.now())
        if isinstance(begun, Refusal):
            raise CommandError(begun.message % begun.values)
        self._carry(begun, is_json=options["json"])

    def _plan(self, options: dict[str, Any], actor: User) -> ActionPlan:
        now = timezone.now()
        try:
            if options["plan"]:
                return ActionPlan.objects.get(pk=options["plan"], action=options["action"])
            query = options["filter"]
            keys = options["ids"] if query is None else keys_of_query(query, now)
            scope = {"kind": "ids"} if query is None else {"kind": "filter", "query": query}
            return make_plan(options["action"], keys, scope, actor, now)
        except ActionPlan.DoesNotExist:
            raise CommandError(f"There is no plan {options['plan']} for {options['action']}.") from None
        except PlanRefused as refused:
            raise CommandError(refused.message % refused.values) from None
        except (HostUnavailable, WritingOff) as error:
            raise CommandError(str(error) or "The dashboard is read-only: set HOST_WRITE_DATABASE_URL.") from None

    def _is_wanted(self, plan: ActionPlan, *, is_json: bool) -> bool:
        """Show the plan; at a terminal its number is typed to go on, anywhere else the plan is all there is."""
        if is_json:
            self.stdout.write(json.dumps(_as_document(plan)))
            return False
        self.stdout.write(f"plan {plan.pk}: {plan.to_do} to do, {plan.to_skip} left alone, digest {plan.digest[:16]}")
        for item in plan.items.exclude(why="").order_by("number")[:SHOWN_ITEMS]:
            self.stdout.write(f"  {item.sentence}")
        if not sys.stdin.isatty():
            self.stdout.write(f"Nothing was changed. Within ten minutes: --plan {plan.pk} --yes")
            return False
        return input(f"Type {plan.to_do} to go on: ").strip() == str(plan.to_do)

    def _carry(self, run: Run, *, is_json: bool) -> None:
        """Carry it out here, or leave it to the worker that is at it already; either way to its end."""
        (task,) = (task for task in schedule() if task.name == "runs")
        leases.prepare((task,), timezone.now())
        holder = leases.new_holder()
        while not run.is_over:
            if leases.claim(task.name, holder, timezone.now(), is_due_only=False):
                work(task, holder, threading.Event())
            run.refresh_from_db()
            if not run.is_over:
                time.sleep(LOOK_SECONDS)
        counts = _counts(run)
        if is_json:
            self.stdout.write(json.dumps({"run": run.pk, "state": run.state, **counts}))
        else:
            self.stdout.write(f"run {run.pk} {run.state}: " + ", ".join(f"{n} {name}" for name, n in counts.items()))
        if run.state != Run.State.DONE or counts["failed"]:
            raise CommandError("Not everything was done.")


def _actor(name: str) -> User:
    """Whose rights count, and whose name stands in the audit."""
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no login {name}.")
    return found


def _as_document(plan: ActionPlan) -> dict[str, object]:
    items = plan.items.order_by("number")
    return {
        "plan": plan.pk,
        "action": plan.action,
        "digest": plan.digest,
        "to_do": plan.to_do,
        "to_skip": plan.to_skip,
        "bytes_needed": plan.bytes_needed,
        "conditions": plan.conditions,
        "items": [{"session": item.key, "expected": item.expectation, "why": item.sentence} for item in items],
    }


def _counts(run: Run) -> dict[str, int]:
    return {tally.name: tally.number for tally in tallies(run)}
