"""A real server that behaves badly: it is silent, drips, speaks nonsense, floods, or hangs up."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

Manner = Callable[[socket.socket], None]


def silence(client: socket.socket) -> None:
    while client.recv(65_536):
        """Whatever it is asked."""


def hang_up(client: socket.socket) -> None:
    client.recv(1)


def banner(client: socket.socket) -> None:
    client.sendall(b"220 mail.example.com ESMTP token=never-told-9\r\n" * 40)
    silence(client)


def web_page(client: socket.socket) -> None:
    client.recv(65_536)
    client.sendall(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")


def drip(client: socket.socket) -> None:
    """A byte now and then, of a line that never ends."""
    client.sendall(b"+")
    while True:
        client.sendall(b"\x01")
        time.sleep(0.05)


def flood(client: socket.socket) -> None:
    while True:
        client.sendall(b"\x00" * 65_536)


def noise(client: socket.socket) -> None:
    client.sendall(os.urandom(4096))
    silence(client)


def endless_list(client: socket.socket) -> None:
    client.recv(65_536)
    client.sendall(b"*1\r\n" * 200_000)
    silence(client)


def echo(client: socket.socket) -> None:
    """Refuses everything, with the words of whoever asked."""
    while asked := client.recv(65_536):
        client.sendall(b"-ERR what is " + b" ".join(asked.split()) + b"\r\n")


MANNERS: tuple[Manner, ...] = (silence, hang_up, banner, web_page, drip, flood, noise, endless_list, echo)


@contextmanager
def rude_server(manner: Manner) -> Iterator[int]:
    """Give the port of a server with such manners."""
    listening = socket.create_server(("127.0.0.1", 0))
    clients: list[socket.socket] = []
    threading.Thread(target=_serve, args=(listening, manner, clients), daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        for sock in (listening, *clients):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
            sock.close()


def _serve(listening: socket.socket, manner: Manner, clients: list[socket.socket]) -> None:
    with suppress(OSError):
        while True:
            client, _ = listening.accept()
            clients.append(client)
            threading.Thread(target=_behave, args=(client, manner), daemon=True).start()


def _behave(client: socket.socket, manner: Manner) -> None:
    with suppress(OSError), client:
        manner(client)
