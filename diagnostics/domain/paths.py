"""What a stored path means: the file it names below the audio root, and the URL that the client builds from it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import unquote, urlsplit

CONVENTION = re.compile(r"long_sequence_(?P<id>.+)_(?P<day>\d{8})_(?P<time>\d{6})\.wav", re.DOTALL)
TEMPORARY_ENDINGS = (".tmp", ".part", ".partial", ".temp")
IGNORED_NAMES = frozenset({".DS_Store", "Thumbs.db", "@eaDir"})
COMPONENT_BYTES = 255
PATH_BYTES = 4095
WEB_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
DEFAULT_PORTS = {"http": 80, "https": 443}


class ClaimKind(StrEnum):
    """Which way a row's path points."""

    BLANK = "blank"
    INSIDE = "inside"
    REMOTE = "remote"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Claim:
    """A row's path, understood. `path` is relative to the audio root where `kind` is INSIDE ('' is the root itself).

    `reason` says why a path is unsafe: leaves_root, nul, component_too_long, path_too_long.
    """

    kind: ClaimKind
    raw: str = ""
    path: str = ""
    name: str = ""
    host: str = ""
    reason: str = ""
    client_url: str = ""
    leads_to_file: bool = True


@dataclass(frozen=True, slots=True)
class StoreLayout:
    """Where the audio lies and how it is served; `roots` are absolute names of the audio root, ours first."""

    roots: tuple[str, ...]
    url_prefix: str = "/static/generated_music/long_sequences/"
    base_url: str = ""
    delivery_hosts: tuple[str, ...] = ()


def understand(raw: str | None, layout: StoreLayout) -> Claim:
    """Return what the row's path claims. Query and fragment are cut, escapes decoded once, dot segments removed."""
    text = (raw or "").strip()
    bare = cut_query(text)
    if not bare:
        return Claim(ClaimKind.BLANK, raw=raw or "")
    is_address = WEB_ADDRESS.match(text) is not None
    host = _host(text) if is_address else ""
    named = unquote(_address_path(bare), errors="surrogateescape") if is_address else unquote(bare, errors="surrogateescape")
    name = named.rstrip("/").rsplit("/", 1)[-1]
    if is_address and not _serves(text, layout):
        return Claim(ClaimKind.REMOTE, raw=text, name=name, host=host, client_url=text)
    parts = _parts(named)
    inside = None if parts is None else _below_root(parts, named, layout, is_address=is_address)
    url = client_url(text, layout)
    reason = _cannot_name(named, inside)
    if reason:
        return Claim(ClaimKind.UNSAFE, raw=text, name=name, host=host, reason=reason, client_url=url)
    path = "/".join(inside or ())
    return Claim(ClaimKind.INSIDE, text, path, (inside or [""])[-1], host, "", url, _url_leads_to(url, path, layout))


def cut_query(text: str) -> str:
    return re.split(r"[?#]", text, maxsplit=1)[0].strip()


def client_url(raw: str, layout: StoreLayout) -> str:
    """Return the URL that the host's client plays for a stored path (host_app.md, "Paths")."""
    if raw.startswith("http"):
        return raw
    base = urlsplit(layout.base_url)
    origin = f"{base.scheme}://{base.netloc}" if base.netloc else ""
    return f"{origin}{raw}" if raw.startswith("/") else f"{origin}/{raw}"
