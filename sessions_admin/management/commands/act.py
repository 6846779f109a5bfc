"""manage.py act ACTION: what the pages do, from the shell: a plan first, then its run, with the same checks and the same audit."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
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
from sessions_admin.runs.abort import abort
from sessions_admin.runs.approve import Answer, answerers, approve, decline, waits_until
from sessions_admin.runs.confirm import Confirmation, Refusal, confirm
from sessions_admin.runs.document import counts_of, plan_document, run_document
from sessions_admin.runs.finish import carry_to_end

SHOWN_ITEMS = 20
WAITING = 3


class Command(BaseCommand):
    help = (
        "Plan an action, show the plan, and with --yes (or its number typed at the terminal) carry it out. Exit 1 where it "
        f"was refused, stopped, or not everything was done; {WAITING} where it waits for a second person, who answers with "
        "--approve or --decline."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=sorted(ACTIONS))
        chosen = parser.add_mutually_exclusive_group(required=True)
        chosen.add_argument("--ids", nargs="+", metavar="ID")
        chosen.add_argument("--filter", metavar="QUERY", help="as in the list's address: 'status=failed&age=24h'")
        chosen.add_argument("--plan", metavar="PLAN", help="a plan that was made before, within its ten minutes")
        chosen.add_argument("--approve", metavar="PLAN", help="let what somebody else asked for begin")
        chosen.add_argument("--decline", metavar="PLAN", help="end what somebody else asked for; needs --reason")
        chosen.add_argument("--abort", metavar="PLAN", help="stop its run, or withdraw what you asked for")
        parser.add_argument("--reason", default="", help="why; it stands in the audit")
        parser.add_argument("--actor", required=True, metavar="USER", help="the login in whose name it is done")
        parser.add_argument("--acknowledge", nargs="+", default=[], metavar="CODE", help="conditions that stand")
        parser.add_argument("--at-once", type=int, default=0, metavar="N", help="how many may wait at a time; 0: all")
        parser.add_argument("--yes", action="store_true", help="do it without asking; counts as the number typed")
        parser.add_argument("--json", action="store_true", help="the plan, or the run, as one JSON object")

    @override("en")
    def handle(self, *_: object, **options: Any) -> None:
        actor = _actor(options["actor"])
        if options["abort"]:
            self._tell(_taken(abort(_run(options, "abort"), actor, "shell", timezone.now())), options)
        elif options["decline"]:
            self._tell(_answered(decline, _run(options, "decline"), actor, options), options)
        elif options["approve"]:
            self._approve(_run(options, "approve"), actor, options)
        else:
            self._plan_and_run(actor, options)

    def _plan_and_run(self, actor: User, options: dict[str, Any]) -> None:
        plan = _plan(options, actor)
        if not options["yes"] and not self._is_wanted(plan, f"--plan {plan.pk}", is_json=options["json"]):
            return
        given = Confirmation(
            reason=options["reason"],
            address="shell",
            typed=str(plan.to_do),  # --yes, or the answer at the terminal, says that so many are meant
            acknowledged=frozenset(options["acknowledge"]),
            at_once=options["at_once"],
        )
        self._carry(_taken(confirm(plan, given, actor, timezone.now())), options)

    def _approve(self, run: Run, actor: User, options: dict[str, Any]) -> None:
        if options["yes"] or self._is_wanted(run.plan, f"--approve {run.pk}", is_json=options["json"]):
            self._carry(_answered(approve, run, actor, options), options)

    def _is_wanted(self, plan: ActionPlan, again: str, *, is_json: bool) -> bool:
        """Show the plan; at a terminal its number is typed to go on, anywhere else the plan is all there is."""
        if is_json:
            self.stdout.write(json.dumps(plan_document(plan)))
            return False
        self.stdout.write(f"plan {plan.pk}: {plan.to_do} to do, {plan.to_skip} left alone, digest {plan.digest[:16]}")
        if plan.second_reason:
            self.stdout.write(f"A second person must approve it: {plan.second_sentence}")
        for item in plan.items.exclude(why="").order_by("number")[:SHOWN_ITEMS]:
            self.stdout.write(f"  {item.sentence}")
        if not sys.stdin.isatty():
            self.stdout.write(f"Nothing was changed. In time: {again} --yes")
            return False
        return input(f"Type {plan.to_do} to go on: ").strip() == str(plan.to_do)

    def _carry(self, run: Run, options: dict[str, Any]) -> None:
        """Carry it out here, or leave it to the worker that is at it already, to its end; or say for whom it waits."""
        carry_to_end(run)
        self._tell(run, options)
        if run.state == Run.State.ASKED:
            raise CommandError("It waits for a second person; nothing was changed.", returncode=WAITING)
        if run.state != Run.State.DONE or counts_of(run)["failed"]:
            raise CommandError("Not everything was done.")

    def _tell(self, run: Run, options: dict[str, Any]) -> None:
        if options["json"]:
            self.stdout.write(json.dumps(run_document(run)))
            return
        counts = ", ".join(f"{number} {name}" for name, number in counts_of(run).items())
        self.stdout.write(f"run {run.pk} {run.state}: {counts}")
        if run.state == Run.State.ASKED:
            who = (
                ", ".join(answerers(run.plan.action, run.actor)) or "nobody yet: another administrator is needed first"
            )
            until = waits_until(run).strftime("%d %b %H:%M UTC")
            self.stdout.write(f"It waits for a second person until {until}. Who may: {who}")
            self.stdout.write(f"  manage.py act {run.plan.action} --approve {run.pk} --actor NAME")


def _plan(options: dict[str, Any], actor: User) -> ActionPlan:
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


def _run(options: dict[str, Any], name: str) -> Run:
    found = Run.objects.select_related("plan").filter(pk=options[name], plan__action=options["action"]).first()
    if found is None:
        raise CommandError(f"There is no run {options[name]} for {options['action']}.")
    return found


def _answered(answer: Callable[..., Run | Refusal], run: Run, actor: User, options: dict[str, Any]) -> Run:
    given = Answer(run.plan.digest, "shell", options["reason"])
    return _taken(answer(run, given, actor, timezone.now()))


def _taken(answered: Run | Refusal) -> Run:
    if isinstance(answered, Refusal):
        raise CommandError(answered.message % answered.values)
    return answered


def _actor(name: str) -> User:
    """Whose rights count, and whose name stands in the audit."""
    found = User.objects.filter(username=name, is_active=True).first()
    if found is None:
        raise CommandError(f"There is no login {name}.")
    return found
