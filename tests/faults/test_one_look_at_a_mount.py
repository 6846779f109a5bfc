"""While one look at a mount hangs, nobody else's helper makes a second one there: not the samples', nor who listens."""

from __future__ import annotations

import os
import time
from datetime import UTC, datetime
from pathlib import Path

import psutil
import pytest

from diagnostics.probes import mount, sound
from diagnostics.probes.mounts import Mounts
from diagnostics.probes.store_turn import Turn
from tests.corpus.wavs import WHOLE

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.fixture
def lock(tmp_path: Path) -> str:
    return str(tmp_path / "store.lock")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "audio").mkdir()
    (tmp_path / "audio" / "piece.wav").write_bytes(WHOLE)
    return tmp_path / "audio"


def is_held(lock: str) -> bool:
    return Turn(lock).take(until=0.0, patience_seconds=0.0) is not None


def test_a_sample_says_since_when_another_look_hangs(root: Path, lock: str) -> None:
    mounts, before = Mounts(), {child.pid for child in psutil.Process().children()}
    begun = time.time()
    with Turn(lock).held():
        (system,), _folders = mounts.look({"audio": str(root)}, NOW, lock=lock)
    assert system.problem == "no answer"
    assert system.since is not None
    assert abs(system.since.timestamp() - begun) < 1
    assert {child.pid for child in psutil.Process().children()} <= before
    (system,), _folders = mounts.look({"audio": str(root)}, NOW, lock=lock)
    assert (system.problem, system.total_bytes > 0) == ("", True)


def test_only_the_audio_folder_is_looked_at_in_turn(root: Path, tmp_path: Path, lock: str) -> None:
    with Turn(lock).held():
        _systems, folders = Mounts().look({"audio": str(root), "temporary": str(tmp_path)}, NOW, lock=lock)
    assert ("error" in folders["audio"], "error" in folders["temporary"]) == (True, False)


def test_a_sample_has_the_turn_while_it_looks(root: Path, lock: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mount, "look", lambda *_: {"held": is_held(lock)})
    assert mount.look_in_turn(str(root), lock=lock) == {"held": True}
    assert not is_held(lock)


def test_nobody_listens_beside_a_look_that_hangs(root: Path, lock: str) -> None:
    with Turn(lock).held():
        facts, stamp = sound.hear(str(root), "piece.wav", 10**9, 5.0, lock)
    assert (facts.problem, stamp) == ("busy", None)
    assert sound.hear(str(root), "piece.wav", 10**9, 5.0, lock)[0].problem == ""


def test_who_listens_has_the_turn_for_each_read_and_gives_it_back(
    root: Path, lock: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    real = os.pread

    def pread(descriptor: int, count: int, at: int) -> bytes:
        with monkeypatch.context() as patched:
            patched.setattr("os.pread", real)  # whoever asks for the turn reads since when it is held
            held.append(is_held(lock))
        return real(descriptor, count, at)

    monkeypatch.setattr("os.pread", pread)
    assert sound.hear(str(root), "piece.wav", 10**9, 5.0, lock)[0].problem == ""
    assert held
    assert all(held)
    assert not is_held(lock)
