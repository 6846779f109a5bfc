"""Every row of the host's table as a line, a digest and its key, in chunks; also as a process of its own.

Such a process reads a large table while the pass lists the files: `python -m diagnostics.row_lines` takes its orders as
JSON from standard input, and leaves the lines on standard output. It needs no Django, so that it starts quickly.
"""

from __future__ import annotations

import hashlib
import json
import marshal
import sys
from collections.abc import Callable
from contextlib import closing
from typing import IO, Any
from zoneinfo import ZoneInfo

from diagnostics.domain.facts import SessionKey
from diagnostics.garbage import no_search_for_cycles
from diagnostics.host import HostSource, HostTable, open_host
from diagnostics.host_values import key_of
from diagnostics.identity import CHUNKS, chunk_of_key

DIGEST_BYTES = 8
Lines = list[list[bytes]]


def lines_of(table: HostTable, person: bytes, beat: Callable[[int], None]) -> Lines:
    """Read the whole table; return its lines by chunk. `person` is what rows are held by. Raises HostUnavailable."""
    chunks: Lines = [[] for _ in range(CHUNKS)]
    with no_search_for_cycles():
        for batch in table.batches():
            _gather(batch, chunks, person)
            beat(len(batch))
    return chunks


def key_of_line(line: bytes) -> SessionKey:
    name = line[DIGEST_BYTES:]
    return int(name[1:]) if name[:1] == b"i" else name[1:].decode(errors="surrogatepass")


def orders(source: HostSource, zone: str, person: bytes) -> bytes:
    """Return what the process is told: which table to read, how, and what its rows are held by."""
    told = {
        "url": source.url,
        "table": source.table,
        "columns": dict(source.columns),
        "zone": zone,
        "timeout_seconds": source.timeout_seconds,
        "person": person.hex(),
    }
    return json.dumps(told).encode()


def read(told: bytes, output: IO[bytes]) -> None:
    """Follow the orders: write the chunks of lines as one value that `marshal` loads."""
    source: dict[str, Any] = json.loads(told)
    person = bytes.fromhex(source.pop("person"))
    table = open_host(HostSource(**{**source, "zone": ZoneInfo(source["zone"])}))
    with closing(table.connection):
        marshal.dump(lines_of(table, person, lambda _rows: None), output, 2)


def _gather(batch: list[Any], gathered: Lines, person: bytes) -> None:
    blake2b, dumps = hashlib.blake2b, marshal.dumps
    for row in batch:
        key = row[0] if type(row[0]) is int else key_of(row[0])
        name = b"i%d" % key if type(key) is int else b"s" + str(key).encode(errors="surrogatepass")
        gathered[chunk_of_key(key)].append(
            blake2b(dumps(row, 2), digest_size=DIGEST_BYTES, person=person).digest() + name
        )


if __name__ == "__main__":
    read(sys.stdin.buffer.read(), sys.stdout.buffer)
