"""Which file stands at a path, with real files, links and pipes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from diagnostics.probes.file_identity import FileIdentity, identities


def at(root: Path, path: str) -> FileIdentity | None:
    (found,) = identities(os.path.realpath(root), [path])
    return found


def test_a_file_is_told_by_device_inode_links_size_and_time(tmp_path: Path) -> None:
    (tmp_path / "2026").mkdir()
    path = tmp_path / "2026" / "a.wav"
    path.write_bytes(b"12345")
    seen = path.stat()
    assert at(tmp_path, "2026/a.wav") == FileIdentity("2026/a.wav", seen.st_dev, seen.st_ino, 1, 5, seen.st_mtime_ns)


def test_a_link_inside_is_told_by_its_real_place(tmp_path: Path) -> None:
    (tmp_path / "real.wav").write_bytes(b"1")
    (tmp_path / "link.wav").symlink_to("real.wav")
    found = at(tmp_path, "link.wav")
    assert found is not None
    assert found.path == "real.wav"


@pytest.mark.parametrize("path", ["out.wav", "../outside.wav", "folder", "pipe", "none", "loop", "a\0b", "", "file/x"])
def test_what_is_no_regular_file_of_the_root_is_none(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "outside.wav").write_bytes(b"1")
    (root / "out.wav").symlink_to(tmp_path / "outside.wav")
    (root / "folder").mkdir()
    (root / "file").write_bytes(b"1")
    (root / "loop").symlink_to("loop")
    os.mkfifo(root / "pipe")
    assert at(root, path) is None


def test_many_are_told_in_order(tmp_path: Path) -> None:
    (tmp_path / "b").write_bytes(b"1")
    found = identities(os.path.realpath(tmp_path), ["a", "b"])
    assert [one.path if one else None for one in found] == [None, "b"]
