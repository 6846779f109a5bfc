"""Faults of the path in the row, and of where its file lies."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from demo import clock, naming
from demo.faults.scene import Deed, Impossible, Scene


def remote(scene: Scene, session_id: int | None) -> Deed:
    """the row names a signed URL of a CDN that nobody told the dashboard about"""
    target = scene.target(session_id)
    expires = int(clock.as_epoch(clock.now() + timedelta(days=30)))
    url = f"https://cdn.example.cn/ai-generated/{target.name}?e={expires}&token=demo:{target.session_id:08x}="
    scene.change_row(target.session_id, final_file_path=url)
    scene.take_away(target.path)
    return Deed("its row now names a signed CDN link, its local file was taken away", target.session_id, target.path)


def unsafe(scene: Scene, session_id: int | None) -> Deed:
    """the path leaves the audio root by way of `..`"""
    target = scene.target(session_id)
    out = "/".join([".."] * len(Path(naming.AUDIO_URL_PREFIX.strip("/")).parts))
    scene.change_row(target.session_id, final_file_path=f"{naming.AUDIO_URL_PREFIX}{out}/{scene.place.database.name}")
    scene.take_away(target.path)
    return Deed(
        "its path now leads out of the audio folder, to the host's own database", target.session_id, target.path
    )


def missing(scene: Scene, session_id: int | None) -> Deed:
    """completed, but the path is null, and no file bears its name"""
    target = scene.target(session_id)
    scene.change_row(target.session_id, final_file_path=None)
    scene.take_away(target.path)
    return Deed("its path was set to null and its file taken away", target.session_id, target.path)


def misplaced(scene: Scene, session_id: int | None) -> Deed:
    """the file was moved to a sub folder"""
    target = scene.target(session_id)
    moved = scene.place.audio / "moved" / target.name
    scene.move(target.path, moved)
    return Deed("its file was moved into the sub folder `moved`", target.session_id, moved)


def names_other_session(scene: Scene, session_id: int | None) -> Deed:
    """the row and its file bear the id of another session"""
    target = scene.target(session_id)
    other = scene.healthy(1, but=target.session_id)[0]
    name = target.name.replace(f"_{target.session_id}_", f"_{other.session_id}_", 1)
    path = scene.place.audio / name
    if path.exists():
        raise Impossible(f"a file {name} is there already")
    scene.move(target.path, path)
    scene.change_row(target.session_id, final_file_path=naming.stored_path(name))
    return Deed(f"its file and path were renamed to bear the id of session {other.session_id}", target.session_id, path)


def name_collision(scene: Scene, session_id: int | None) -> Deed:
    """two rows claim one file"""
    if session_id is None:
        other, target = scene.healthy(2)
    else:
        target = scene.target(session_id)
        other = scene.healthy(1, but=target.session_id)[0]
    scene.take_away(target.path)
    scene.change_row(
        target.session_id, final_file_path=naming.stored_path(other.name), final_file_size=other.size_bytes
    )
    did = f"its row now claims the file of session {other.session_id}, its own file was taken away"
    return Deed(did, target.session_id, other.path)


def bad_name(scene: Scene, session_id: int | None) -> Deed:
    """the file's name does not follow the convention"""
    target = scene.target(session_id)
    name = f"sleep_music_{target.session_id}.wav"
    path = scene.place.audio / name
    scene.move(target.path, path)
    scene.change_row(target.session_id, final_file_path=naming.stored_path(name))
    return Deed(f"its file and path were renamed to {name}", target.session_id, path)


def wrong_url(scene: Scene, session_id: int | None) -> Deed:
    """the row holds a bare file name: the file is in order, the client's URL is not"""
    target = scene.target(session_id)
    scene.change_row(target.session_id, final_file_path=target.name)
    return Deed("its path was cut to the bare file name", target.session_id, target.path)
