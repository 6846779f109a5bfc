"""Faults of the parts behind the host: its engine does not play, its database is held."""

from __future__ import annotations

from collections.abc import Callable

from demo import processes
from demo.faults.delivery import give_order
from demo.faults.records import refuse_session
from demo.faults.scene import Deed, Impossible, Scene
from demo.faults.silence import hold_database

PROBE_NOTE = "seen on Resources once the dashboard's worker has probed it"


def engine(how: str, does: str) -> Callable[[Scene, int | None], Deed]:
    """The fault of an engine that fails its smoke test in one of the ways of `engine`."""

    def fault(scene: Scene, session_id: int | None) -> Deed:
        refuse_session(session_id)
        give_order(scene, scene.place.engine, how)
        return Deed(f"the engine's smoke test (python -m demo engine) now {does}", note=PROBE_NOTE)

    fault.__doc__ = f"the engine's smoke test {does}"
    return fault


def database(scene: Scene, session_id: int | None) -> Deed:
    """a transaction that nobody ends holds the database for ten minutes: it is read, and nobody can write"""
    refuse_session(session_id)
    if processes.alive(scene.place.holder_pid):
        raise Impossible("the database is held already: `--undo` lets it go")
    hold_database(scene)
    return Deed("a process of its own holds the database", path=scene.place.database, note=PROBE_NOTE)
