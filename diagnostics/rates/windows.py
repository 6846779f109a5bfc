"""Reads the exact figures of a rolling window: one query of the endings in it."""

from __future__ import annotations

from datetime import datetime

from diagnostics.domain.rates.windows import Ended, WindowFigures, figures_of
from diagnostics.models import Ending

READ = ("ended_at", "kind", "is_dated", "is_playable", "took_seconds")


def window(since: datetime, until: datetime) -> WindowFigures:
    """Return the figures of (since, until]."""
    return figures_of(endings_after(since), since, until)


def endings_after(since: datetime) -> list[Ended]:
    """Return the endings after a moment in the order of their ends: whoever looks at many windows reads them once."""
    rows = Ending.objects.filter(ended_at__gt=since).order_by("ended_at").values_list(*READ)
    return [Ended(*row) for row in rows.iterator(chunk_size=5_000)]
