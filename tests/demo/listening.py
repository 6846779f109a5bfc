"""Who listens to the demo's running server: asks as a player does, and knows when all is well."""

from __future__ import annotations

import http.client
import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Listener:
    """Asks the running server as a player does."""

    port: int

    def get(self, path: str, *, method: str = "GET", part: str = "bytes=0-1", seconds: float = 5) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=seconds)
        try:
            connection.request(method, path, headers={"Range": part} if part else {})
            answer = connection.getresponse()
            return Answer(answer.status, dict(answer.getheaders()), answer.read(1_000_000))
        finally:
            connection.close()

    def json(self, path: str) -> tuple[int, dict[str, Any]]:
        answer = self.get(path, part="")
        return answer.status, json.loads(answer.body)


def is_well(answer: Answer, size: int) -> bool:
    return (answer.status, answer.headers.get("Content-Range"), answer.body) == (206, f"bytes 0-1/{size}", b"RI")
