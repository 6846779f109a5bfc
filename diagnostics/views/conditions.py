"""What stands above every page: conditions that the passes found, and those that only time can tell (pass.stale …)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from diagnostics.domain import wording
from diagnostics.templatetags.formats import moment

STALE_AFTER_PASSES = 3
STALE_AT_LEAST = timedelta(minutes=10)
SILENT_AFTER = timedelta(minutes=2)
DETAIL_LENGTH = 300
# These alone fail a pass: what it has to say then is said by them.
FAILING = ("host.unavailable", "host.schema")
# What a condition knows beside what its sentence tells, in the words of whatever failed.
TOLD = ("missing", "advice", "folder", "error", "detail")
# What leaves most of the picture true is told in a milder colour.
MILD = ("storage.listing_incomplete", "host.table_empty", "pass.stale")


@dataclass(frozen=True, slots=True)
class Band:
    """One condition as it is shown: what is wrong, what to do, and since when. `tone`: broken, warning or not-ready."""

    code: str
    title: str
    sentence: str
    advice: str
    since: datetime | None
    detail: str = ""
    tone: str = "broken"


def standing(content: Mapping[str, Any], now: datetime) -> list[Band]:
    """Return the bands of a snapshot's content at this time, those found by the passes first."""
    found = [
        _band(row["code"], row.get("detail"), since=moment(row["opened_at"]))
        for row in content.get("conditions", [])
        if not row["code"].startswith("pass.")
    ]
    bands = found + _of_the_passes(content.get("passes", {}), now)
    is_explained = any(band.code in FAILING for band in found)
    return [band for band in bands if not (is_explained and band.code == "pass.failed")]


def _of_the_passes(passes: Mapping[str, Any], now: datetime) -> list[Band]:
    complete, ended, running = passes.get("complete"), passes.get("ended"), passes.get("running")
    bands = []
    if ended and ended["outcome"] == "failed":
        bands.append(_band("pass.failed", ended["error"], since=moment(ended["finished_at"])))
    if complete is None:
        bands.append(_first_pass() if _is_alive(running, now) else _band("pass.never_run"))
    elif _is_stale(complete, now) and not _is_alive(running, now):
        bands.append(_band("pass.stale", since=moment(complete["finished_at"])))
    return bands


def _first_pass() -> Band:
    title, sentence = _("The first pass is running."), _("What is shown fills up when it is complete.")
    return Band("pass.never_run", title, sentence, "", None, tone="not-ready")


def _is_alive(running: Mapping[str, Any] | None, now: datetime) -> bool:
    heartbeat = moment(running["heartbeat_at"]) if running else None
    return heartbeat is not None and now - heartbeat < SILENT_AFTER


def _is_stale(complete: Mapping[str, Any], now: datetime) -> bool:
    limit = max(timedelta(seconds=STALE_AFTER_PASSES * settings.PASS_INTERVAL_SECONDS), STALE_AT_LEAST)
    finished = moment(complete["finished_at"])
    return finished is None or now - finished > limit


def _band(code: str, detail: object = None, *, since: datetime | None = None) -> Band:
    language, zone = get_language() or "en", timezone.get_current_timezone()
    values = detail if isinstance(detail, Mapping) else {}
    return Band(
        code,
        wording.condition_title(code, language),
        wording.condition_sentence(code, values, language, zone),
        wording.condition_advice(code, language),
        since,
        _detail(detail),
        "warning" if code in MILD else "broken",
    )


def _detail(detail: object) -> str:
    """Return a condition's detail as one line of text; it stays in the words of whatever failed."""
    if isinstance(detail, Mapping):
        return " · ".join(str(detail[name]) for name in TOLD if detail.get(name))[:DETAIL_LENGTH]
    return str(detail or "")[:DETAIL_LENGTH]
