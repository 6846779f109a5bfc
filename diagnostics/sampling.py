"""One sample of the resources, taken by the worker: numbers for the history, everything for the page that reads it."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings

from diagnostics import generators, store
from diagnostics.domain import gauges
from diagnostics.domain.gauges import Marks
from diagnostics.models import ResourceSample, SessionEntry, Snapshot
from diagnostics.probes.access import group_of, owner_of
from diagnostics.probes.mounts import FileSystem, Mounts
from diagnostics.probes.resources import Machine, Process, Processes, measure

NAME = "resources"
KEPT = timedelta(days=8)
HISTORY = timedelta(hours=24)
BUCKETS = 96
FILES_FOR_ROOM = 20
MOUNTS = Mounts()
Content = dict[str, Any]
Values = dict[str, float | None]


def take_sample(now: datetime) -> ResourceSample:
    """Measure, store the numbers and what the page shows, forget what is older than eight days."""
    users = {"reader": settings.READING_USER, "writer": settings.GENERATOR_USER}
    systems, folders = MOUNTS.look(watched_paths(), now, **users, lock=store.lock_path())
    machine, processes = measure(settings.GENERATOR_PROCESS)
    sample = ResourceSample.objects.create(at=now, values=_values(systems, machine))
    ResourceSample.objects.filter(at__lt=now - KEPT).delete()
    generators.note_sightings(now)
    content: Content = {
        "at": now.isoformat(),
        "file_systems": [_file_system(system) for system in systems],
        "audio_folder": _audio_folder(folders.get("audio")),
        "machine": {**asdict(machine), "memory_percent": machine.memory_percent},
        "gauges": _machine_gauges(machine),
        "largest": [_process(process) for process in processes.largest],
        **_generators(processes),
        "history": history(now),
    }
    version = hashlib.blake2b(content["at"].encode(), digest_size=12).hexdigest()
    Snapshot.objects.update_or_create(name=NAME, defaults={"version": version, "made_at": now, "content": content})
    return sample


def read_resources() -> Snapshot | None:
    """Return what the last sample found, for the page; None before the first one."""
    return Snapshot.objects.filter(name=NAME).first()


def watched_paths() -> dict[str, str]:
    """Return role -> path of what must not fill up. A database on a server of its own has no path here."""
    own = settings.DATABASES["default"]
    candidates = {
        "audio": settings.AUDIO_ROOT,
        "host_database": _folder_of(settings.HOST_DATABASE_URL),
        "own_database": str(Path(own["NAME"]).parent) if own["ENGINE"].endswith("sqlite3") else "",
        "temporary": tempfile.gettempdir(),
    }
    return {role: path for role, path in candidates.items() if path.startswith("/")}


def _folder_of(url: str) -> str:
    parts = urlsplit(url)
    return str(Path(unquote(parts.path[1:])).parent) if parts.scheme == "sqlite" else ""


def _values(systems: Iterable[FileSystem], machine: Machine) -> Values:
    """Return name -> number; None is unknown."""
    values: Values = {}
    for system in systems:
        role = _name_of(system)
        # Unrounded: an alert compares them with its level.
        values[f"{role}_bytes_percent"] = system.bytes_percent
        values[f"{role}_inodes_percent"] = system.inodes_percent
        values[f"{role}_free_bytes"] = None if system.problem else system.free_bytes
    return values | {gauge["name"]: gauge["percent"] for gauge in _machine_gauges(machine)}


def _name_of(system: FileSystem) -> str:
    """A file system is named for the audio where that lies on it (the rules ask for it), else for the first thing."""
    return "audio" if "audio" in system.roles else next(iter(system.roles))


def _machine_gauges(machine: Machine) -> list[Content]:
    return [
        _gauge("memory_percent", machine.memory_percent, gauges.MEMORY),
        _gauge("swap_percent", machine.swap_percent, gauges.SWAP),
        _gauge("processor_percent", machine.processor_percent, gauges.PROCESSOR),
        _gauge("load_percent", machine.load_percent, gauges.LOAD),
    ]


def _gauge(name: str, value: float | None, marks: Marks) -> Content:
    shown = _rounded(value)
    return {
        "name": name,
        "percent": shown,
        "level": gauges.level(shown, marks).value,
        "notice": marks.notice,
        "critical": marks.critical,
    }


def _file_system(system: FileSystem) -> Content:
    role = _name_of(system)
    free_inodes = system.free_inodes if system.total_inodes else None
    return {
        **asdict(system),
        "since": system.since.isoformat() if system.since else None,
        "bytes": _gauge(f"{role}_bytes_percent", system.bytes_percent, gauges.DISK),
        "inodes": _gauge(f"{role}_inodes_percent", system.inodes_percent, gauges.INODES),
        "room": None
        if system.problem or "audio" not in system.roles
        else gauges.room(system.free_bytes, free_inodes, last_sizes()),
    }


def last_sizes() -> list[int]:
    """Return the sizes of the last files that were completed and seen whole."""
    rows = SessionEntry.objects.filter(gone_at=None, is_whole=True, completed_at__isnull=False, file_size__gt=0)
    sizes = rows.order_by("-completed_at").values_list("file_size", flat=True)[:FILES_FOR_ROOM]
    return [size for size in sizes if size is not None]


def _audio_folder(found: Mapping[str, Any] | None) -> Content | None:
    """Return the audio folder's owner and mode, and what the two users may do; None where no folder is configured."""
    if found is None:
        return None
    if "error" in found:
        return {"path": settings.AUDIO_ROOT, "problem": found["error"], "since": found["since"].isoformat()}
    return {
        "path": settings.AUDIO_ROOT,
        "problem": "" if found["is_folder"] else "not a folder",
        "owner": owner_of(found["uid"]),
        "group": group_of(found["gid"]),
        "mode": found["mode"],
        "is_read_only": found["is_read_only"],
        "reader": found.get("reader"),
        "writer": found.get("writer"),
    }


def _generators(processes: Processes) -> Content:
    if processes.generators is None:
        return {"generators": None, "generators_found": 0}
    shown = [_process(process) for process in processes.generators]
    return {"generators": shown, "generators_found": processes.generators_found}


def _process(process: Process) -> Content:
    return {**asdict(process), "started_at": process.started_at.isoformat(timespec="seconds")}


def history(now: datetime) -> dict[str, list[float | None]]:
    """Return for each number the last 24 hours in quarters of an hour: the highest of each, None where there was none."""
    first = now - HISTORY
    columns: dict[str, list[float | None]] = {}
    samples = ResourceSample.objects.filter(at__gt=first, at__lte=now).order_by("at")
    for at, values in samples.values_list("at", "values").iterator():
        place = min(int((at - first) / HISTORY * BUCKETS), BUCKETS - 1)
        for name, value in values.items():
            column = columns.setdefault(name, [None] * BUCKETS)
            column[place] = _higher(column[place], value)
    return columns


def _higher(*values: float | None) -> float | None:
    return max((value for value in values if value is not None), default=None)


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
