"""Session 5, broken in each of the ways for which its audio is composed again."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

from django.utils import timezone

from diagnostics.listening import listen_to_recent
from sessions_admin.quarantine import Label, Stamp, open_place, put_aside
from tests.reconcile.scene import PREFIX, Scene, wav_bytes

Break = Callable[[Scene], object]
WHOLE = wav_bytes()


def _spoiled(content: bytes) -> Break:
    def broken(scene: Scene) -> None:
        scene.row(5)
        scene.file(scene.name(5), content)

    return broken


def _deleted(scene: Scene) -> None:
    path = scene.session(5)
    scene.run()
    path.unlink()


def _not_a_file(scene: Scene) -> None:
    scene.row(5)
    (scene.root / scene.name(5)).mkdir()


def _collision(scene: Scene) -> None:
    scene.session(6)
    scene.row(5, final_file_path=PREFIX + scene.name(6))


def _anothers_name(scene: Scene) -> None:
    scene.row(5, final_file_path=PREFIX + scene.name(6))
    scene.file(scene.name(6))


def _silent(scene: Scene) -> None:
    scene.session(5)
    scene.run()
    listen_to_recent(timezone.now(), threading.Event())


def _purged(scene: Scene) -> None:
    path = scene.session(5)
    label = Label("d" * 32, 0, "quarantine", "ada", "by mistake", "5", "", timezone.now() + timedelta(days=7))
    with open_place() as place:
        put_aside(place, scene.name(5).encode(), Stamp.of(path.lstat()), label)


BREAKING: dict[str, Break] = {
    "path.missing": lambda scene: scene.row(5, final_file_path=None),
    "file.purged": _purged,
    "file.deleted": _deleted,
    "file.never_written": lambda scene: scene.row(5),
    "file.not_a_file": _not_a_file,
    "file.empty": _spoiled(b""),
    "file.corrupt": _spoiled(b"<html>502 Bad Gateway</html>"),
    "file.truncated": _spoiled(wav_bytes(40, declared=12_000)),
    "file.name_collision": _collision,
    "path.names_other_session": _anothers_name,
    "file.size_mismatch": lambda scene: scene.session(5, final_file_size=7),
    "file.wrong_duration": lambda scene: scene.session(5, total_duration_minutes=9),
    "file.silent": _silent,
}
ASIDE = (
    "file.empty", "file.corrupt", "file.truncated", "file.size_mismatch", "file.wrong_duration", "file.silent",
)  # fmt: skip
LEFT = ("file.not_a_file", "file.name_collision", "path.names_other_session")


def break_five(scene: Scene, code: str) -> None:
    """Break it, and let a pass find it so."""
    BREAKING[code](scene)
    scene.run()
    assert scene.cause(5) == code
