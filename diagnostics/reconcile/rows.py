"""The second half of a pass: the reading of the host's rows, and which of them differ from the last one."""

from __future__ import annotations

import hashlib
import marshal
from dataclasses import dataclass, field
from typing import Any

from diagnostics.domain.facts import SessionKey
from diagnostics.host import HostTable
from diagnostics.host_values import key_of
from diagnostics.identity import chunk_of_key
from diagnostics.models import Chunk
from diagnostics.reconcile import chunks
from diagnostics.reconcile.basis import basis
from diagnostics.reconcile.garbage import no_search_for_cycles
from diagnostics.reconcile.running import Running

DIGEST_BYTES = 8


@dataclass(slots=True)
class RowChanges:
    """What a reading found: keys whose rows are new or differ, keys whose rows are gone, and the chunks to remember."""

    changed: list[SessionKey] = field(default_factory=list)
    gone: list[SessionKey] = field(default_factory=list)
    packed: list[tuple[int, bytes]] = field(default_factory=list)
    rows: int = 0


def read_rows(running: Running, table: HostTable) -> RowChanges:
    """Read the whole table and compare it with the last pass. Raises HostUnavailable."""
    running.enter("rows")
    members, person = chunks.Members(), basis()
    with no_search_for_cycles():
        for batch in table.batches():
            _gather(batch, members.chunks, person)
            running.beat(len(batch))
    changes = RowChanges(rows=len(members))
    for difference in chunks.differences(Chunk.Kind.ROWS, members):
        new = {line[DIGEST_BYTES:] for line in difference.new}
        changes.changed += map(_key, new)
        changes.gone += [_key(line[DIGEST_BYTES:]) for line in difference.old if line[DIGEST_BYTES:] not in new]
        changes.packed.append((difference.number, difference.packed))
    changes.changed.sort(key=lambda key: (isinstance(key, str), key))
    return changes


def _gather(batch: list[Any], gathered: list[list[bytes]], person: bytes) -> None:
    blake2b, dumps = hashlib.blake2b, marshal.dumps
    for row in batch:
        key = row[0] if type(row[0]) is int else key_of(row[0])
        name = b"i%d" % key if type(key) is int else b"s" + str(key).encode(errors="surrogatepass")
        gathered[chunk_of_key(key)].append(
            blake2b(dumps(row, 2), digest_size=DIGEST_BYTES, person=person).digest() + name
        )


def _key(name: bytes) -> SessionKey:
    return int(name[1:]) if name[:1] == b"i" else name[1:].decode(errors="surrogatepass")
