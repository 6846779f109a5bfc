"""A real web server in the place of the host's API: it answers what a test says, or hangs, drips, sends away."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

DRIP_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer. One that `hangs` says nothing; one that `drips` sends its body byte by byte."""

    body: bytes = b""
    status: int = 200
    content_type: str = "application/json; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    hangs: bool = False
    drips: bool = False


def told(**fields: object) -> Reply:
    """A session as the host's API tells it."""
    return as_json({"success": True, "data": fields})


def as_json(document: object, status: int = 200) -> Reply:
    return Reply(json.dumps(document, ensure_ascii=False).encode(), status)


@dataclass(slots=True)
class ApiHost:
    """Its `url`, the paths that were `asked`, and how it replies to each."""

    url: str
    reply: Callable[[str], Reply]
    asked: list[str] = field(default_factory=list)
    is_over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def api_host(reply: Reply | Callable[[str], Reply]) -> Iterator[ApiHost]:
    host = ApiHost("", reply if callable(reply) else lambda _path: reply)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            host.asked.append(self.path)
            _send(self, host.reply(self.path), host.is_over)

        def log_message(self, *_: Any) -> None:
            """Tests are quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    host.url = f"http://127.0.0.1:{server.server_port}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield host
    finally:
        host.is_over.set()
        server.shutdown()
        server.server_close()


def _send(handler: BaseHTTPRequestHandler, reply: Reply, is_over: threading.Event) -> None:
    if reply.hangs:
        is_over.wait(30)
        return
    try:
        handler.send_response(reply.status)
        for name, value in {"Content-Type": reply.content_type, **reply.headers}.items():
            handler.send_header(name, value)
        handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        for begin in range(0, len(reply.body), 1 if reply.drips else len(reply.body) or 1):
            handler.wfile.write(reply.body[begin : begin + 1] if reply.drips else reply.body)
            if reply.drips and is_over.wait(DRIP_SECONDS):
                return
    except OSError:
        """Whoever asked has heard enough."""


def closed_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
