"""Looks at the mount of the audio root: there, as the machine means it to be, and writable; it may hang with it."""

from __future__ import annotations

import errno
import os
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from diagnostics.probes.mount import look_in_turn
from diagnostics.probes.mount_table import Mount, mount_at, text_of
from diagnostics.probes.parts.told import PartTold, hangs

FSTAB = "/etc/fstab"
PROBLEMS = {
    errno.ENOENT: "missing",
    errno.ENOTDIR: "missing",
    errno.EACCES: "denied",
    errno.EPERM: "denied",
    errno.ENOTCONN: "unreachable",
    errno.EHOSTDOWN: "unreachable",
    errno.ETIMEDOUT: "timeout",
}


def look(how: Mapping[str, Any], seconds: float) -> PartTold:
    """Return what is known of the mount that `path` lies on; `seconds` are kept by whoever started this process.

    Under `lock` it is looked at one at a time, with all others who look there. `fstab` is the table of what is meant to be
    mounted; an empty folder in its place would look like lost files.
    """
    begun = time.monotonic()
    found = look_in_turn(how["path"], lock=how.get("lock", ""))
    if "held_since" in found:
        return hangs(datetime.fromtimestamp(float(str(found["held_since"])), UTC))
    real = os.path.realpath(how["path"])
    mount = mount_at(real)
    told = _judged(found, mount, _absent_mount(real, mount, how.get("fstab", FSTAB)))
    values = _values(found, mount) if "error" not in found else {}
    return replace(told, values={"took_seconds": round(time.monotonic() - begun, 3), **values})


def _judged(found: Mapping[str, object], mount: Mount | None, absent: str) -> PartTold:
    if absent:
        return PartTold("down", "not_mounted", f"nothing is mounted at {absent}")
    if "error" in found:
        number = found.get("errno")
        problem = PROBLEMS.get(number, "io_error") if isinstance(number, int) else "failed"
        return PartTold("down", problem, str(found["error"]))
    if not found["is_folder"]:
        return PartTold("down", "missing", os.strerror(errno.ENOTDIR))
    if found["is_read_only"]:
        return PartTold("impaired", "read_only", f"mounted at {mount.place}" if mount else "")
    return PartTold("up")


def _values(found: Mapping[str, object], mount: Mount | None) -> Mapping[str, float | str | None]:
    device = int(str(found["device"]))
    return {
        "device": f"{os.major(device)}:{os.minor(device)}",
        "file_system": mount.kind if mount else None,
        "source": mount.source if mount else None,
        "mounted_at": mount.place if mount else str(found["mount"]),
        "is_read_only": int(bool(found["is_read_only"])),
    }


def _absent_mount(path: str, mount: Mount | None, fstab: str) -> str:
    """Return the innermost place of the table above a path at which nothing is mounted, or ''."""
    above = [path, *map(str, PurePosixPath(path).parents)][:-1]
    meant = next((place for place in above if place in set(_meant(fstab))), "")
    return meant if meant and mount and len(mount.place) < len(meant) else ""


def _meant(fstab: str) -> Iterator[str]:
    """Yield where something is meant to be mounted at all times: fstab(5)."""
    with suppress(OSError), open(fstab, "rb") as table:
        for line in table:
            fields = line.split()
            if len(fields) >= 4 and not line.startswith(b"#") and b"noauto" not in fields[3].split(b","):
                yield os.path.normpath(text_of(fields[1]))
