"""How an action ended, for the person and for the audit: an outcome and a sentence that the catalogues translate."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext_noop

from diagnostics.probes.databases import HostUnavailable, Problem
from sessions_admin.result import STORE_APART as STORE_APART
from sessions_admin.result import STORE_BUSY as STORE_BUSY
from sessions_admin.result import STORE_CLOSED as STORE_CLOSED
from sessions_admin.result import STORE_FULL as STORE_FULL
from sessions_admin.result import STORE_GONE as STORE_GONE
from sessions_admin.result import STORE_READ_ONLY as STORE_READ_ONLY
from sessions_admin.result import Kind as Kind
from sessions_admin.result import Result as Result

WORST_FIRST = (Kind.REFUSED, Kind.UNKNOWN, Kind.FAILED, Kind.SKIPPED, Kind.DONE)

NO_RIGHT = gettext_noop("Refused: the role does not include this action.")
NO_REASON = gettext_noop("Refused: a reason of 3 to 500 characters is needed.")
NO_PLAN = gettext_noop("Refused: the preview is older than ten minutes. Look again, then confirm.")
BEING_DONE = gettext_noop("This form was sent before and is being worked on; nothing was done twice.")
READ_ONLY = gettext_noop("Not done: the dashboard is read-only (HOST_WRITE_DATABASE_URL is not set).")
BUSY = gettext_noop("Not done: the host's database is busy. Nothing was changed; try again.")
NOT_GRANTED = gettext_noop("Not done: the host's database does not allow this change (%(detail)s).")
UNREACHABLE = gettext_noop("Not done: the host's database does not do its part (%(detail)s). Nothing was changed.")
NOT_RECORDED = gettext_noop("Not done: the audit could not be written. Nothing was changed; try again.")
# The rest of a chunk behind a trouble that all would meet: the audit has this outcome, the item stays not reached.
NOT_REACHED = gettext_noop("Not done: the run was stopped before this one. Nothing was changed.")
OUTCOME_LATER = gettext_noop("Done as far as is known, but it could not be recorded; the worker will look again.")
# What the host, the store or our own database does to all that would follow as well: a run stops at it.
HALTING = (
    READ_ONLY, UNREACHABLE, NOT_GRANTED, NOT_RECORDED, BUSY, STORE_FULL, STORE_READ_ONLY, STORE_GONE, STORE_APART,
    STORE_CLOSED, STORE_BUSY,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a plan, item by item. `is_repeated`: the same form was sent before, and this is what it did."""

    operation: str
    results: tuple[Result, ...]
    is_repeated: bool = False

    @property
    def kind(self) -> str:
        """The worst of the items' ends."""
        kinds = {result.kind for result in self.results}
        return next(kind for kind in WORST_FIRST if kind in kinds)


def failure(error: HostUnavailable) -> Result:
    """Return what a database's refusal means, where it is sure that nothing was changed."""
    if error.problem in (Problem.LOCKED, Problem.TIMEOUT):
        return Result(Kind.FAILED, BUSY)
    message = NOT_GRANTED if error.problem is Problem.DENIED else UNREACHABLE
    return Result(Kind.FAILED, message, {"detail": error.detail or error.problem.value})
