"""Faults of asking: the same is asked for twice."""

from __future__ import annotations

from datetime import timedelta

from demo import clock, table
from demo.faults import generation
from demo.faults.scene import Deed, Impossible, Scene, Target

LATE_IN_IT = 0.8  # how much of the first piece was made when the second was asked for


def duplicate_request(scene: Scene, session_id: int | None) -> Deed:
    """the same user asks again while the first piece is made"""
    target = scene.target(session_id)
    again = ask_again(scene, target)
    generation.send_worker(scene, again, started=target.completed + timedelta(seconds=1))
    scene.place.reservation(again).unlink(missing_ok=True)
    with table.opened(scene.place) as db:
        row = table.row(db, again)
    if row is None or row["status"] != "completed":
        raise Impossible("the worker did not compose the second session")
    path = scene.place.audio / str(row["final_file_path"]).rpartition("/")[2]
    scene.note("remove", path=str(path))
    scene.set_times(path, clock.as_moment(row["completed_at"]))
    return Deed(f"its user asked again meanwhile, and got session {again} as well", target.session_id, target.path)


def ask_again(scene: Scene, target: Target) -> int:
    with table.opened(scene.place) as db:
        row = table.row(db, target.session_id)
    if row is None:
        raise Impossible(f"there is no session {target.session_id}")
    request = table.Request(row["user_id"], row["assessment_id"], 1, row["scene_id"], row["generation_mode"])
    asked = target.created + LATE_IN_IT * (target.completed - target.created)
    again = scene.add_row(table.as_requested(request, asked), reserved=True)
    scene.note("delete", session_id=again)
    return again
