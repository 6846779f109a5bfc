"""Faults of the client, and of what the host's API tells it: the session itself is well."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from demo import clock, naming, table, wav
from demo.faults import generation
from demo.faults.delivery import LIVE_NOTE, give_order
from demo.faults.records import earlier_error
from demo.faults.scene import CLIENT_WAIT, Deed, Impossible, Scene, Target

TOO_LONG = CLIENT_WAIT + timedelta(seconds=30)
PASTE_NOTE = "seen with what its user would paste: python -m demo say client.bad_response {}"


def timed_out(scene: Scene, session_id: int | None) -> Deed:
    """a session was well after 150 s, and its client had given up after 120 s"""
    target = scene.target(session_id)
    asked = min(target.created, target.completed - TOO_LONG)
    scene.change_row(target.session_id, created_at=clock.as_text(asked), updated_at=clock.as_text(target.updated))
    did = (
        f"its row now tells that it was asked for at {asked:%H:%M:%S}, {TOO_LONG.seconds} s or more before it was done"
    )
    return Deed(did, target.session_id, target.path)


def bad_response(scene: Scene, session_id: int | None) -> Deed:
    """the create call says success and does not tell which session it made"""
    target = scene.target(session_id)
    give_order(scene, scene.place.create_forgets, "")
    did = "from now on, answers of the create call have no session_id; this session is well"
    return Deed(did, target.session_id, target.path, PASTE_NOTE.format(target.session_id))


def answers_old(scene: Scene, session_id: int | None) -> Deed:
    """the status call still tells that the session is being generated, as a cache would"""
    old: table.Values = {
        "status": "generating",
        "progress_percentage": 95,
        "final_file_path": None,
        "final_file_size": None,
    }
    return answer_with(scene, session_id, lambda _: {**old, "completed_at": None}, "that it is being generated")


def answers_other_path(scene: Scene, session_id: int | None) -> Deed:
    """the status call tells the path of an earlier attempt"""

    def change(target: Target) -> Mapping[str, table.Value]:
        earlier = naming.file_name(target.session_id, target.created - timedelta(hours=1))
        return {"final_file_path": naming.stored_path(earlier)}

    return answer_with(scene, session_id, change, "the path of an earlier attempt")


def answers_other_size(scene: Scene, session_id: int | None) -> Deed:
    """the status call tells another size than the row"""
    return answer_with(
        scene, session_id, lambda target: {"final_file_size": target.size_bytes - wav.HEADER_BYTES}, "another size"
    )


def answers_error(scene: Scene, session_id: int | None) -> Deed:
    """a session fails, and the status call tells the error of an earlier attempt"""
    deed = generation.engine_failed(scene, session_id)
    if deed.session_id is None:
        raise Impossible("no session failed")
    keep_copy(scene, deed.session_id, {"error_message": earlier_error()})
    did = f"{deed.did}, and the status call tells the error of an earlier attempt"
    return Deed(did, deed.session_id, note=f"behind generation.engine_failed; {LIVE_NOTE}")


def answers_missing(scene: Scene, session_id: int | None) -> Deed:
    """the status call answers that there is no such session (404)"""
    target = scene.target(session_id)
    give_order(scene, scene.place.stale_answer(target.session_id), "null")
    return Deed("the status call now answers 404 for it", target.session_id, target.path, LIVE_NOTE)


def answer_with(
    scene: Scene, session_id: int | None, change: Callable[[Target], Mapping[str, table.Value]], told: str
) -> Deed:
    target = scene.target(session_id)
    keep_copy(scene, target.session_id, change(target))
    return Deed(f"the status call now tells {told}", target.session_id, target.path, LIVE_NOTE)


def keep_copy(scene: Scene, session_id: int, changes: Mapping[str, table.Value]) -> None:
    """The server keeps a copy of the row with these changes, and tells that instead."""
    with table.opened(scene.place) as db:
        row = table.row(db, session_id)
    if row is None:
        raise Impossible(f"there is no session {session_id}")
    kept: dict[str, Any] = {**dict(row), **changes}
    give_order(scene, scene.place.stale_answer(session_id), json.dumps(kept, ensure_ascii=False))
