"""One question over HTTP within one deadline: the name resolved once, no redirect followed, no more read than wanted."""

from __future__ import annotations

import http.client
import io
import ipaddress
import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

if TYPE_CHECKING:
    from typing_extensions import Buffer

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Resolve = Callable[[str, int], Sequence[str]]

DEFAULT_PORTS = {"http": 80, "https": 443}
# Names under which nobody outside can publish an address.
PRIVATE_ENDINGS = (".localhost", ".local", ".internal", ".lan", ".home.arpa", ".intranet")
MOST_RESOLVING = 16  # threads that wait for a resolver; each ends when that does
AGENT = "AudioDiagnostics/1"
# Of OpenSSL's X509_V_ERR_…: the certificate's time, and whom it is for; any other means that nobody trusted vouches for it.
OUT_OF_TIME, OTHER_NAME = (9, 10), (62, 64)


class NoAnswer(Exception):
    """No answer came, or none may be asked for: `problem` as in `domain.delivery`, `detail` the system's own words."""

    def __init__(self, problem: str, detail: str = "") -> None:
        super().__init__(f"{problem}: {detail}" if detail else problem)
        self.problem, self.detail = problem, detail


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and the first bytes of the body; `address` is who answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str
    seconds: float


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


def ask(
    url: str,
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    most_bytes: int = 65_536,
    networks: Sequence[Network] = (),
    resolve: Resolve | None = None,
) -> Answer:
    """GET a URL and return its answer as it comes, at most `most_bytes` of its body, within `seconds` in all.

    A public name that turns to an address which is not public is not asked, unless it lies in one of `networks`; an
    address or a private name that stands in the URL itself is. Raises NoAnswer.
    """
    begun = time.monotonic()
    deadline = begun + seconds
    target = target_of(url)
    addresses = _resolved(target, deadline, resolve or _system_resolve)
    _refuse_private(target.host, addresses, networks)
    sock, address = _connect(target, addresses, deadline)
    with closing(sock):
        wire = _Wire(sock, deadline)
        connection = http.client.HTTPConnection(target.host, target.port)
        connection.sock = wire  # all that it asks of a socket
        told = {"Host": target.host_header, "User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}
        try:
            connection.request("GET", target.path, headers={**told, **(headers or {})})
            response = connection.getresponse()
            body = response.read(most_bytes)
        except http.client.RemoteDisconnected as error:
            raise NoAnswer("closed", str(error)) from None
        except (http.client.HTTPException, ValueError) as error:
            raise NoAnswer("not_http", type(error).__name__) from None
        except OSError as error:
            raise _no_answer(error) from None
    named = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, named, body, address, time.monotonic() - begun)


def target_of(url: str) -> Target:
    """Take an http or https URL apart. Raises NoAnswer("bad_url") for one that no client could ask for."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise NoAnswer("bad_url", str(error)) from None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname or parts.username is not None:
        raise NoAnswer("bad_url")
    path = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~-._", errors="surrogatepass")
    query = quote(parts.query, safe="/%:@!$&'()*+,;=~-._?", errors="surrogatepass")
    return Target(
        parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme], f"{path}?{query}" if query else path
    )


def is_public_name(host: str) -> bool:
    """Whether anybody on the internet could have a say in what this name turns to."""
    return _as_address(host) is None and "." in host.rstrip(".") and not host.rstrip(".").endswith(PRIVATE_ENDINGS)


def is_public(address: Address) -> bool:
    """Whether an address is one of the internet at large, looked at through what IPv6 wraps around it."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _resolved(target: Target, deadline: float, resolve: Resolve) -> Sequence[str]:
    if _as_address(target.host) is not None:
        return [target.host]
    if _resolving.qsize() >= MOST_RESOLVING:
        raise NoAnswer("busy", "the resolver does not answer")
    answers: queue.SimpleQueue[Sequence[str] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(target, resolve, answers), daemon=True).start()
    try:
        found = answers.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise NoAnswer("timeout", "the name was not resolved in time") from None
    if isinstance(found, Exception):
        raise NoAnswer("no_name", str(found)) from None
    if not found:
        raise NoAnswer("no_name")
    return found


_resolving: queue.SimpleQueue[None] = queue.SimpleQueue()


def _look_up(target: Target, resolve: Resolve, answers: queue.SimpleQueue[Sequence[str] | Exception]) -> None:
    _resolving.put(None)
    try:
        answers.put(resolve(target.host, target.port))
    except (OSError, UnicodeError) as error:
        answers.put(error)
    finally:
        _resolving.get()


def _system_resolve(host: str, port: int) -> Sequence[str]:
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def _refuse_private(host: str, addresses: Sequence[str], networks: Sequence[Network]) -> None:
    """All of them, or none: which one would be asked is not left to whoever named them."""
    if not is_public_name(host):
        return
    for text in addresses:
        address = _as_address(text)
        is_allowed = address is not None and (is_public(address) or any(address in network for network in networks))
        if not is_allowed:
            raise NoAnswer("private_address", text)


def _connect(target: Target, addresses: Sequence[str], deadline: float) -> tuple[socket.socket, str]:
    problem = NoAnswer("unreachable")
    for address in addresses:
        try:
            sock = socket.create_connection((address, target.port), timeout=_left(deadline))
            return (_secured(sock, target.host, deadline) if target.scheme == "https" else sock), address
        except ssl.SSLCertVerificationError as error:
            raise NoAnswer(_certificate_problem(error), error.verify_message) from None
        except ssl.SSLError as error:
            raise NoAnswer("tls", error.reason or "") from None
        except OSError as error:
            problem = _no_answer(error)
    raise problem


def _secured(sock: socket.socket, host: str, deadline: float) -> socket.socket:
    sock.settimeout(_left(deadline))
    try:
        return _trust().wrap_socket(sock, server_hostname=host)
    except BaseException:
        sock.close()
        raise


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The certificates that this machine trusts; read once, since that takes longer than a question."""
    return ssl.create_default_context()


def _certificate_problem(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in OUT_OF_TIME:
        return "certificate_expired"
    return "certificate_name" if error.verify_code in OTHER_NAME else "certificate_untrusted"


def _no_answer(error: OSError) -> NoAnswer:
    detail = error.strerror or type(error).__name__
    if isinstance(error, TimeoutError):
        return NoAnswer("timeout")
    if isinstance(error, ConnectionRefusedError):
        return NoAnswer("refused", detail)
    if isinstance(error, ConnectionResetError | BrokenPipeError | ssl.SSLError):
        return NoAnswer("closed", detail)
    return NoAnswer("unreachable", detail)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _as_address(text: str) -> Address | None:
    try:
        return ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return None


class _Wire:
    """A connected socket whose every operation ends at one deadline, however slowly the other side speaks."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self.sock, self.deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        self.sock.settimeout(_left(self.deadline))
        self.sock.sendall(data)

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Incoming(self))

    def close(self) -> None:
        """The socket is closed by whoever opened it."""


class _Incoming(io.RawIOBase):
    def __init__(self, wire: _Wire) -> None:
        self.wire = wire

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Buffer) -> int:
        self.wire.sock.settimeout(_left(self.wire.deadline))
        return self.wire.sock.recv_into(buffer)
