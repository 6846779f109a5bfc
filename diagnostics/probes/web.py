"""One question over HTTP within one deadline: the name resolved once, no redirect followed, no more read than wanted."""

from __future__ import annotations

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from diagnostics.probes.web_address import Network, NoAnswer, Resolve, Target, addresses_of, is_public, target_of

if TYPE_CHECKING:
    from typing_extensions import Buffer

__all__ = ["Answer", "Network", "NoAnswer", "Resolve", "Target", "ask", "is_public", "target_of"]

AGENT = "AudioDiagnostics/1"
# Of OpenSSL's X509_V_ERR_…: the certificate's time, and whom it is for; any other means that nobody trusted vouches for it.
OUT_OF_TIME, OTHER_NAME = (9, 10), (62, 64)


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers (names in lower case) and the first bytes of the body; `address` is who answered."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    address: str
    seconds: float


def ask(
    url: str,
    *,
    seconds: float,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
    most_bytes: int = 65_536,
    networks: Sequence[Network] = (),
    resolve: Resolve | None = None,
) -> Answer:
    """GET a URL, or POST it a body, and return its answer as it comes, at most `most_bytes` of it, within `seconds` in all.

    A public name that turns to an address which is not public is not asked, unless it lies in one of `networks`; an
    address or a private name that stands in the URL itself is. No proxy, no cookie, no redirect. Raises NoAnswer.
    """
    begun = time.monotonic()
    deadline = begun + seconds
    target = target_of(url)
    sock, address = _connect(target, addresses_of(target, deadline, networks, resolve), deadline)
    with closing(sock):
        try:
            response = _head(_Wire(sock, deadline), target, headers or {}, body)
        except (OSError, http.client.HTTPException, ValueError) as error:
            raise _no_answer(error) from None
        named = {name.lower(): value for name, value in response.getheaders()}
        answer = Answer(response.status, named, b"", address, time.monotonic() - begun)
        try:
            content = response.read(most_bytes)
        except (OSError, http.client.HTTPException, ValueError) as error:
            problem = _no_answer(error)
            raise NoAnswer(problem.problem, problem.detail, answer) from None
    return replace(answer, body=content, seconds=time.monotonic() - begun)


def _head(wire: _Wire, target: Target, headers: Mapping[str, str], body: bytes | None) -> http.client.HTTPResponse:
    """Ask, and return the answer as far as its headers."""
    connection = http.client.HTTPConnection(target.host, target.port)
    connection.sock = wire  # all that it asks of a socket
    told = {"Host": target.host_header, "User-Agent": AGENT, "Accept-Encoding": "identity", "Connection": "close"}
    method = "GET" if body is None else "POST"
    connection.request(method, target.path, body=body, headers={**told, **headers})
    return connection.getresponse()


def _connect(target: Target, addresses: Sequence[str], deadline: float) -> tuple[socket.socket, str]:
    """To the first address that takes it; one that is silent leaves the others their share of the time."""
    problem = NoAnswer("unreachable")
    for number, address in enumerate(addresses):
        try:
            share = _left(deadline) / (len(addresses) - number)
            sock = socket.create_connection((address, target.port), timeout=share)
            return (_secured(sock, target.host, deadline) if target.scheme == "https" else sock), address
        except ssl.SSLCertVerificationError as error:
            raise NoAnswer(_certificate_problem(error), error.verify_message) from None
        except OSError as error:
            problem = _no_answer(error)
    raise problem


def _secured(sock: socket.socket, host: str, deadline: float) -> socket.socket:
    try:
        sock.settimeout(_left(deadline))
        return _trust().wrap_socket(sock, server_hostname=host.rstrip("."))
    except ssl.SSLCertVerificationError:
        sock.close()
        raise
    except ssl.SSLError as error:
        sock.close()
        raise _NoTLS(error.reason or "") from None
    except BaseException:
        sock.close()
        raise


class _NoTLS(OSError):
    """The other side speaks no TLS that we could speak."""


@lru_cache(maxsize=1)
def _trust() -> ssl.SSLContext:
    """The certificates that this machine trusts; read once, since that takes longer than a question."""
    return ssl.create_default_context()


def _certificate_problem(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in OUT_OF_TIME:
        return "certificate_expired"
    return "certificate_name" if error.verify_code in OTHER_NAME else "certificate_untrusted"


def _no_answer(error: Exception) -> NoAnswer:
    detail = (error.strerror if isinstance(error, OSError) else "") or type(error).__name__
    if isinstance(error, _NoTLS):
        return NoAnswer("tls", str(error))
    if isinstance(error, TimeoutError):
        return NoAnswer("timeout")
    if isinstance(error, ConnectionRefusedError):
        return NoAnswer("refused", detail)
    if isinstance(error, ConnectionError | ssl.SSLError | http.client.IncompleteRead):
        return NoAnswer("closed", detail)
    return NoAnswer("unreachable", detail) if isinstance(error, OSError) else NoAnswer("not_http", detail)


def _left(deadline: float) -> float:
    left = deadline - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


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
