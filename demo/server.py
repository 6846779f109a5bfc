"""The host's web side: its audio files under /static, and the two calls of its API that were ever built."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import sys
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import unquote, urlsplit

from demo import clock, processes, table
from demo.place import Place

STATUS_PATH = re.compile(r"/api/music/long_sequence_status/(\d{1,18})")
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
CHUNK_BYTES = 65536
LONGEST_BODY_BYTES = 65536
TYPES = {".wav": "audio/wav", ".html": "text/html; charset=utf-8"}


class HostServer(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], place: Place, stop: processes.StopFlag) -> None:
        self.place = place
        self.stop = stop
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A listener who leaves early is no error."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def serve_until_stopped(self) -> None:
        self.timeout = 0.2
        while not self.stop.is_up:
            self.handle_request()


class Handler(BaseHTTPRequestHandler):
    server: HostServer
    protocol_version = "HTTP/1.1"
    timeout = 30

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        path = unquote(urlsplit(self.path).path)
        if path.startswith("/static/"):
            self.send_static(path)
        elif found := STATUS_PATH.fullmatch(path):
            self.send_session(int(found[1]))
        else:
            self.send_json(HTTPStatus.NOT_FOUND, {"success": False, "error": "Not Found"})

    def do_POST(self) -> None:
        if urlsplit(self.path).path != "/api/music/create_long_sequence":
            self.close_connection = True
            self.send_json(HTTPStatus.NOT_FOUND, {"success": False, "error": "Not Found"})
            return
        request = self.read_request()
        if request is None:
            self.close_connection = True
            self.send_json(HTTPStatus.BAD_REQUEST, {"success": False, "error": "参数无效"})
            return
        try:
            with table.writing(self.server.place) as db:
                session_id = table.insert(db, table.as_requested(request, clock.now()))
        except (sqlite3.Error, OverflowError) as error:
            self.send_json(HTTPStatus.INTERNAL_SERVER_ERROR, {"success": False, "error": str(error)})
            return
        self.send_json(HTTPStatus.OK, {"success": True, "data": {"session_id": session_id, "status": "pending"}})

    def read_request(self) -> table.Request | None:
        """The body as a request; None where it is no JSON object of whole numbers, or asks for another length."""
        try:
            length = int(self.headers.get("Content-Length", "0"))
            if not 0 < length <= LONGEST_BODY_BYTES:
                return None
            body = json.loads(self.rfile.read(length))
            request = table.Request(
                int(body["user_id"]), int(body["assessment_id"]), int(body.get("total_duration_minutes", 1)),
                int(body.get("scene_id", 0)),
            )  # fmt: skip
        except (ValueError, TypeError, KeyError, AttributeError):
            return None
        return request if 1 <= request.minutes <= 3 else None

    def send_session(self, session_id: int) -> None:
        try:
            with table.opened(self.server.place) as db:
                found = table.row(db, session_id)
        except sqlite3.Error as error:
            self.send_json(HTTPStatus.INTERNAL_SERVER_ERROR, {"success": False, "error": str(error)})
            return
        if found is None:
            self.send_json(HTTPStatus.NOT_FOUND, {"success": False, "error": "会话不存在"})
        else:
            self.send_json(HTTPStatus.OK, {"success": True, "data": dict(found)})

    def send_json(self, status: HTTPStatus, answer: dict[str, Any]) -> None:
        body = json.dumps(answer, ensure_ascii=False).encode()
        self.send_head(status, "application/json; charset=utf-8", len(body))
        self.send_body(body)

    def send_static(self, path: str) -> None:
        try:
            file = self.static_file(path).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
            self.send_page(HTTPStatus.NOT_FOUND)
        except OSError:
            self.send_page(HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            with file:
                self.send_file(file, TYPES.get(Path(path).suffix, "application/octet-stream"))

    def static_file(self, path: str) -> Path:
        root = (self.server.place.root / "static").resolve()
        found = (self.server.place.root / path.lstrip("/")).resolve()
        if not found.is_relative_to(root) or not found.is_file():
            raise FileNotFoundError(path)
        return found

    def send_file(self, file: BinaryIO, content_type: str) -> None:
        size = file.seek(0, 2)
        wanted = byte_range(self.headers.get("Range", ""), size)
        if wanted is None:
            self.send_head(
                HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, content_type, 0, {"Content-Range": f"bytes */{size}"}
            )
            return
        first, last = wanted
        if RANGE.fullmatch(self.headers.get("Range", "").strip()):
            extra = {"Accept-Ranges": "bytes", "Content-Range": f"bytes {first}-{last}/{size}"}
            self.send_head(HTTPStatus.PARTIAL_CONTENT, content_type, last - first + 1, extra)
        else:
            self.send_head(HTTPStatus.OK, content_type, size, {"Accept-Ranges": "bytes"})
        file.seek(first)
        left = last - first + 1
        while left > 0 and self.command != "HEAD" and (block := file.read(min(CHUNK_BYTES, left))):
            self.wfile.write(block)
            left -= len(block)

    def send_page(self, status: HTTPStatus) -> None:
        body = f"<!doctype html><title>{status.value} {status.phrase}</title><h1>{status.phrase}</h1>".encode()
        self.send_head(status, TYPES[".html"], len(body))
        self.send_body(body)

    def send_head(
        self, status: HTTPStatus, content_type: str, length: int, extra: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(length))
        for name, value in (extra or {}).items():
            self.send_header(name, value)
        self.end_headers()

    def send_body(self, body: bytes) -> None:
        if self.command != "HEAD":
            self.wfile.write(body)

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


def port_problem(address: str, port: int) -> str | None:
    """Why nothing can listen there, in one line; None where something can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return f"cannot listen on {address}:{port}: {error.strerror}"
    return None
