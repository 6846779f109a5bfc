"""Faults of the audio folder as a whole."""

from __future__ import annotations

import shutil

from demo.faults.files import ROOT_NOTE
from demo.faults.records import refuse_session
from demo.faults.scene import Deed, Impossible, Scene

ENOUGH = 21
SHARE = 0.3


def unavailable(scene: Scene, session_id: int | None) -> Deed:
    """the audio folder is not there, as after a lost mount"""
    refuse_session(session_id)
    if not scene.place.audio.exists():
        raise Impossible("the audio folder is away already: `--undo` brings it back")
    away = scene.place.audio.with_name(f"{scene.place.audio.name}.away")
    scene.move(scene.place.audio, away)
    return Deed("the audio folder was renamed away", path=scene.place.audio)


def listing_incomplete(scene: Scene, session_id: int | None) -> Deed:
    """a sub folder of the audio folder cannot be listed"""
    refuse_session(session_id)
    folder = scene.place.audio / "closed"
    if folder.exists():
        raise Impossible("that sub folder is there already: `--undo` removes it")
    source = scene.healthy(1)[0].path
    scene.note("remove", path=str(folder))
    folder.mkdir()
    shutil.copy2(source, folder / f"copy_of_{source.name}")
    scene.note("mode", path=str(folder), mode=0o755)
    folder.chmod(0)
    return Deed("a sub folder with mode 000 was added to the audio folder", path=folder, note=ROOT_NOTE)


def mass_missing(scene: Scene, session_id: int | None) -> Deed:
    """many files vanish at once"""
    refuse_session(session_id)
    found = scene.healthy(None)
    count = max(ENOUGH, int(len(found) * SHARE) + 1)
    if len(found) < count:
        raise Impossible(f"this needs {count} healthy sessions, and there are {len(found)}")
    for target in found[:count]:
        scene.take_away(target.path)
    return Deed(f"the files of {count} sessions were removed", path=scene.place.audio)
