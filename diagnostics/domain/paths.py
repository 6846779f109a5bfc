"""What a stored path means: the file it names below the audio root, and the URL that the client builds from it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import unquote, urlsplit

COMPONENT_BYTES = 255
PATH_BYTES = 4095
ADDRESS = re.compile(r"(?P<scheme>https?)://(?P<authority>[^/?#]*)(?P<path>[^?#]*)", re.IGNORECASE | re.DOTALL)
DEFAULT_PORTS = {"http": "80", "https": "443"}


class ClaimKind(StrEnum):
    """Which way a row's path points."""

    BLANK = "blank"
    INSIDE = "inside"
    REMOTE = "remote"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Claim:
    """A row's path, understood. `path` is relative to the audio root where `kind` is INSIDE ('' is the root itself).

    `name` is the last component, `host` that of a URL. `reason` says why a path is unsafe: leaves_root, nul,
    component_too_long, path_too_long. `client_url` is what the client asks for, and `leads_to_file` whether that is the
    address of `path`.
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
    """Where the audio lies and how it is served; `roots` are absolute names of the audio root, our own first."""

    roots: tuple[str, ...]
    url_prefix: str = "/static/generated_music/long_sequences/"
    base_url: str = ""
    delivery_hosts: tuple[str, ...] = ()


@lru_cache(maxsize=4096)  # a pass asks for the index, and again for the diagnosis
def understand(raw: str | None, layout: StoreLayout) -> Claim:
    """Return what a row's path claims: query and fragment cut, escapes decoded once, dot segments removed.

    Source: causes.md, "Paths". Never looks at the file system.
    """
    text = raw or ""
    bare = cut_query(text)
    if not bare.strip() or bare in (".", "./"):
        return Claim(ClaimKind.BLANK, raw=text)
    address = ADDRESS.match(text)
    named = unquote(address["path"] if address else bare, errors="surrogateescape")
    name = named.rstrip("/").rsplit("/", 1)[-1]
    host = _hostname(address["authority"]) if address else ""
    if address and not is_served(text, layout):
        return Claim(ClaimKind.REMOTE, raw=text, name=name, host=host, client_url=text)
    inside = _below_root(named, layout, is_address=address is not None)
    url = client_url(text, layout)
    reason = _reason_unsafe(named, inside, layout)
    if inside is None or reason:
        return Claim(ClaimKind.UNSAFE, text, "", name, host, reason, url)
    path = "/".join(inside)
    return Claim(
        ClaimKind.INSIDE, text, path, inside[-1] if inside else "", host, "", url, _leads_to(url, path, layout)
    )


def cut_query(text: str) -> str:
    return re.split(r"[?#]", text, maxsplit=1)[0]


def parts_of(address: str) -> tuple[str, ...]:
    """Return the components of a URL's path, or of a path: query cut, escapes decoded once, dot segments removed."""
    match = ADDRESS.match(address)
    named = match["path"] if match else cut_query(address)
    return tuple(_parts(unquote(named, errors="surrogateescape")) or ())


def client_url(raw: str, layout: StoreLayout) -> str:
    """Return the URL that the host's client plays for a stored path (host_app.md, "Paths")."""
    if raw.startswith("http"):
        return raw
    base = urlsplit(layout.base_url)
    origin = f"{base.scheme}://{base.netloc}" if base.netloc else ""
    return f"{origin}{raw}" if raw.startswith("/") else f"{origin}/{raw}"


def fold(name: str) -> str:
    """Return a file name without what copying may change: folder, Unicode form, case, escapes, extension."""
    last = re.split(r"[/\\]", unquote(name, errors="surrogateescape"))[-1]
    stem = last.rsplit(".", 1)[0] or last
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", stem).casefold())


def _parts(named: str) -> list[str] | None:
    """Split a path into components, dot segments resolved; None when a relative path climbs above its start."""
    parts: list[str] = []
    for part in named.split("/"):
        if part == ".." and not parts and not named.startswith("/"):
            return None
        if part == "..":
            del parts[-1:]
        elif part not in ("", "."):
            parts.append(part)
    return parts


def _below_root(named: str, layout: StoreLayout, *, is_address: bool) -> list[str] | None:
    """Return the components below the audio root, or None where the path leads elsewhere."""
    parts = _parts(named)
    if parts is None:
        return None
    is_absolute = named.startswith("/")
    roots = [layout.url_prefix, *(layout.roots if is_absolute and not is_address else ())]
    for root in roots:
        above = [part for part in root.split("/") if part]
        if above and parts[: len(above)] == above:
            return parts[len(above) :]
    return parts if not is_absolute and not is_address and len(parts) <= 1 else None


def _reason_unsafe(named: str, inside: list[str] | None, layout: StoreLayout) -> str:
    if "\0" in named:
        return "nul"
    if inside is None:
        return "leaves_root"
    sizes = [len(part.encode(errors="surrogatepass")) for part in inside]
    if any(size > COMPONENT_BYTES for size in sizes):
        return "component_too_long"
    root_size = len(layout.roots[0].encode(errors="surrogatepass")) if layout.roots else 0
    return "path_too_long" if root_size + sum(sizes) + len(sizes) > PATH_BYTES else ""


def _hostname(authority: str) -> str:
    return authority.rsplit("@", 1)[-1].lower()


def is_served(url: str, layout: StoreLayout) -> bool:
    """Whether a URL's host is the server's own or one of the delivery hosts; a port counts where one is given."""
    address = ADDRESS.match(url)
    if address is None:
        return False
    host = _hostname(address["authority"])
    own = ADDRESS.match(layout.base_url)
    if own and _with_port(host, address["scheme"]) == _with_port(_hostname(own["authority"]), own["scheme"]):
        return True
    names = {name.strip().lower() for name in layout.delivery_hosts}
    return host in names or re.sub(r":\d+$", "", host) in names


def _with_port(host: str, scheme: str) -> tuple[str, str]:
    name, colon, port = host.rpartition(":")
    if not colon or not port.isdigit():
        name, port = host, ""
    is_default = port in ("", DEFAULT_PORTS[scheme.lower()])
    return name, "" if is_default else port


def _leads_to(url: str, path: str, layout: StoreLayout) -> bool:
    """Whether the client's URL is the address of this file below the URL prefix."""
    address = ADDRESS.match(url)
    if address is None and (not url.startswith("/") or layout.base_url):
        return False
    named = unquote(address["path"] if address else cut_query(url), errors="surrogateescape")
    parts = _parts(named) or []
    above = [part for part in layout.url_prefix.split("/") if part]
    return parts[: len(above)] == above and "/".join(parts[len(above) :]) == path
