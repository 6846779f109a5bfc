"""Where each rule stands, in the database: every step is one transaction, and of two who take it one wins."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from diagnostics.alerts.evidence import Evidence
from diagnostics.alerts.inhibition import Subject
from diagnostics.alerts.levels import InForce
from diagnostics.domain.alerts.course import Event, Reading, ReadingKind, Standing, State, Step, is_worse
from diagnostics.models import AlertState, Episode, Flip

LONGEST_PROBLEM = 300


@dataclass(slots=True)
class Board:
    """All states, and the open episodes. States are read first: an episode that changed since has changed its state's version."""

    states: dict[Subject, AlertState] = field(default_factory=dict)
    open: dict[tuple[str, str, str], Episode] = field(default_factory=dict)  # rule, subject, kind

    def of(self, rule: str) -> dict[str, AlertState]:
        """Return subject -> state."""
        return {subject: state for (name, subject), state in self.states.items() if name == rule}

    def standing(self, state: AlertState) -> Standing:
        if not state.version:
            return Standing()
        return Standing(
            State(state.state),
            state.since,
            state.breached_since,
            state.cleared_since,
            state.failing_since,
            state.evaluated_at,
            has_episode=state.episode_id is not None,
            has_error_episode=(state.rule, state.subject, Episode.Kind.ERROR) in self.open,
        )


@dataclass(frozen=True, slots=True)
class Change:
    """One step of one state: what was read, what came of it, and what is known besides."""

    force: InForce
    state: AlertState
    reading: Reading
    step: Step
    now: datetime
    muted_by: str = ""
    evidence: Evidence = field(default_factory=Evidence)


def read_board() -> Board:
    states = {(row.rule, row.subject): row for row in AlertState.objects.all()}
    return Board(states, {(row.rule, row.subject, row.kind): row for row in Episode.objects.filter(ended_at=None)})


def state_of(board: Board, rule: str, subject: str, now: datetime) -> AlertState:
    """Return the state of a subject, made where it has none."""
    known = board.states.get((rule, subject))
    if known is not None:
        return known
    fresh = {"since": now, "evaluated_at": now}
    row, _is_new = AlertState.objects.get_or_create(rule=rule, subject=subject, defaults=fresh)
    return row


def keep(board: Board, change: Change) -> bool:
    """Write a step: state, episode and flip together, or nothing where somebody else has changed the state meanwhile."""
    with transaction.atomic():
        if not _is_won(change):
            return False
        episode = _episode(board, change)
        _error_episode(board, change)
        _note_flip(change, episode)
    return True


def forget(state: AlertState) -> None:
    """Its subject is gone and nothing is open of it."""
    AlertState.objects.filter(pk=state.pk, version=state.version).delete()


def _is_won(change: Change) -> bool:
    standing, reading = change.step.standing, change.reading
    rows = AlertState.objects.filter(pk=change.state.pk, version=change.state.version)
    ended = {"episode": None} if Event.ENDED in change.step.events else {}
    won = rows.update(
        state=standing.state,
        since=standing.since,
        breached_since=standing.breached_since,
        cleared_since=standing.cleared_since,
        failing_since=standing.failing_since,
        value=reading.value,
        sample=reading.sample,
        problem=reading.problem[:LONGEST_PROBLEM],
        detail=dict(reading.detail),
        evaluated_at=change.now,
        muted_by=change.muted_by,
        version=change.state.version + 1,
        **ended,
    )
    return won == 1


def _episode(board: Board, change: Change) -> Episode | None:
    """Begin, follow or end the episode; return it."""
    rule, state, value = change.force.rule, change.state, change.reading.value
    if Event.FIRED in change.step.events:
        row = _begun(change, Episode.Kind.FIRING, change.step.standing.breached_since)
        AlertState.objects.filter(pk=state.pk).update(episode=row)
        return row
    row_or_none = board.open.get((rule.name, state.subject, Episode.Kind.FIRING))
    if row_or_none is None:
        return None
    if Event.ENDED in change.step.events:
        _end(row_or_none, change.now)
    elif change.reading.kind is ReadingKind.VALUE and value is not None and value != row_or_none.last_value:
        peak = value if is_worse(value, row_or_none.peak, rule) else row_or_none.peak
        Episode.objects.filter(pk=row_or_none.pk).update(last_value=value, peak=peak)
    return row_or_none


def _error_episode(board: Board, change: Change) -> None:
    if Event.ERROR_BEGAN in change.step.events:
        _begun(change, Episode.Kind.ERROR, change.step.standing.failing_since)
    row = board.open.get((change.force.rule.name, change.state.subject, Episode.Kind.ERROR))
    if row is not None and Event.ERROR_ENDED in change.step.events:
        _end(row, change.now)


def _begun(change: Change, kind: Episode.Kind, begun_at: datetime | None) -> Episode:
    evidence = change.evidence
    return Episode.objects.create(
        rule=change.force.rule.name,
        subject=change.state.subject,
        kind=kind,
        begun_at=begun_at or change.now,
        fired_at=change.now,
        peak=change.reading.value,
        last_value=change.reading.value,
        levels=change.force.as_json(),
        evidence=evidence.lines,
        sessions=evidence.sessions,
        users=evidence.users,
        incident=evidence.incident,
    )


def _end(row: Episode, now: datetime) -> None:
    """A clock that went back meanwhile makes no episode end before it began."""
    Episode.objects.filter(pk=row.pk, ended_at=None).update(ended_at=max(now, row.fired_at))


def _note_flip(change: Change, episode: Episode | None) -> None:
    state = change.state
    if change.step.standing.state != state.state:
        Flip.objects.create(
            rule=state.rule,
            subject=state.subject,
            at=change.now,
            old=state.state,
            new=change.step.standing.state,
            value=change.reading.value,
            episode=episode,
        )
