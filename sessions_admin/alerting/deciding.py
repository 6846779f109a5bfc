"""Who decides what about a rule of the alerts: may they, why, and what the audit keeps of an attempt that is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import transaction
from django.utils.translation import gettext_noop

from diagnostics.domain.alerts.rules import BY_NAME
from sessions_admin import permissions
from sessions_admin.actions import LONGEST_REASON, is_reason, results, trail
from sessions_admin.actions.trail import Attempt
from sessions_admin.actors import By
from sessions_admin.models import AuditHead
from sessions_admin.refused import Refused
from sessions_admin.roles import roles_of

OVERTAKEN = gettext_noop("Refused: %(name)s has changed this alert meanwhile.")
THE_SAME = gettext_noop("Nothing was changed: it stands like this already.")
OVERTAKEN_BY_ANYBODY = gettext_noop("Refused: somebody has changed the channels meanwhile.")
UNKNOWN = gettext_noop("Refused: there is no alert of this name.")


class AlertRefused(Refused):
    """Nothing was changed: a key of the catalogues and what fills it. The attempt stands in the audit."""


def attempt(decision: str, rule: str, by: By) -> Attempt:
    """Return the attempt of somebody who may, with a reason, at a rule that there is. Raises AlertRefused otherwise."""
    name, reason = by.person.get_username(), by.reason.strip()[:LONGEST_REASON]
    made = Attempt(decision, "", "", name, roles_of(by.person), by.address, trail.visible(reason))
    if rule not in BY_NAME:
        raise refused(made, rule, UNKNOWN)
    if not by.person.has_perm(permissions.ADMINISTER):
        raise refused(made, rule, results.NO_RIGHT)
    if not is_reason(by.reason):
        raise refused(made, rule, results.NO_REASON)
    return made


def refused(made: Attempt, rule: str, message: str, values: Mapping[str, object] | None = None) -> AlertRefused:
    """Note a refused attempt, and return what is raised."""
    told = {"rule": rule, **(values or {})}
    trail.add_refusal(made, "", message, told)
    return AlertRefused(message, told)


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Hold the audit's end first, and all through: whoever decides at once waits here, and not in a circle (MariaDB)."""
    with transaction.atomic():
        AuditHead.locked()
        yield
