"""Other sessions of one user and assessment, asked of the host's table for one session that is examined live."""

from __future__ import annotations

from diagnostics.domain import clock
from diagnostics.domain.facts import Evidence
from diagnostics.domain.traces import OtherRequest
from diagnostics.domain.trouble import Trouble
from diagnostics.host import HostTable
from diagnostics.identity import request_hash
from diagnostics.live_memory import Memory
from diagnostics.other_requests import MOST, span_of
from diagnostics.probes.databases import HostUnavailable

MOST_ROWS = 500
SLOW, MANY = "requests.slow", "requests.many"


def other_requests(
    table: HostTable, memory: Memory, evidence: Evidence, *, is_slow: bool
) -> tuple[tuple[OtherRequest, ...] | None, tuple[Trouble, ...]]:
    """Return the sessions begun while this one was generated (None: nothing can be asked), and what was not answered.

    No index helps the host here: its whole table is read. Where that has taken, or takes, too long, the last pass is asked.
    """
    if span_of(evidence) is None:
        return None, ()
    trouble = Trouble(SLOW)
    if not is_slow:
        try:
            found = _asked(table, evidence)
            if found is not None:
                return found, ()
            trouble = Trouble(MANY)
        except HostUnavailable as error:
            trouble = Trouble(SLOW, str(error))
    return memory.others_of(evidence), (trouble,)


def _asked(table: HostTable, evidence: Evidence) -> tuple[OtherRequest, ...] | None:
    record, span = evidence.record, clock.generation_span(evidence)
    rows = table.asked_by(record.user_id or "", record.assessment_id or "", MOST_ROWS)
    if span is None or len(rows) >= MOST_ROWS:
        return None
    own = request_hash(record.user_id, record.assessment_id)
    begun = [
        OtherRequest(str(row.key), row.created.at)
        for row in rows
        if row.created.at and request_hash(row.user_id, row.assessment_id) == own and row.key != record.key
    ]
    meanwhile = [other for other in begun if span[0] <= other.begun_at < span[1]]
    return tuple(sorted(meanwhile, key=lambda other: (other.begun_at, other.key))[:MOST])
