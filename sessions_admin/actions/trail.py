"""Writes the audit: an intent before anything changes, its outcome afterwards, and refusals."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.utils import timezone

from sessions_admin.actions.results import Kind, Result
from sessions_admin.models import AuditEntry

Columns = Mapping[str, str | None]


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who wants what, why and from where."""

    action: str
    operation: str
    plan_digest: str
    actor: str
    roles: str
    address: str
    reason: str


def add_intents(attempt: Attempt, meant: Iterable[tuple[int, str, Columns, Columns]]) -> None:
    """Commit what is about to be done, all or none: number, key, the columns before and after of each.

    Raises IntegrityError where the same form is already being worked on.
    """
    AuditEntry.objects.append(
        [
            _entry(
                attempt,
                number=number,
                session=key,
                is_intent=True,
                outcome=Kind.INTENT,
                before=_storable(before),
                after=_storable(after),
            )
            for number, key, before, after in meant
        ]
    )


def add_outcomes(attempt: Attempt, ends: Iterable[tuple[int, str, Result]]) -> None:
    """Commit how items ended, all or none. Raises IntegrityError where an outcome is known already."""
    AuditEntry.objects.append(
        [
            _entry(
                attempt,
                number=number,
                session=key,
                outcome=result.kind,
                message=result.message,
                values={name: visible(value) for name, value in result.values.items()},
            )
            for number, key, result in ends
        ]
    )


def add_outcome(attempt: Attempt, number: int, key: str, result: Result) -> None:
    add_outcomes(attempt, [(number, key, result)])


def add_refusal(attempt: Attempt, key: str, message: str, values: Mapping[str, object] | None = None) -> AuditEntry:
    """Note a refused attempt, under an operation of its own: it must not stand for the form's outcome."""
    told = {name: visible(str(value)) for name, value in (values or {}).items()}
    entry = _entry(attempt, operation=uuid.uuid4().hex, session=key, outcome=Kind.REFUSED, message=message, values=told)
    entry.save()
    return entry


def add_decision(
    attempt: Attempt,
    message: str,
    values: Mapping[str, object] | None = None,
    *,
    session: str = "",
    before: Columns | None = None,
    after: Columns | None = None,
) -> AuditEntry:
    """Note what somebody decided (`sessions_admin.decisions`), under an operation of its own; it is done by being noted."""
    entry = _entry(
        attempt,
        operation=uuid.uuid4().hex,
        session=session,
        outcome=Kind.DONE,
        message=message,
        values={name: visible(str(value)) for name, value in (values or {}).items()},
        before=None if before is None else _storable(before),
        after=None if after is None else _storable(after),
    )
    entry.save()
    return entry


def attempt_of(entry: AuditEntry) -> Attempt:
    """Return who wanted what, as an entry holds it."""
    return Attempt(
        entry.action, entry.operation, entry.plan_digest, entry.actor, entry.roles, entry.address, entry.reason
    )


def visible(text: str) -> str:
    """Return a text that every database stores: what is no character is shown as an escape."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace").replace("\0", "\\x00")


def _storable(columns: Columns) -> dict[str, str | None]:
    return {name: None if value is None else visible(value) for name, value in columns.items()}


def _entry(attempt: Attempt, *, session: str, **values: object) -> AuditEntry:
    told = {
        "at": timezone.now(),
        "operation": attempt.operation,
        "actor": visible(attempt.actor),
        "roles": attempt.roles,
        "address": attempt.address,
        "action": attempt.action,
        "reason": visible(attempt.reason),
        "plan_digest": attempt.plan_digest,
        **values,
        "session": visible(session)[:255],
    }
    return AuditEntry(**told)
