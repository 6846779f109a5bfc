"""A real proxy between a client and a server that can stop forwarding: so a server hangs that others need."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

PIECE_BYTES = 65_536


class TcpProxy:
    """Forwards what comes at `port` to a place and back, until `freeze`: then it takes all and passes on nothing.

    With `secured` it speaks TLS with its clients, and none with the place.
    """

    def __init__(self, place: tuple[str, int], secured: ssl.SSLContext | None = None) -> None:
        self._place, self._secured = place, secured
        self._flows = threading.Event()
        self._flows.set()
        self._sockets: list[socket.socket] = []
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        self.answers = 0  # pieces that went back to clients
        self.most_answers = 1_000_000_000
        threading.Thread(target=self._accept, daemon=True).start()

    def freeze(self, *, after_answers: int = 0) -> None:
        """At once, or in the middle: when so many pieces have gone back to clients."""
        self.most_answers = self.answers + after_answers
        if not after_answers:
            self._flows.clear()

    def thaw(self) -> None:
        self.most_answers = 1_000_000_000
        self._flows.set()

    def close(self) -> None:
        self.thaw()
        for sock in (self._listening, *self._sockets):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listening.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        self._sockets.append(client)
        with suppress(OSError):
            if self._secured:
                client = self._secured.wrap_socket(client, server_side=True)
            server = socket.create_connection(self._place)
            self._sockets += [client, server]
            for source, target, back in ((client, server, False), (server, client, True)):
                threading.Thread(target=self._forward, args=(source, target, back), daemon=True).start()

    def _forward(self, source: socket.socket, target: socket.socket, back: bool) -> None:
        with suppress(OSError):
            while data := source.recv(PIECE_BYTES):
                if back and self.answers >= self.most_answers:
                    self._flows.clear()
                self._flows.wait()
                self.answers += back
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)


@contextmanager
def tcp_proxy(place: tuple[str, int], secured: ssl.SSLContext | None = None) -> Iterator[TcpProxy]:
    proxy = TcpProxy(place, secured)
    try:
        yield proxy
    finally:
        proxy.close()
