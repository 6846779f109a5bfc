"""What stands above every page: conditions that the passes found, and those that only time can tell (pass.stale …)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diagnostics.templatetags.formats import moment

STALE_AFTER_PASSES = 3
STALE_AT_LEAST = timedelta(minutes=10)
SILENT_AFTER = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Band:
    """One condition as it is shown: what is wrong, what to do, and since when. `tone`: broken, warning or not-ready."""

    code: str
    sentence: str | Promise
    advice: str | Promise
    since: datetime | None
    detail: str = ""
    tone: str = "broken"


# What is wrong, and what to do about it. None of these is ever told as lost files or broken sessions.
SENTENCES: dict[str, tuple[str | Promise, str | Promise]] = {
    "storage.unavailable": (
        _("The audio folder cannot be read, so files cannot be checked. No session is called broken because of it."),
        _("Check that the folder is mounted and readable on this machine. The next pass checks everything again."),
    ),
    "storage.listing_incomplete": (
        _("Some folders below the audio folder could not be listed. What lies in them is not judged."),
        _("See the last pass for the folders and their errors, and give this process the right to list them."),
    ),
    "storage.mass_missing": (
        _("Many files disappeared at once since the last pass. This looks like a clean-up or a lost mount."),
        _("Find out what removed them before anything is mended, and stop clean-up jobs that are still running."),
    ),
    "host.unavailable": (
        _("The host's database does not answer. What is shown here is what was known before."),
        _("Check that the host's database is running and that this machine may connect to it."),
    ),
    "host.table_empty": (
        _("The host's table has no rows, yet the audio folder holds files. They are not called orphans."),
        _("Check that the dashboard looks at the right database and table."),
    ),
    "host.schema": (
        _("The host's table lacks a column that is needed, so its rows cannot be read."),
        _("Compare the table with the settings HOST_SESSION_TABLE and HOST_COLUMNS, then run the doctor command."),
    ),
    "pass.never_run": (
        _("Nothing has been checked yet: no pass was ever completed."),
        _("Start the worker (manage.py worker), or run one pass by hand (manage.py reconcile)."),
    ),
    "pass.stale": (
        _("The last complete pass is too long ago. What is shown may no longer be true."),
        _("Check that the worker is running (manage.py worker) and read its last lines."),
    ),
    "pass.failed": (
        _("The last pass failed. What is shown comes from the one before."),
        _("Read its error on the page of passes; the worker tries again by itself."),
    ),
}


def standing(content: Mapping[str, Any], now: datetime) -> list[Band]:
    """Return the bands of a snapshot's content at this time, those found by the passes first."""
    found = [
        _band(row["code"], since=moment(row["opened_at"]), detail=_detail(row.get("detail")))
        for row in content.get("conditions", [])
        if row["code"] not in ("pass.never_run", "pass.stale", "pass.failed")
    ]
    return found + _of_the_passes(content.get("passes", {}), now)


def _of_the_passes(passes: Mapping[str, Any], now: datetime) -> list[Band]:
    complete, ended, running = passes.get("complete"), passes.get("ended"), passes.get("running")
    bands = []
    if ended and ended["outcome"] == "failed":
        bands.append(_band("pass.failed", since=moment(ended["finished_at"]), detail=ended["error"]))
    if complete is None:
        bands.append(_first_pass() if _is_alive(running, now) else _band("pass.never_run"))
    elif _is_stale(complete, now) and not _is_alive(running, now):
        bands.append(_band("pass.stale", since=moment(complete["finished_at"]), tone="warning"))
    return bands


def _first_pass() -> Band:
    return Band(
        "pass.never_run",
        _("The first pass is running. What is shown fills up when it is complete."),
        _("Its progress is on the page of passes."),
        None,
        tone="not-ready",
    )


def _is_alive(running: Mapping[str, Any] | None, now: datetime) -> bool:
    heartbeat = moment(running["heartbeat_at"]) if running else None
    return heartbeat is not None and now - heartbeat < SILENT_AFTER


def _is_stale(complete: Mapping[str, Any], now: datetime) -> bool:
    limit = max(timedelta(seconds=STALE_AFTER_PASSES * settings.PASS_INTERVAL_SECONDS), STALE_AT_LEAST)
    finished = moment(complete["finished_at"])
    return finished is None or now - finished > limit


def _band(code: str, *, since: datetime | None = None, detail: str = "", tone: str = "broken") -> Band:
    sentence, advice = SENTENCES.get(code, (code, ""))
    return Band(code, sentence, advice, since, detail, tone)


def _detail(detail: object) -> str:
    """Return the telling part of a condition's detail as one line of text."""
    if isinstance(detail, Mapping):
        return ", ".join(f"{name}: {value}" for name, value in detail.items() if value not in ("", None, [], {}))[:300]
    return str(detail or "")[:300]
