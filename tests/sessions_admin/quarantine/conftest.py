"""An audio folder with its quarantine, and what puts a file of it aside."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.models import HeldFile
from sessions_admin.quarantine import Label, Stamp, open_place, put_aside
from tests.host_database import HostDatabase
from tests.reconcile.scene import Scene
from tests.sessions_admin.quarantine.scene import peopled

CONTENT = b"RIFF" + b"sound" * 1000


def label(**told: object) -> Label:
    """By eve, by hand, for a week, under an operation of its own, unless a test says otherwise."""
    made = Label(
        uuid.uuid4().hex, 0, "quarantine", "eve", "an orphan", "", "", timezone.now() + timedelta(days=7)
    )  # fmt: skip
    return replace(made, **told)  # type: ignore[arg-type]  # as the test says


@dataclass(frozen=True, slots=True)
class Store:
    """The audio folder of a test."""

    root: Path
    quarantine: Path

    def file(self, name: str | bytes = "a.wav", content: bytes = CONTENT) -> Path:
        path = self.root / (name.decode(errors="surrogateescape") if isinstance(name, bytes) else name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def stamp(self, path: Path) -> Stamp:
        return Stamp.of(path.lstat())

    def put_aside(self, path: Path, stamp: Stamp | None = None, **told: object) -> HeldFile:
        with open_place() as place:
            return put_aside(place, self.name(path), stamp or self.stamp(path), label(**told))

    def name(self, path: Path) -> bytes:
        """A path as it is below the root, in its exact bytes."""
        return bytes(path)[len(bytes(self.root)) + 1 :]

    def lying(self) -> dict[str, bytes]:
        """All files below the root, by their paths there."""
        return {
            self.name(p).decode(errors="surrogateescape"): p.read_bytes() for p in self.root.rglob("*") if p.is_file()
        }


@pytest.fixture
def store(db: None, tmp_path: Path, settings: Settings) -> Store:
    root = tmp_path / "audio"
    root.mkdir()
    settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(root), str(root / ".quarantine")
    return Store(root, root / ".quarantine")


@pytest.fixture
def scene(db: None, host_database: HostDatabase, settings: Settings) -> Scene:
    """Three sessions that play, and three orphans, as a pass saw them just now."""
    settings.QUARANTINE_ROOT = f"{settings.AUDIO_ROOT}/.quarantine"
    return peopled(Scene(host_database, Path(settings.AUDIO_ROOT)))
