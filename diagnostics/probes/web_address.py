"""Whom a URL asks: the address taken apart, its name resolved once, and no private address behind a public name."""

from __future__ import annotations

import ipaddress
import queue
import re
import socket
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, quote, urlsplit

if TYPE_CHECKING:
    from diagnostics.probes.web import Answer

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

DEFAULT_PORTS = {"http": 80, "https": 443}
# Names under which nobody outside can publish an address.
PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet")
MOST_RESOLVING = 16  # threads that wait for a resolver; each ends when that does
DROPPED = re.compile(r"^ |[\x00-\x1f\x7f]")  # by urlsplit: what it took apart would not be what was given
HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?\.?")
NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
UNICAST = ipaddress.IPv6Network("2000::/3")  # all of IPv6 that is given out for use on the internet
IN_PATHS = "/%:@!$&'()*+,;=~-._"


class NoAnswer(Exception):
    """No answer came, or none may be asked for: `problem` as in `domain.delivery`, `detail` the system's own words.

    `answer` is what had come of one: its headers are whole, and its body ends before its time.
    """

    def __init__(self, problem: str, detail: str = "", answer: Answer | None = None) -> None:
        super().__init__(f"{problem}: {detail}" if detail else problem)
        self.problem, self.detail, self.answer = problem, detail, answer


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart; `path` holds the query, percent-encoded for the wire."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def host_header(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.host_header}"


def target_of(url: str) -> Target:
    """Take an http or https URL apart. Raises NoAnswer("bad_url") for one that no client could ask for."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise NoAnswer("bad_url") from None
    if DROPPED.search(url) or parts.scheme not in DEFAULT_PORTS or parts.username is not None or port == 0:
        raise NoAnswer("bad_url")
    path = quote(parts.path or "/", safe=IN_PATHS, errors="surrogatepass")
    query = quote(parts.query, safe=f"{IN_PATHS}?", errors="surrogatepass")
    host = _host_of(parts)
    return Target(parts.scheme, host, port or DEFAULT_PORTS[parts.scheme], f"{path}?{query}" if query else path)


def _host_of(parts: SplitResult) -> str:
    """The host as it is asked for: an address, or a name in ASCII."""
    host = parts.hostname or ""
    if as_address(host) is not None and "%" not in host:
        return host
    try:
        name = host.encode("idna").decode()
    except UnicodeError:
        raise NoAnswer("bad_url") from None
    if not HOST_NAME.fullmatch(name) or ".." in name:
        raise NoAnswer("bad_url")
    return name


def addresses_of(
    target: Target, deadline: float, networks: Sequence[Network], resolve: Resolve | None
) -> Sequence[str]:
    """Return the addresses that a target's name turns to now. Raises NoAnswer, also where one of them may not be asked."""
    if as_address(target.host) is not None:
        return [target.host]
    found = _resolved(target, deadline, resolve or _system_resolve)
    if is_public_name(target.host):
        _refuse_private(found, networks)
    return found


def is_public_name(host: str) -> bool:
    """Whether anybody on the internet could have a say in what this name turns to."""
    name = host.rstrip(".").lower()
    return as_address(host) is None and "." in name and not name.endswith(PRIVATE_ENDINGS)


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet at large, looked at through what IPv6 wraps around it."""
    inner = unwrapped(address)
    if inner is not address:
        return is_public(inner)
    is_given_out = isinstance(address, ipaddress.IPv4Address) or address in UNICAST
    return is_given_out and address.is_global and not address.is_multicast


def unwrapped(address: Address) -> Address:
    """Return the IPv4 address that an IPv6 one stands for, or the address itself."""
    if isinstance(address, ipaddress.IPv4Address):
        return address
    if address in NAT64:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, address))[1]


def as_address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


def _refuse_private(addresses: Sequence[str], networks: Sequence[Network]) -> None:
    """All of them, or none: which one would be asked is not left to whoever named them."""
    for text in addresses:
        address = as_address(text)
        is_allowed = address is not None and (
            is_public(address) or any(unwrapped(address) in network for network in networks)
        )
        if not is_allowed:
            raise NoAnswer("private_address", text)


def _resolved(target: Target, deadline: float, resolve: Resolve) -> Sequence[str]:
    """The system's resolver knows no deadline: it is asked in a thread, of which there are only so many."""
    if not _resolving.acquire(blocking=False):
        raise NoAnswer("busy", "the resolver does not answer")
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
    try:
        threading.Thread(target=_look_up, args=(target, resolve, answers), daemon=True).start()
    except RuntimeError as error:
        _resolving.release()
        raise NoAnswer("busy", str(error)) from None
    try:
        found = answers.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise NoAnswer("timeout", "the name was not resolved in time") from None
    if isinstance(found, Exception):
        raise NoAnswer("no_name", str(found)) from None
    if not found:
        raise NoAnswer("no_name")
    return found


_resolving = threading.BoundedSemaphore(MOST_RESOLVING)


def _look_up(target: Target, resolve: Resolve, answers: queue.SimpleQueue[Sequence[str] | Exception]) -> None:
    try:
        answers.put(resolve(target.host, target.port))
    except (OSError, UnicodeError) as error:
        answers.put(error)
    finally:
        _resolving.release()


def _system_resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))
