"""What the host's API tells of a session: its row, unless the server keeps a copy that is older."""

from __future__ import annotations

import json
from typing import Any

from demo import table
from demo.place import Place

CREATE_PATH = "/api/music/create_long_sequence"
STATUS_PATH = "/api/music/long_sequence_status/"


def session(place: Place, session_id: int) -> dict[str, Any] | None:
    """The fields of the status call; None where it knows no such session. Raises sqlite3.Error."""
    try:
        kept: dict[str, Any] | None = json.loads(place.stale_answer(session_id).read_text(encoding="utf-8"))
    except FileNotFoundError:
        with table.opened(place) as db:
            found = table.row(db, session_id)
        return dict(found) if found else None
    return kept


def created(place: Place, session_id: int) -> dict[str, Any]:
    """The answer of the create call for the session that it has made."""
    told = {} if place.create_forgets.exists() else {"session_id": session_id}
    return {"success": True, "data": {**told, "status": "pending"}}
