"""The catalogue: every code in the order of its precedence, with its family, verdict, guide step and remedies."""

from __future__ import annotations

from dataclasses import dataclass

from diagnostics.domain.diagnosis import Verdict
from diagnostics.domain.facts import Finding


@dataclass(frozen=True, slots=True)
class Cause:
    """One code of causes.md. `verdict` None: as found without it. `step` is the guide's step (1 to 4) that it breaks.

    `actions` are remedies by name, the best first; `is_held_while_settling` marks those not called on fresh changes.
    """

    code: str
    family: str
    verdict: Verdict | None
    step: int
    actions: tuple[str, ...] = ()
    is_held_while_settling: bool = False


BROKEN, UNKNOWN, PLAYABLE = Verdict.BROKEN, Verdict.UNKNOWN, Verdict.PLAYABLE
AGAIN = ("regenerate",)
RETRY = ("reset",)

_CAUSES = (
    Cause("storage.unavailable", "unchecked", UNKNOWN, 4),
    Cause("path.remote", "unchecked", UNKNOWN, 4),
    Cause("record.unknown_status", "record", UNKNOWN, 2),
    Cause("path.unsafe", "record", BROKEN, 4),
    Cause("path.missing", "record", BROKEN, 2, AGAIN, is_held_while_settling=True),
    Cause("file.purged", "file", BROKEN, 4, ("restore", *AGAIN), is_held_while_settling=True),
    Cause("file.misplaced", "file", BROKEN, 4, ("relink",), is_held_while_settling=True),
    Cause("file.deleted", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("file.never_written", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("file.unreadable", "file", BROKEN, 4),
    Cause("file.not_a_file", "file", BROKEN, 4, AGAIN),
    Cause("file.empty", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("file.corrupt", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("file.truncated", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("file.name_collision", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("path.names_other_session", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("file.size_mismatch", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("file.wrong_duration", "file", BROKEN, 4, AGAIN, is_held_while_settling=True),
    Cause("file.silent", "file", BROKEN, 4, AGAIN),
    Cause("record.half_committed", "generation", BROKEN, 2, ("complete", "reset"), is_held_while_settling=True),
    Cause("generation.disk_full", "generation", BROKEN, 3, RETRY),
    Cause("generation.out_of_memory", "generation", BROKEN, 3, RETRY),
    Cause("generation.permission_denied", "generation", BROKEN, 3, RETRY),
    Cause("generation.timed_out", "generation", BROKEN, 3, RETRY),
    Cause("generation.dependency_down", "generation", BROKEN, 3, RETRY),
    Cause("generation.engine_failed", "generation", BROKEN, 3, RETRY),
    Cause("generation.bad_input", "generation", BROKEN, 3, RETRY),
    Cause("generation.unrecognised", "generation", BROKEN, 3, RETRY),
    Cause("generation.unexplained", "generation", BROKEN, 3, RETRY),
    Cause("record.status_lagging", "worker", BROKEN, 2, ("complete",), is_held_while_settling=True),
    Cause("worker.not_picked_up", "worker", BROKEN, 3, ("mark_failed",)),
    Cause("worker.crashed", "worker", BROKEN, 3, ("reset_stuck", "mark_failed")),
    Cause("worker.stalled", "worker", BROKEN, 3, ("reset_stuck", "mark_failed")),
    Cause("delivery.link_expired", "delivery", BROKEN, 4),
    Cause("delivery.wrong_url", "delivery", BROKEN, 4),
    Cause("delivery.not_served", "delivery", BROKEN, 4),
    Cause("delivery.not_audio", "delivery", BROKEN, 4),
    Cause("delivery.no_range", "delivery", BROKEN, 4),
    Cause("delivery.bad_certificate", "delivery", BROKEN, 4),
    Cause("record.api_disagrees", "delivery", None, 2),
    Cause("client.timed_out", "client", PLAYABLE, 1),
    Cause("client.bad_response", "client", PLAYABLE, 1),
    Cause("client.network", "client", PLAYABLE, 1),
    Cause("record.stale_error", "notice", PLAYABLE, 2),
    Cause("record.time_disorder", "notice", None, 2),
    Cause("record.duplicate_request", "notice", None, 2),
    Cause("path.bad_name", "notice", None, 4),
    Cause("record.progress_odd", "notice", None, 2),
    Cause("file.trailing_bytes", "notice", PLAYABLE, 4),
    Cause("file.predates_session", "notice", None, 4),
    Cause("rule.crashed", "notice", None, 2),
)

CATALOGUE: dict[str, Cause] = {cause.code: cause for cause in _CAUSES}
PRECEDENCE: dict[str, int] = {code: place for place, code in enumerate(CATALOGUE)}
FILE_CODES = ("file.orphan", "file.leftover")
CONDITION_CODES = (
    "storage.unavailable",
    "storage.listing_incomplete",
    "storage.mass_missing",
    "host.unavailable",
    "host.table_empty",
    "host.schema",
    "pass.never_run",
    "pass.stale",
    "pass.failed",
)


def verdict_of(finding: Finding) -> Verdict | None:
    """Return the verdict of a finding: its code's, but broken where it leads the client astray; None: as found without."""
    return Verdict.BROKEN if finding.values.get("is_misleading") else CATALOGUE[finding.code].verdict
