"""Numbers that stand for keys and paths in our tables: stable across processes, engines and machines."""

from __future__ import annotations

import hashlib
import os
import struct
from zlib import crc32

from diagnostics.domain import paths
from diagnostics.domain.facts import SessionKey
from diagnostics.domain.sharing import Shared

CHUNKS = 8192
Identity = tuple[str, bool]


def hash64(data: bytes) -> int:
    """Return 64 bits of a digest as a signed integer, as every database stores it."""
    return int(struct.unpack("<q", hashlib.blake2b(data, digest_size=8).digest())[0])


def path_hash(path: str) -> int:
    return hash64(os.fsencode(path))


def fold_hash(name: str) -> int:
    return hash64(paths.fold(name).encode(errors="surrogatepass"))


def request_hash(user_id: str | None, assessment_id: str | None) -> int | None:
    """Return the number of who asked for what; None where either is not told: nothing is the same as that."""
    told = [(value or "").strip() for value in (user_id, assessment_id)]
    return hash64("\0".join(told).encode(errors="surrogatepass")) if all(told) else None


def identity(key: SessionKey) -> Identity:
    """Return a session's key as the index has it: its text, and whether the host keeps it as a number."""
    return shown(str(key))[:255], isinstance(key, int)


def shared_hash(shared: Shared | None) -> int | None:
    return None if shared is None else hash64(shared.key.encode(errors="surrogatepass"))


def chunk_of_key(key: SessionKey) -> int:
    return key % CHUNKS if isinstance(key, int) else crc32(key.encode(errors="surrogatepass")) % CHUNKS


def chunk_of_path(path: bytes) -> int:
    return crc32(path) % CHUNKS


def shown(path: bytes | str) -> str:
    """Return a path as text that every database and page can hold; bytes that are no UTF-8 are shown as escapes."""
    raw = (
        path if isinstance(path, bytes) else os.fsencode(path) if _is_encodable(path) else path.encode(errors="replace")
    )
    return raw.decode(errors="backslashreplace").replace("\0", "\\x00")


def _is_encodable(path: str) -> bool:
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return False
    return True
