"""A connection to a cache or broker that ends at one deadline and after so many bytes, whatever its server does."""

from __future__ import annotations

import queue
import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

from diagnostics.probes.parts.server_address import NoAnswer, ServerAddress

MOST_BYTES = 16 * 1024 * 1024  # that one look reads: far above any list of clients or message of a sane size
PIECE_BYTES = 65_536
Place = tuple[Any, ...]


class Wire:
    """A connected socket, as far as clients use one; every operation ends at the deadline, however slow the other side."""

    def __init__(self, sock: socket.socket, deadline: float) -> None:
        self._sock, self._deadline = sock, deadline
        self._left_bytes = MOST_BYTES

    def recv(self, size: int) -> bytes:
        data: bytes = self._bounded(self._sock.recv, min(size, PIECE_BYTES))
        self._left_bytes -= len(data)
        if self._left_bytes < 0:
            raise NoAnswer("protocol", "the server does not stop speaking")
        return data

    def sendall(self, data: bytes) -> None:
        self._bounded(self._sock.sendall, data)

    def close(self) -> None:
        self._sock.close()

    def shutdown(self, how: int) -> None:
        self._sock.shutdown(how)

    def _bounded(self, operation: Callable[[Any], Any], argument: object) -> Any:
        try:
            self._sock.settimeout(left(self._deadline))
            return operation(argument)
        except OSError as error:
            raise _no_answer(error) from None


def connected(address: ServerAddress, deadline: float) -> Wire:
    """Connect to the first of a server's places that lets us. Raises NoAnswer."""
    context = address.secured()
    problem = NoAnswer("unreachable")
    for family, place in _places(address, deadline):
        try:
            sock = _connected(family, place, deadline)
            return Wire(_secured(sock, context, address.host, deadline) if context else sock, deadline)
        except OSError as error:
            problem = _no_answer(error)
        if problem.problem == "tls":
            break
    raise problem


def left(deadline: float) -> float:
    """Seconds until a deadline. Raises TimeoutError when there are none."""
    seconds = deadline - time.monotonic()
    if seconds <= 0:
        raise TimeoutError
    return seconds


def _connected(family: int, place: Place | str, deadline: float) -> socket.socket:
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.settimeout(left(deadline))
        sock.connect(place)
    except OSError:
        sock.close()
        raise
    return sock


def _secured(sock: socket.socket, context: ssl.SSLContext, host: str, deadline: float) -> socket.socket:
    """Nor does a server answer a handshake that speaks no TLS and waits for the end of a line."""
    sock.settimeout(left(deadline))  # which a handshake keeps to as a whole
    try:
        return context.wrap_socket(sock, server_hostname=host)
    except TimeoutError:
        raise TimeoutError(None, "the TLS handshake was not answered") from None


def _places(address: ServerAddress, deadline: float) -> Sequence[tuple[int, Place | str]]:
    if address.scheme == "unix":
        return [(socket.AF_UNIX, address.path)]
    answers: queue.SimpleQueue[Sequence[tuple[int, Place]] | Exception] = queue.SimpleQueue()
    threading.Thread(target=_look_up, args=(address, answers), daemon=True).start()
    try:
        found = answers.get(timeout=max(0.0, deadline - time.monotonic()))
    except queue.Empty:
        raise NoAnswer("timeout", "the name was not resolved in time") from None
    if isinstance(found, Exception):
        raise NoAnswer("no_name", str(found)) from None
    return found


def _look_up(address: ServerAddress, answers: queue.SimpleQueue[Sequence[tuple[int, Place]] | Exception]) -> None:
    """In a thread of its own: a resolver keeps to no deadline, and ends with the process if it must."""
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        answers.put([(family, place) for family, _, _, _, place in found])
    except (OSError, UnicodeError) as error:
        answers.put(error)


def _no_answer(error: OSError) -> NoAnswer:
    if isinstance(error, ssl.SSLCertVerificationError):
        return NoAnswer("tls", error.verify_message)
    detail = error.strerror or type(error).__name__
    if isinstance(error, TimeoutError):
        return NoAnswer("timeout", error.strerror or "")
    if isinstance(error, ssl.SSLError):
        return NoAnswer("tls", error.reason or detail)
    if isinstance(error, ConnectionRefusedError):
        return NoAnswer("refused", detail)
    if isinstance(error, ConnectionResetError | BrokenPipeError):
        return NoAnswer("closed", detail)
    return NoAnswer("unreachable", detail)
