"""A week with its figures, for tests of the report: Monday 2026-11-16 to Monday 2026-11-23 in Shanghai."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from diagnostics.domain.rates.tally import Counted, tally_of
from diagnostics.models import Pass, RateFigures

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 16)
SINCE = datetime(2026, 11, 16, tzinfo=ZONE)
UNTIL = SINCE + timedelta(days=7)
SEVEN = UNTIL + timedelta(hours=7)


def good(number: int, seconds: float = 60.0) -> list[Counted]:
    return [Counted("completed", True, True, "", seconds, 900.0, None)] * number


def bad(number: int, cause: str = "generation.disk_full", user: int = 1) -> list[Counted]:
    return [Counted("failed", True, False, cause, None, 900.0, user + each) for each in range(number)]


def figures(at: datetime, endings: Sequence[Counted]) -> None:
    """Note what ended in the hour that begins at this time."""
    RateFigures.objects.create(grain="hour", at=at, tally=tally_of(endings).to_bytes(), counted_at=at)


def counted(at: datetime) -> Pass:
    """A complete pass that ended then, with everything counted in."""
    return Pass.objects.create(started_at=at, heartbeat_at=at, finished_at=at, outcome=Pass.Outcome.COMPLETE)
