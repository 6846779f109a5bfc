"""Folders that keep READING_USER out: no file's line in a listing tells that one was closed, or opened again."""

from __future__ import annotations

from dataclasses import dataclass, field

from diagnostics.identity import chunk_of_path, shown
from diagnostics.models import Chunk
from diagnostics.other_users import OtherUsers
from diagnostics.reconcile import chunks
from diagnostics.reconcile.affected import Affected


@dataclass(slots=True)
class ClosedFolders:
    """What this pass met of them, held against the last complete one; nothing is done where no READING_USER is set."""

    others: OtherUsers = field(default_factory=OtherUsers)
    _packed: list[tuple[int, bytes]] = field(default_factory=list)
    _changed: set[str] = field(default_factory=set)

    def look(self, folders: list[bytes]) -> None:
        """Judge the folders of a listing, each once, and keep those that were closed, opened or closed otherwise."""
        if self.others.user is None:
            return
        members = chunks.Members()
        for folder in folders:
            found = self.others.closed(folder)
            if found is not None:
                line = folder.rstrip(b"/") + b"\0" + f"{found.owner} {found.mode}".encode(errors="backslashreplace")
                members.chunks[chunk_of_path(folder)].append(line)
        for difference in chunks.differences(Chunk.Kind.FOLDERS, members):
            self._changed |= {shown(line.partition(b"\0")[0]) for line in (*difference.new, *difference.old)}
            self._packed.append((difference.number, difference.packed))

    def add_to(self, affected: Affected) -> None:
        if self._changed:
            affected.add_claiming_below(self._changed)

    def remember(self) -> None:
        """Let the next pass compare itself with this one: called when all that it changed is done."""
        if self._packed:
            chunks.remember(Chunk.Kind.FOLDERS, self._packed)
