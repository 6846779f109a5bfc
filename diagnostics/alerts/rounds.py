"""A round: every rule is looked at, each for itself, and where it stands is kept; then a watcher elsewhere is told."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Collection
from datetime import datetime, timedelta

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.utils import timezone

from diagnostics.alerts import evidence, inhibition, levels, look, measures, states
from diagnostics.alerts.levels import InForce
from diagnostics.alerts.look import Look
from diagnostics.alerts.ping import ping
from diagnostics.alerts.states import Board, Change
from diagnostics.domain.alerts.course import Event, Reading, ReadingKind, State, Step, step, vanished
from diagnostics.models import AlertRound, AlertState

logger = logging.getLogger(__name__)
WELL = Reading(value=0.0)


def look_at_rules(now: datetime, stop: threading.Event) -> AlertRound:
    """Look at every rule at one and the same time. A rule that breaks is an error of its own; the others are looked at."""
    begun = time.monotonic()
    row = AlertRound.objects.create(started_at=now)
    shared, board, firing = look.look_at(now), states.read_board(), set[inhibition.Subject]()
    in_force = {force.rule.name: force for force in levels.in_force()}
    errors = 0
    for rule in inhibition.causes_first():
        if stop.is_set():
            return row
        errors += _look_at(in_force[rule.name], shared, board, firing)
    _finish(row, len(in_force), errors, time.monotonic() - begun)
    if settings.ALERT_PING_URL:
        _tell(row)
    return row


def _look_at(force: InForce, shared: Look, board: Board, firing: set[inhibition.Subject]) -> bool:
    """Look at one rule and keep where it stands for each subject; return whether it could not be evaluated."""
    known = board.of(force.rule.name)
    found = measures.read(force.rule.name, shared, force.levels, known) if force.is_on else {}
    is_error = any(reading.kind is ReadingKind.ERROR for reading in found.values())
    for subject in {**found, **known}:
        try:
            _look_at_one(force, subject, found.get(subject), shared, board, firing)
        except (OperationalError, InterfaceError):
            raise  # our own database is away: nothing can be kept of any rule
        except Exception as problem:
            logger.exception("Where the alert rule %s stands could not be kept", force.rule.name)
            _look_at_one(force, subject, measures.crashed(problem), shared, board, firing)
            is_error = True
    return is_error


def _look_at_one(
    force: InForce, subject: str, reading: Reading | None, shared: Look, board: Board, firing: set[inhibition.Subject]
) -> None:
    state = states.state_of(board, force.rule.name, subject, shared.now)
    if reading is None and state.state == State.OK:
        states.forget(state)
        return
    done = _stepped(force, state, reading, shared, board)
    if done.standing.has_episode:
        firing.add((force.rule.name, subject))
    if done.standing.evaluated_at != shared.now:
        return  # another evaluator was here later
    read = reading or WELL
    muted_by = inhibition.muted_by(force.rule.name, subject, firing)
    told = _evidence(force, subject, read, done.events, shared)
    states.keep(board, Change(force, state, read, done, shared.now, muted_by, told))


def _stepped(force: InForce, state: AlertState, reading: Reading | None, shared: Look, board: Board) -> Step:
    standing = board.standing(state)
    is_well = force.is_on and measures.MEASURES[force.rule.name].is_well_when_gone
    if reading is None and not is_well:
        return vanished(standing, shared.now)
    return step(
        standing, reading or WELL, force.levels, force.rule, shared.now, round_seconds=shared.round_seconds
    )  # fmt: skip


def _evidence(
    force: InForce, subject: str, reading: Reading, events: Collection[Event], shared: Look
) -> evidence.Evidence:
    if Event.FIRED in events:
        return evidence.of_firing(force, subject, reading, shared)
    return evidence.of_error(reading) if Event.ERROR_BEGAN in events else evidence.Evidence()


def _finish(row: AlertRound, rules: int, errors: int, seconds: float) -> None:
    row.finished_at = row.started_at + timedelta(seconds=seconds)
    row.rules, row.errors, row.seconds = rules, errors, round(seconds, 3)
    row.save(update_fields=["finished_at", "rules", "errors", "seconds"])


def _tell(row: AlertRound) -> None:
    row.ping_error = ping()
    row.pinged_at = None if row.ping_error else timezone.now()
    row.save(update_fields=["ping_error", "pinged_at"])
