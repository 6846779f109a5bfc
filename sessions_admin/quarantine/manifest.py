"""What is written beside a file that is put aside, before it is moved: everything that brings it back without our database."""

from __future__ import annotations

import base64
import json
import os
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from diagnostics.identity import shown
from diagnostics.probes.stamps import Stamp

MANIFEST, NEXT = "manifest.json", "manifest.json.new"
WRITING = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW | os.O_CLOEXEC
MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Label:
    """Who has a file put aside, by which step of which run, and until when it is held; `policy` is '' for a person's."""

    operation: str
    number: int
    action: str
    actor: str
    reason: str
    session: str
    policy: str
    expires_at: datetime
    was_claimed: bool = False


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder above the file, as it was: made again like that where it is missing when the file comes back."""

    mode: int
    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Ending:
    """How the file is about to leave the quarantine; `made` folders above its old place are made for that."""

    state: str
    by: str
    at: datetime
    made: int = 0


@dataclass(frozen=True, slots=True)
class Manifest:
    """A file that is held. `path` is its exact bytes below the audio root; the sums are '' where it could not be read."""

    path: bytes
    stamp: Stamp
    uid: int
    gid: int
    mode: int
    folders: tuple[Folder, ...]
    first_sha256: str
    last_sha256: str
    moved_at: datetime
    label: Label
    ending: Ending | None = None

    def ending_as(self, ending: Ending | None) -> Manifest:
        return replace(self, ending=ending)


def write_manifest(folder: int, manifest: Manifest) -> None:
    """Write it so that it is there in whole or not at all, whatever happens. Raises OSError."""
    descriptor = os.open(NEXT, WRITING, 0o600, dir_fd=folder)
    try:
        left = memoryview(_as_text(manifest).encode())
        while left:
            left = left[os.write(descriptor, left) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    os.rename(NEXT, MANIFEST, src_dir_fd=folder, dst_dir_fd=folder)
    os.fsync(folder)


def read_manifest(folder: int) -> Manifest | None:
    """Return the manifest of a folder; None where there is none that can be read."""
    try:
        descriptor = os.open(MANIFEST, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC, dir_fd=folder)
    except FileNotFoundError:
        return None
    with os.fdopen(descriptor, "rb") as file:
        raw = file.read(MOST_BYTES)
    try:
        return _from_text(raw)
    except (ValueError, KeyError, TypeError):
        return None


def remove_manifest(folder: int) -> None:
    for name in (NEXT, MANIFEST):
        with suppress(FileNotFoundError):
            os.unlink(name, dir_fd=folder)


def _as_text(manifest: Manifest) -> str:
    told = asdict(manifest) | {
        "path": base64.b64encode(manifest.path).decode(),
        "shown_path": shown(manifest.path),
        "version": 1,
    }
    return json.dumps(told, default=datetime.isoformat, indent=1)


def _from_text(raw: bytes) -> Manifest:
    told: dict[str, Any] = json.loads(raw)
    del told["shown_path"], told["version"]
    ending = told["ending"]
    return Manifest(
        **told
        | {
            "path": base64.b64decode(told["path"], validate=True),
            "stamp": Stamp(**told["stamp"]),
            "folders": tuple(Folder(**folder) for folder in told["folders"]),
            "moved_at": datetime.fromisoformat(told["moved_at"]),
            "label": Label(**told["label"] | {"expires_at": datetime.fromisoformat(told["label"]["expires_at"])}),
            "ending": ending and Ending(**ending | {"at": datetime.fromisoformat(ending["at"])}),
        }
    )
