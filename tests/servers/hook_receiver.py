"""A host's webhook receiver for tests: verifies the signature as the README's example does, and answers as it is told."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

SECRET = "only-for-the-tests-of-webhooks-0123456789"


@dataclass(slots=True)
class Receiver:
    """`statuses` are the next answers, then 204; `events` all that came with a right signature, `keys` their headers."""

    port: int = 0
    statuses: list[int] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    forged: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"


def is_genuine(header: str, body: bytes, secret: str = SECRET) -> bool:
    told = dict(part.split("=", 1) for part in header.split(","))
    wanted = hmac.new(secret.encode(), told["t"].encode() + b"." + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(wanted, told["v1"]) and abs(time.time() - int(told["t"])) < 300


@contextmanager
def hook_receiver(*statuses: int) -> Iterator[Receiver]:
    receiver, lock = Receiver(statuses=list(statuses)), threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with lock:
                if is_genuine(self.headers["Webhook-Signature"], body):
                    receiver.events.append(json.loads(body))
                    receiver.keys.append(self.headers["Idempotency-Key"])
                else:
                    receiver.forged += 1
                status = receiver.statuses.pop(0) if receiver.statuses else 204
            self.send_response(status)
            if status in (301, 302, 307, 308):
                self.send_header("Location", receiver.url)
            content = b"" if status == 204 else b"said so"
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """Nothing is printed."""

    class Server(ThreadingHTTPServer):
        request_queue_size = 64

    server = Server(("127.0.0.1", 0), Handler)
    receiver.port = server.server_address[1]
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield receiver
    finally:
        server.shutdown()
        server.server_close()
