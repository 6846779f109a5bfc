"""Plans and runs as JSON objects, for scripts that call the shell."""

from __future__ import annotations

from sessions_admin.models import ActionPlan, Run
from sessions_admin.runs.approve import waits_until
from sessions_admin.runs.counts import tallies


def plan_document(plan: ActionPlan) -> dict[str, object]:
    """Return a plan with every item; `second_reason` says why another person must approve it, '' where nobody need."""
    return {
        "plan": plan.pk,
        "action": plan.action,
        "digest": plan.digest,
        "to_do": plan.to_do,
        "to_skip": plan.to_skip,
        "bytes_needed": plan.bytes_needed,
        "bytes_moved": plan.bytes_moved,
        "conditions": plan.conditions,
        "second_reason": plan.second_sentence,
        "items": [
            {"session": item.of_session, "expected": item.expectation, "why": item.sentence}
            | ({"path": item.path} if item.path else {})
            for item in plan.items.order_by("number")
        ],
    }


def run_document(run: Run) -> dict[str, object]:
    """Return a run's state and counts; one that is asked for also has who asked and until when it waits."""
    told: dict[str, object] = {"run": run.pk, "action": run.plan.action, "state": run.state, **counts_of(run)}
    if run.state == Run.State.ASKED:
        told |= {
            "asked_by": run.actor,
            "waits_until": waits_until(run).isoformat(),
            "second_reason": run.plan.second_sentence,
            "digest": run.plan.digest,
        }
    return told | ({"approved_by": run.approved_by} if run.approved_by else {})


def counts_of(run: Run) -> dict[str, int]:
    return {tally.name: tally.number for tally in tallies(run)}
