"""A session's key on its way back into a query: as which values the host's table may hold what we know by its text."""

from __future__ import annotations

import re
from collections.abc import Iterator

from diagnostics.domain.facts import SessionKey
from diagnostics.probes.databases import Connection

Term = tuple[str, object]  # an SQL expression with one placeholder, and its parameter
WIDEST_INTEGER = 2**63
ESCAPE = re.compile(rb"\\x([0-9a-f]{2})")


def terms(connection: Connection, key: SessionKey) -> Iterator[Term]:
    """Yield the values that a key may stand for. A row that they find counts only if its key reads the same again."""
    mark = connection.placeholder
    if isinstance(key, int) and connection.engine != "postgresql":
        yield mark, key
    else:
        yield mark, str(key)  # PostgreSQL compares text with a column of any type, and nothing else does
    if isinstance(key, str):
        yield from _unusual(connection, key)


def after(connection: Connection, last: object, *, is_blob: bool = False) -> Term:
    """Return the value behind which the next batch begins: the key as the driver gave it."""
    mark = connection.placeholder
    if not isinstance(last, bytes) or is_blob:
        return mark, last
    if connection.engine == "sqlite":
        return f"CAST({mark} AS TEXT)", last  # text comes as bytes here, and must go back as text
    if connection.engine == "postgresql":
        return f"convert_from({mark}, 'SQL_ASCII')", last  # bytes come only from a server that promises no encoding
    return mark, _decoded(last)


def pattern(connection: Connection, text: str) -> Term | None:
    """Return a pattern for LIKE; only SQLite can be asked for bytes that are no UTF-8, other tables hold none."""
    raw = text.encode(errors="surrogateescape")
    if connection.engine == "sqlite":
        return f"CAST({connection.placeholder} AS TEXT)", raw
    return (connection.placeholder, text) if text.isascii() or raw == text.encode(errors="replace") else None


def _unusual(connection: Connection, key: str) -> Iterator[Term]:
    """Bytes that are no UTF-8, and what only SQLite keeps beside text in one column: blobs and numbers."""
    mark, raw = connection.placeholder, key.encode(errors="surrogateescape")
    unescaped = ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), raw)
    if connection.engine == "mysql" and unescaped != raw:
        yield f"UNHEX({mark})", unescaped.hex()
    if connection.engine == "postgresql" and unescaped != raw and connection.promises_no_encoding:
        yield f"convert_from({mark}, 'SQL_ASCII')", unescaped
    if connection.engine != "sqlite":
        return
    yield mark, unescaped
    yield f"CAST({mark} AS TEXT)", unescaped
    try:
        yield mark, float(key)
    except ValueError:
        return


def _decoded(raw: bytes) -> object:
    """Text of MySQL comes as bytes; as text again, the column's own collation orders it."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw
