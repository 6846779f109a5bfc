"""What the rules over this machine and the host's parts read: how full file systems are and when, and which part is down."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from statistics import fmean

from django.conf import settings

from diagnostics import parts, sampling
from diagnostics.alerts.look import Look, stale_after
from diagnostics.domain.alerts.course import Reading, ReadingKind
from diagnostics.domain.alerts.filling import LONGEST_HOURS, hours_until, needed_seconds
from diagnostics.domain.alerts.rules import HOUR, ROOM_SESSIONS, Levels
from diagnostics.domain.host_parts import DOWN, UNKNOWN
from diagnostics.models import PartSample, ResourceSample

Readings = dict[str, Reading]
BYTES, INODES, FREE = "_bytes_percent", "_inodes_percent", "_free_bytes"
MOST_POINTS = 720


def disk_used(look: Look, levels: Levels) -> Readings:
    """Percent of each file system, used / (used + available), as `df` counts it."""
    return _of_newest(look, BYTES)


def inodes_used(look: Look, levels: Levels) -> Readings:
    """The same of inodes; a file system that does not count them is none of the subjects."""
    return _of_newest(look, INODES)


def disk_full_soon(look: Look, levels: Levels) -> Readings:
    """Hours until fewer than twenty more pieces fit, by how the last hours filled it."""
    newest = _of_newest(look, BYTES)
    seconds = levels.window_seconds or 6 * HOUR
    window, needed = look.since(seconds), needed_seconds(seconds)
    rows = ResourceSample.objects.filter(at__gt=window, at__lte=look.now).order_by("at").values_list("at", "values")
    samples = [(at.timestamp(), values) for at, values in rows if isinstance(values, dict)]
    return {
        subject: reading
        if reading.kind is ReadingKind.ERROR
        else _filling(subject, reading, _points(subject, samples), needed)
        for subject, reading in newest.items()
    }


def part_down(look: Look, levels: Levels) -> Readings:
    """1 for each watched part that is down; what could not be told of it is no data."""
    last = parts.last_samples(parts.watched())
    oldest = look.now - stale_after(settings.PARTS_INTERVAL_SECONDS)
    return {part: _part(sample, is_stale=sample.at < oldest) for part, sample in last.items()}


def room_detail() -> dict[str, object]:
    """Return what one piece takes on average, of the last ones; nothing where none is known."""
    sizes = sampling.last_sizes()
    return {"piece_bytes": fmean(sizes)} if sizes else {}


def _of_newest(look: Look, suffix: str) -> Readings:
    """A sample that is older than three intervals says nothing of now; neither does a file system that did not answer."""
    sample = ResourceSample.objects.filter(at__lte=look.now).order_by("-at").first()
    if sample is None:
        return {role: Reading(ReadingKind.NO_DATA, problem="no_sample") for role in list(sampling.watched_paths())[:1]}
    values = sample.values if isinstance(sample.values, dict) else {}
    roles = [name.removesuffix(BYTES) for name in values if name.endswith(BYTES)]
    configured = [role for role in roles if role in sampling.watched_paths()]
    if look.now - sample.at > stale_after(settings.SAMPLE_INTERVAL_SECONDS):
        return {role: Reading.error("stale", sampled_at=sample.at.isoformat()) for role in configured}
    return {role: reading for role in configured if (reading := _value(role, values, suffix)) is not None}


def _value(role: str, values: Mapping[str, object], suffix: str) -> Reading | None:
    value, free = values.get(role + suffix), values.get(role + FREE)
    if isinstance(value, int | float) and math.isfinite(value):
        return Reading(value=float(value), detail={"free_bytes": free})
    if suffix == INODES and values.get(role + BYTES) is not None:
        return None
    return Reading.error("no_answer")


def _points(role: str, samples: Iterable[tuple[float, Mapping[str, object]]]) -> list[tuple[float, float]]:
    known = [(at, values.get(role + FREE)) for at, values in samples]
    points = [(at, float(free)) for at, free in known if isinstance(free, int | float)]
    stride = max(1, -(-len(points) // MOST_POINTS))
    return points[(len(points) - 1) % stride :: stride] if points else []


def _filling(role: str, used: Reading, points: list[tuple[float, float]], needed: float) -> Reading:
    """The audio's file system is full when too few pieces fit; any other when nothing is free."""
    room = room_detail() if role == "audio" else {}
    piece = room.get("piece_bytes")
    floor = ROOM_SESSIONS * float(piece) if isinstance(piece, int | float) else 0.0
    hours = hours_until(points, floor, needed)
    if hours is None:
        return Reading(ReadingKind.NO_DATA, sample=len(points), problem="too_few_samples", detail=used.detail)
    detail = {**used.detail, **room, "is_filling": hours < LONGEST_HOURS}
    return Reading(value=hours, sample=len(points), detail=detail)


def _part(sample: PartSample, *, is_stale: bool) -> Reading:
    detail = {"state": sample.state, "problem": sample.problem, "since": sample.since.isoformat()}
    if is_stale:
        return Reading.error("stale", sampled_at=sample.at.isoformat())
    if sample.state == UNKNOWN:
        return Reading(ReadingKind.NO_DATA, problem=sample.problem, detail=detail)
    return Reading(value=float(sample.state == DOWN), detail=detail)
