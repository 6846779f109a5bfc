"""A host's web server for tests: it delivers the files of a scene as they are on disk, or answers as it is told to."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pytest_django import Settings

from diagnostics.delivery_rounds import ask_recent
from tests.reconcile.scene import PREFIX, Scene
from tests.web_servers import Server, Speak, answering, delivering, serving


@dataclass(slots=True)
class Delivery:
    """`fault` answers in place of the files, while there is one."""

    root: Path
    server: Server | None = None
    fault: Speak | None = None

    def speak(self, connection: socket.socket, head: str) -> None:
        if self.fault is not None:
            self.fault(connection, head)
            return
        target = head.split(" ")[1].partition("?")[0]
        path = self.root / target.removeprefix(PREFIX)
        found = target.startswith(PREFIX) and path.is_file()
        speak = (
            delivering(path.read_bytes()) if found else answering("404 Not Found", b"<html>", Content_Type="text/html")
        )
        speak(connection, head)

    @property
    def requests(self) -> list[str]:
        """What was asked for, in order."""
        assert self.server is not None
        return [head.split(" ")[1] for head in self.server.requests]

    @property
    def connections(self) -> int:
        assert self.server is not None
        return self.server.connections

    @property
    def origin(self) -> str:
        assert self.server is not None
        return self.server.origin


@contextmanager
def delivering_files(root: Path, settings: Settings) -> Iterator[Delivery]:
    """Deliver the files below a root, and have the settings name this server as the host's."""
    delivery = Delivery(root)
    with serving(delivery.speak) as delivery.server:
        settings.PUBLIC_BASE_URL = delivery.server.origin
        yield delivery


REFUSING = answering("404 Not Found", b"<html>", Content_Type="text/html")


def peopled(scene: Scene, *keys: int) -> None:
    """Completed sessions, and a pass that saw them."""
    for key in keys:
        scene.session(key)
    scene.run()


def asked(scene: Scene, *, stop: threading.Event | None = None) -> int:
    """One round of the worker's questions, at the scene's time."""
    return ask_recent(scene.now, stop or threading.Event())


def names(delivery: Delivery) -> list[int]:
    """Whose audio was asked for, in order, since the last time."""
    assert delivery.server is not None
    found = [int(path.rpartition("long_sequence_")[2].partition("_")[0]) for path in delivery.requests]
    delivery.server.requests.clear()
    return found
