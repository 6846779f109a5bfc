"""What the machine observed; only the worker and the passes write here."""

from __future__ import annotations

from diagnostics.models.ledger import FileFinding, LedgerFile
from diagnostics.models.passes import Chunk, Condition, Pass
from diagnostics.models.sessions import Finding, SessionEntry, SessionEvent
from diagnostics.models.work import GeneratorSighting, RecurringTask, ResourceSample, Snapshot

__all__ = [
    "Chunk",
    "Condition",
    "FileFinding",
    "Finding",
    "GeneratorSighting",
    "LedgerFile",
    "Pass",
    "RecurringTask",
    "ResourceSample",
    "SessionEntry",
    "SessionEvent",
    "Snapshot",
]
