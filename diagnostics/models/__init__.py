"""What the machine observed; only the worker and the passes write here."""

from __future__ import annotations

from diagnostics.models.alerts import AlertLevels, AlertRound, AlertState, Episode, Flip
from diagnostics.models.deliveries import DeliveryAnswer
from diagnostics.models.incidents import Incident, Leaving
from diagnostics.models.ledger import FileFinding, LedgerFile
from diagnostics.models.parts import PartSample
from diagnostics.models.passes import Chunk, Condition, Pass
from diagnostics.models.rates import Ending, RateFigures, StaleHour
from diagnostics.models.removals import Removal
from diagnostics.models.sessions import Finding, SessionEntry, SessionEvent
from diagnostics.models.sounds import Sound
from diagnostics.models.work import GeneratorSighting, RecurringTask, ResourceSample, Snapshot, WorkerLife

__all__ = [
    "AlertLevels",
    "AlertRound",
    "AlertState",
    "Chunk",
    "Condition",
    "DeliveryAnswer",
    "Ending",
    "Episode",
    "FileFinding",
    "Finding",
    "Flip",
    "GeneratorSighting",
    "Incident",
    "Leaving",
    "LedgerFile",
    "PartSample",
    "Pass",
    "RateFigures",
    "RecurringTask",
    "Removal",
    "ResourceSample",
    "SessionEntry",
    "SessionEvent",
    "Snapshot",
    "Sound",
    "StaleHour",
    "WorkerLife",
]
