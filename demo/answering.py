"""How the host's web server answers when all is well: pages, JSON, and files whole or in part."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler
from typing import Any, BinaryIO

RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
CHUNK_BYTES = 65536
HTML, JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = 30

    def is_stopping(self) -> bool:
        """Whether an answer that takes long is to be given up."""
        raise NotImplementedError

    def send_json(self, status: HTTPStatus, answer: dict[str, Any]) -> None:
        self.send_content(status, JSON, json.dumps(answer, ensure_ascii=False))

    def send_page(self, status: HTTPStatus) -> None:
        page = f"<!doctype html><title>{status.value} {status.phrase}</title><h1>{status.phrase}</h1>"
        # Browsers keep a 410 for good otherwise, and what was mended would stay broken for them.
        self.send_content(status, HTML, page, {"Cache-Control": "no-store"})

    def send_content(
        self, status: HTTPStatus, content_type: str, content: str, extra: dict[str, str] | None = None
    ) -> None:
        body = content.encode()
        self.send_head(status, content_type, len(body), extra)
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_file(self, file: BinaryIO, content_type: str, size: int) -> None:
        """The first `size` bytes of a file, or the part of them that was asked for."""
        asked = self.headers.get("Range", "")
        wanted = byte_range(asked, size)
        if wanted is None:
            beyond = {"Content-Range": f"bytes */{size}"}
            self.send_head(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, content_type, 0, beyond)
            return
        first, last = wanted
        if RANGE.fullmatch(asked.strip()):
            extra = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/{size}"}
            self.send_head(HTTPStatus.PARTIAL_CONTENT, content_type, last - first + 1, extra)
        else:
            self.send_head(HTTPStatus.OK, content_type, size, {"Accept-Ranges": "bytes"})
        self.send_bytes(file, first, last - first + 1)

    def send_head(
        self, status: HTTPStatus, content_type: str, length: int, extra: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def send_bytes(self, file: BinaryIO, first: int, left: int) -> None:
        file.seek(first)
        while left > 0 and self.command != "HEAD" and (block := file.read(min(CHUNK_BYTES, left))):
            self.wfile.write(block)
            left -= len(block)

    def log_message(self, *_args: object) -> None:
        """The demo's terminal belongs to the lines that matter."""


def byte_range(wanted: str, size: int) -> tuple[int, int] | None:
    """First and last byte to send; the whole file for a Range that says nothing, None for one behind its end."""
    found = RANGE.fullmatch(wanted.strip())
    if not found or found[1] == found[2] == "":
        return 0, size - 1
    if found[1] == "":
        return (max(0, size - int(found[2])), size - 1) if int(found[2]) and size else None
    first, last = int(found[1]), min(int(found[2] or size - 1), size - 1)
    return (first, last) if first <= last else None
