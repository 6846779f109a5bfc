"""Does a fault, and holds the state behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from demo import clock, undo
from demo.faults import FAULTS
from demo.faults.scene import Deed, Scene
from demo.place import Place
from tests.demo.conftest import files, rows


@dataclass(frozen=True, slots=True)
class After:
    """The state behind a fault."""

    place: Place
    deed: Deed
    was: dict[str, Any]
    row: dict[str, Any]

    @property
    def path(self) -> Path:
        assert self.deed.path
        return self.deed.path

    @property
    def own_files(self) -> list[str]:
        return [name for name in files(self.place) if f"_{self.deed.session_id}_" in name]

    def moment(self, column: str) -> datetime:
        return clock.as_moment(self.row[column])


def do(place: Place, code: str, session_id: int | None = None) -> After:
    before = rows(place)
    deed = FAULTS[code](Scene(code, place, undo.Journal(place)), session_id)
    found = rows(place) if place.database.exists() else {}
    number = deed.session_id or 0
    return After(place, deed, before.get(number, {}), found.get(number, {}))


def changed(after: After) -> set[str]:
    return {column for column, value in after.row.items() if value != after.was.get(column)} - {"updated_at"}
