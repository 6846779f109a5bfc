"""The second half of a pass: the reading of the host's rows, and which of them differ from the last one."""

from __future__ import annotations

from dataclasses import dataclass, field

from diagnostics.domain.facts import SessionKey
from diagnostics.host import HostTable
from diagnostics.models import Chunk
from diagnostics.reconcile import chunks
from diagnostics.reconcile.basis import basis
from diagnostics.reconcile.reading import Reading
from diagnostics.reconcile.running import Running
from diagnostics.row_lines import DIGEST_BYTES, key_of_line, lines_of


@dataclass(slots=True)
class RowChanges:
    """What a reading found: keys whose rows are new or differ, keys whose rows are gone, and the chunks to remember."""

    changed: list[SessionKey] = field(default_factory=list)
    gone: list[SessionKey] = field(default_factory=list)
    packed: list[tuple[int, bytes]] = field(default_factory=list)
    rows: int = 0


def read_rows(running: Running, table: HostTable, reading: Reading) -> RowChanges:
    """Read the whole table, or take what the reading beside found, and compare with the last pass. Raises HostUnavailable."""
    running.enter("rows")
    lines = reading.lines(running)
    members = chunks.Members(lines if lines is not None else lines_of(table, basis(), running.beat))
    changes = RowChanges(rows=len(members))
    for difference in chunks.differences(Chunk.Kind.ROWS, members):
        new = {line[DIGEST_BYTES:] for line in difference.new}
        changes.changed += map(key_of_line, difference.new)
        changes.gone += [key_of_line(line) for line in difference.old if line[DIGEST_BYTES:] not in new]
        changes.packed.append((difference.number, difference.packed))
    changes.changed = sorted(set(changes.changed), key=lambda key: (isinstance(key, str), key))
    return changes
