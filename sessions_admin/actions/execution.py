"""Does some items of a plan: look again, commit the intents, change, commit the outcomes; each step for all at once."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.db import DatabaseError, IntegrityError
from django.utils import timezone

from diagnostics.probes.databases import HostUnavailable
from sessions_admin.actions import results, trail
from sessions_admin.actions.action import Action, Intent
from sessions_admin.actions.plans import Expectation, Item
from sessions_admin.actions.results import Kind, Result, failure
from sessions_admin.actions.trail import Attempt
from sessions_admin.host_writer import WritingOff
from sessions_admin.result import StoreTrouble
from sessions_admin.telling.outbox import commit_outcomes

Numbered = tuple[int, Item]
logger = logging.getLogger(__name__)


def execute(action: Action, attempt: Attempt, items: Sequence[Numbered]) -> list[Result]:
    """Return how each item ended, in order; the audit has an intent and an outcome for each that was to be changed.

    Never raises for what the host, the store or our own database does: nothing is changed without its intent being
    committed. What an action on files did not come to any more has NOT_REACHED as its outcome in the audit; a run keeps
    such an item open (`runs.carry`), as its trouble halts it.
    """
    ends = {number: _left_by_plan(item) for number, item in items if item.expectation is Expectation.SKIP}
    ends |= _tried(action, attempt, [(number, item) for number, item in items if number not in ends])
    return _recorded(action, attempt, items, ends)


def _tried(action: Action, attempt: Attempt, items: Sequence[Numbered]) -> dict[int, Result]:
    """Only the audit's own trouble ends all of them alike, before any change."""
    if not items:
        return {}
    try:
        return dict(_done(action, attempt, items))
    except IntegrityError:
        end = Result(Kind.UNKNOWN, results.BEING_DONE, is_settled=False)
    except DatabaseError:
        logger.exception("The audit could not be written: %s", action.name)
        end = Result(Kind.FAILED, results.NOT_RECORDED, is_settled=False)
    except WritingOff:
        end = Result(Kind.FAILED, results.READ_ONLY)
    except HostUnavailable as error:
        end = failure(error)
    except StoreTrouble as trouble:
        end = trouble.result
    return {number: end for number, _ in items}


def _done(action: Action, attempt: Attempt, items: Sequence[Numbered]) -> Iterator[tuple[int, Result]]:
    with action.opening() as context:
        looked = action.intend(context, [item for _, item in items], timezone.now())
        meant: list[tuple[int, Item, Intent]] = []
        for number, item in items:
            found = looked[item.key]
            if isinstance(found, Result):
                yield number, found
            else:
                meant.append((number, item, replace(found, attempt=attempt, number=number)))
        if meant:
            trail.add_intents(attempt, [(n, item.of_session, intent.before, intent.after) for n, item, intent in meant])
            ends = _carried_out(action, context, [(item, intent) for _, item, intent in meant])
            yield from zip((number for number, _, _ in meant), ends, strict=True)


def _carried_out(action: Action, context: object, meant: list[tuple[Item, Intent]]) -> list[Result]:
    try:
        return action.carry_out(context, meant)
    except DatabaseError:
        logger.exception("A change was made, but not noted: %s", action.name)
        return [Result(Kind.UNKNOWN, results.OUTCOME_LATER, is_settled=False)] * len(meant)


def _left_by_plan(item: Item) -> Result:
    return Result(
        Kind.SKIPPED,
        item.why,
        {"session": item.of_session, "status": (item.seen.get("status") or "=")[1:], "path": item.path, **item.told},
    )


def _recorded(action: Action, attempt: Attempt, items: Sequence[Numbered], ends: dict[int, Result]) -> list[Result]:
    """Commit the outcomes that are known; one that could not be recorded is found out by the worker."""
    settled = [(number, item.of_session, ends[number]) for number, item in items if ends[number].is_settled]
    try:
        if settled:
            commit_outcomes(action, attempt, settled)
    except DatabaseError:
        logger.exception("Outcomes could not be recorded: %s", attempt.action)
        for number, _, result in settled:
            if result.kind == Kind.DONE:
                ends[number] = replace(result, kind=Kind.UNKNOWN, message=results.OUTCOME_LATER)
    return [ends[number] for number, _ in items]
