"""The snapshot: what polled fragments show, computed by the worker once for all viewers and only read by pages."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime

from django.utils import timezone

from diagnostics import figures, incidents
from diagnostics.alerts.reading import firing_figures
from diagnostics.models import Snapshot

NAME = "overview"
Content = dict[str, object]


def make_snapshot(now: datetime) -> Snapshot:
    """Compute the content, store it and return it; `version` stays while nothing that a page shows has changed."""
    content = _content(now)
    snapshot, _created = Snapshot.objects.update_or_create(
        name=NAME, defaults={"version": _digest(content), "made_at": now, "content": content}
    )
    return snapshot


def read_snapshot() -> Snapshot:
    """Return the stored snapshot. Before the worker's first round there is none: then it is computed, and not kept."""
    stored = Snapshot.objects.filter(name=NAME).first()
    if stored is not None:
        return stored
    now = timezone.now()
    content = _content(now)
    return Snapshot(name=NAME, version=_digest(content), made_at=now, content=content)


def _content(now: datetime) -> Content:
    """Return the whole content as JSON can hold it: times are ISO texts, counts are numbers."""
    counts = figures.counts()
    passes, handled, shared = figures.passes(), figures.handled(), incidents.figures(now)
    by_people = {"sessions": handled, "incidents": [shared["handled"], shared["handled_at"]]}
    rows = {"verdicts": counts["verdicts"], "states": counts["states"], "passes": passes, "handled": by_people}
    return {
        **counts,
        "causes": figures.causes(now),
        "handled": handled,
        "incidents": shared,
        "conditions": figures.conditions(),
        "passes": passes,
        "failures": figures.newest_failures(),
        "today": figures.today(now),
        "gauges": figures.gauges(),
        "parts": figures.faulty_parts(),
        "alerts": firing_figures(),
        "rows_version": _digest(rows),
    }


def _digest(content: Content) -> str:
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()
