"""Real web servers for tests, on ports of their own: each answers as it is told, and counts who asked for what."""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field

Speak = Callable[[socket.socket, str], object]  # with whoever asked, and what was asked for


@dataclass(slots=True)
class Server:
    """`requests` are the heads of all that came."""

    speak: Speak
    listening: socket.socket
    port: int
    context: ssl.SSLContext | None = None
    requests: list[str] = field(default_factory=list)
    connections: int = 0
    is_first_to_speak: bool = False
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def origin(self) -> str:
        return f"{'https' if self.context else 'http'}://127.0.0.1:{self.port}"

    def run(self) -> None:
        while not self.over.is_set():
            try:
                connection, _address = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection: socket.socket) -> None:
        with suppress(OSError), connection:
            spoken = self.context.wrap_socket(connection, server_side=True) if self.context else connection
            with spoken:
                head = "" if self.is_first_to_speak else _head(spoken)
                self.requests.append(head)
                self.speak(spoken, head)


@contextmanager
def serving(
    speak: Speak, context: ssl.SSLContext | None = None, *, is_first_to_speak: bool = False
) -> Iterator[Server]:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = Server(speak, listening, listening.getsockname()[1], context, is_first_to_speak=is_first_to_speak)
        threading.Thread(target=server.run, daemon=True).start()
        try:
            yield server
        finally:
            server.over.set()
            with suppress(OSError):
                listening.shutdown(socket.SHUT_RDWR)


def _head(connection: socket.socket) -> str:
    """What was asked, with the body that it announces: who closes with that unread resets. '' where nothing came."""
    seen = b""
    while (b"\r\n\r\n" not in seen or _lacks_body(seen)) and (part := connection.recv(4096)):
        seen += part
    return seen.decode("latin-1")


def _lacks_body(seen: bytes) -> bool:
    head, _, body = seen.partition(b"\r\n\r\n")
    announced = re.search(rb"content-length: *(\d+)", head.lower())
    return announced is not None and len(body) < int(announced[1])


def answering(status: str, body: bytes = b"", **headers: str) -> Speak:
    """Answers with this status, these headers (underscores for hyphens) and this body, with its length."""
    named = {"Content-Length": str(len(body)), **{name.replace("_", "-"): value for name, value in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items() if value)
    return saying(f"HTTP/1.1 {status}\r\n{lines}\r\n".encode() + body)


def saying(raw: bytes) -> Speak:
    """Says exactly these bytes, and closes."""
    return lambda connection, _head: connection.sendall(raw)


def delivering(content: bytes, kind: str = "audio/wav", *, ranges: bool = True) -> Speak:
    """Delivers a file as nginx does; without `ranges` always the whole of it, as Django does."""

    def speak(connection: socket.socket, head: str) -> None:
        if ranges and "range: bytes=0-1" in head.lower():
            told = f"bytes 0-1/{len(content)}"
            answering("206 Partial Content", content[:2], Content_Type=kind, Content_Range=told)(connection, head)
        else:
            answering("200 OK", content, Content_Type=kind)(connection, head)

    return speak


def hanging(first: bytes = b"") -> Speak:
    """Says the beginning, and then nothing for longer than any test waits."""

    def speak(connection: socket.socket, _head: str) -> None:
        connection.sendall(first)
        connection.settimeout(30)
        connection.recv(1)

    return speak


def dripping(first: bytes, drop: bytes, *, every: float = 0.05) -> Speak:
    """Says the beginning at once, and then a drop at a time, without end."""

    def speak(connection: socket.socket, _head: str) -> None:
        connection.sendall(first)
        for _ in range(600):
            connection.sendall(drop)
            time.sleep(every)

    return speak


def resetting(connection: socket.socket, _head: str) -> None:
    """Breaks the connection off as a server does whose process died."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    connection.close()


@contextmanager
def silent_at(address: str, port: int) -> Iterator[None]:
    """An address that takes no connection and refuses none: its queue is full, so that the kernel answers nobody."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind((address, port))
        listening.listen(0)
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((address, port))
        yield


def free_port() -> int:
    """A port at which nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return int(taken.getsockname()[1])
