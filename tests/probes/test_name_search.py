"""The files of a session found by their names: in any folder, however a name is written, and never an old listing."""

from __future__ import annotations

import os
import time
import unicodedata
from pathlib import Path

import pytest

from diagnostics.domain import names, paths
from diagnostics.probes import name_search
from diagnostics.probes.name_search import search

OWN = "long_sequence_5_20250823_201933.wav"


def found(root: Path, *keys: str, name: str = "", skip: tuple[str, ...] = (), seconds: float = 5.0) -> set[str]:
    return set(search(str(root), keys or ("5",), name, skip, seconds).paths)


def test_it_finds_the_convention_s_names_in_every_folder(tmp_path: Path) -> None:
    wanted = {OWN, f"a/b/{OWN}", f"{OWN}.tmp", f"a/{OWN}.part"}
    for path in (*wanted, "long_sequence_55_20250823_201933.wav", "long_sequence_20250823_5_201933.wav", "5.wav"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    assert found(tmp_path) == wanted


@pytest.mark.parametrize("key", ["night_5", "5_20250823", "会话", "a b", "\udcff", "x" * 100])
def test_any_id_is_found_alone_and_among_many(tmp_path: Path, key: str) -> None:
    name = f"long_sequence_{key}_20250823_201933.wav"
    (tmp_path / name).touch()
    (tmp_path / OWN).touch()
    assert found(tmp_path, key) == {name}
    assert found(tmp_path, key, *map(str, range(100, 120))) == {name}


LIKE = [
    ("Nacht.wav", "nacht.WAV"),
    ("café 12.wav", unicodedata.normalize("NFD", "café 12.wav")),
    ("会话 9.wav", "%E4%BC%9A%E8%AF%9D%209.mp3"),
    (OWN, OWN.upper()),
    (OWN, "long%5Fsequence_5_20250823_201933.mp3"),
    ("STRASSE_2025.wav", "straße_2025.wav"),
]


@pytest.mark.parametrize(("name", "other"), LIKE)
def test_a_name_that_differs_only_in_its_form_is_found(tmp_path: Path, name: str, other: str) -> None:
    for path in (other, "quite another.wav", "Nachtlied.wav"):
        (tmp_path / path).touch()
    assert paths.fold(name) == paths.fold(other)
    assert found(tmp_path, "77", name=name) == {other}


def test_it_finds_what_folding_every_name_finds(tmp_path: Path) -> None:
    every = {name for pair in LIKE for name in pair} | {
        "x%5C.wav",
        "a\\Nacht.wav",
        "._" + OWN,
        "2025.wav",
        "_2025_.wav",
    }
    for name in every:
        (tmp_path / name).touch()
    for name in every:
        alike = {n for n in every if paths.fold(n) == paths.fold(name) and not names.is_ignored(n)}
        assert found(tmp_path, "77", name=name) == alike, name


def test_what_is_ours_or_ignored_is_left_out(tmp_path: Path) -> None:
    for folder in ("quarantine", "@eaDir", "kept"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / OWN).touch()
    assert found(tmp_path, skip=(str(tmp_path / "quarantine"),)) == {f"kept/{OWN}"}


def test_kept_names_are_those_of_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / OWN).touch()
    monkeypatch.setattr(name_search, "SETTLED_SECONDS", 0.05)
    time.sleep(0.1)
    assert found(tmp_path) == {OWN}
    assert os.fsencode(f"{tmp_path}/") in name_search.KEPT.folders
    (tmp_path / OWN).rename(tmp_path / "sub" / OWN)
    assert found(tmp_path) == {f"sub/{OWN}"}
    (tmp_path / "sub" / OWN).unlink()
    assert found(tmp_path) == set()


def test_names_that_changed_a_moment_ago_are_not_kept(tmp_path: Path) -> None:
    assert found(tmp_path) == set()
    assert os.fsencode(f"{tmp_path}/") not in name_search.KEPT.folders


def test_a_folder_too_large_for_its_time_is_said(tmp_path: Path) -> None:
    for number in range(3):
        (tmp_path / str(number)).mkdir()
    (tmp_path / OWN).touch()
    assert not search(str(tmp_path), ("5",), "", (), -1.0).is_whole


def test_a_root_that_cannot_be_listed_is_a_problem(tmp_path: Path) -> None:
    assert search(str(tmp_path / "gone"), ("5",), "", (), 5.0).problem == "ENOENT"
