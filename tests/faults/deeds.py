"""What is done to session 1 and its file, for real: a deed takes the scene and the file's path."""

from __future__ import annotations

import os
import shutil
import socket
import unicodedata
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from tests.reconcile.scene import PREFIX, Scene, wav_bytes

Deed = Callable[[Scene, Path], object]
WHOLE = wav_bytes()


def both(*deeds: Deed) -> Deed:
    def do(scene: Scene, path: Path) -> None:
        for deed in deeds:
            deed(scene, path)

    return do


def remove(_scene: Scene, path: Path) -> None:
    path.unlink()


def cut(size: int) -> Deed:
    def do(_scene: Scene, path: Path) -> None:
        os.truncate(path, size)

    return do


def dated(*, modified: float | None = None, **ago: float) -> Deed:
    """Give the row other times, so many minutes ago by column, or the file another one."""

    def do(scene: Scene, path: Path) -> None:
        if modified is not None:
            os.utime(path, (modified, modified))
        scene.host.update(1, **{name: scene.text(ago=timedelta(minutes=minutes)) for name, minutes in ago.items()})

    return do


def rewrite(content: bytes) -> Deed:
    return lambda _scene, path: path.write_bytes(content)


def replace(content: bytes) -> Deed:
    """As a careful writer does: a temporary name, then the rename."""

    def do(_scene: Scene, path: Path) -> None:
        path.with_suffix(".part").write_bytes(content)
        path.with_suffix(".part").rename(path)

    return do


def update(**values: object) -> Deed:
    def do(scene: Scene, _path: Path) -> None:
        scene.host.update(1, **values)

    return do


def move(to: str) -> Deed:
    def do(scene: Scene, path: Path) -> None:
        (scene.root / to).parent.mkdir(parents=True, exist_ok=True)
        path.rename(scene.root / to)

    return do


def link(target: str) -> Deed:
    def do(_scene: Scene, path: Path) -> None:
        path.unlink()
        path.symlink_to(target)

    return do


def instead(make: Callable[[Path], object]) -> Deed:
    def do(_scene: Scene, path: Path) -> None:
        path.unlink()
        make(path)

    return do


def sock(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        folder = os.open(path.parent, os.O_RDONLY)  # an address may not be longer than 107 bytes
        try:
            listening.bind(f"/proc/self/fd/{folder}/{path.name}")
        finally:
            os.close(folder)


def overwritten(at: int, content: bytes) -> Deed:
    """Other bytes in the middle of a file, its size and its time of change as before."""

    def do(_scene: Scene, path: Path) -> None:
        found = path.stat()
        with path.open("r+b") as file:
            file.seek(at)
            file.write(content)
        os.utime(path, ns=(found.st_atime_ns, found.st_mtime_ns))

    return do


def outside(scene: Scene, path: Path) -> None:
    elsewhere = scene.root.parent / "elsewhere.wav"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def copied(scene: Scene, path: Path) -> None:
    shutil.copy2(path, scene.root / "copy_of_one.wav")


def hard_linked(scene: Scene, path: Path) -> None:
    os.link(path, scene.root / scene.name(3))


def linked_inside(scene: Scene, path: Path) -> None:
    (scene.root / "store").mkdir()
    path.rename(scene.root / "store" / "kept.wav")
    path.symlink_to("store/kept.wav")


def second_row(path: str) -> Deed:
    """Session 2 comes to claim the file of session 1; the tests look at session 2."""

    def do(scene: Scene, _path: Path) -> None:
        scene.host.update(2, final_file_path=path)

    return do


def grown_just_now(scene: Scene, path: Path) -> None:
    path.write_bytes(WHOLE[:2000])
    scene.host.update(1, updated_at=scene.text())


def unfinished(status: str, *, content: bytes = WHOLE, ago: timedelta = timedelta(hours=1)) -> Deed:
    def do(scene: Scene, path: Path) -> None:
        written = scene.text(ago=timedelta(hours=1))
        scene.host.update(1, status=status, completed_at=None, updated_at=written, created_at=written)
        path.write_bytes(content)
        stamp = (scene.now + timedelta(minutes=5) - ago).timestamp()
        os.utime(path, (stamp, stamp))

    return do


def not_utf8(scene: Scene, path: Path) -> None:
    os.rename(path, os.fsencode(scene.root) + b"/long_sequence_1_\xff.wav")


def composed(scene: Scene, path: Path) -> None:
    """The row names a file in composed letters (NFC); a copy by way of another system left decomposed ones (NFD)."""
    name = unicodedata.normalize("NFC", "夜é_1.wav")
    scene.host.update(1, final_file_path=f"{PREFIX}{name}")
    path.rename(scene.root / unicodedata.normalize("NFD", name))
