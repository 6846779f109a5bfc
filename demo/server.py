"""The host's web side: its audio files under /static, the two calls of its API that were ever built, and a player."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import sys
import time
from contextlib import suppress
from http import HTTPStatus
from http.server import ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from demo import answers, availability, certificates, clock, hook, links, naming, player, processes, table, ways
from demo.answering import HTML, Answering
from demo.place import Place

STATUS_PATH = re.compile(re.escape(answers.STATUS_PATH) + r"(\d{1,18})")
LONGEST_BODY_BYTES = 65536
TYPES = {".wav": "audio/wav", ".html": HTML}
EVERY_ADDRESS = ("", "0.0.0.0")


class HostServer(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, address: tuple[str, int], place: Place, stop: processes.StopFlag) -> None:
        self.place = place
        self.stop = stop
        self.named = "127.0.0.1" if address[0] in EVERY_ADDRESS else address[0]
        super().__init__(address, Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A listener who leaves early is no error."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)

    def finish_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own, so that nobody waits for another one's handshake."""
        with certificates.met(request, self.place.certificate) as connection:
            super().finish_request(connection, client_address)

    def serve_until_stopped(self) -> None:
        self.leave_address()
        self.timeout = 0.2
        while not self.stop.is_up:
            self.handle_request()

    def leave_address(self) -> None:
        """For commands that write links into rows; where no demo host was set up, there are no rows either."""
        with suppress(FileNotFoundError):
            self.place.server_url.write_text(f"http://{self.named}:{self.server_port}\n")


class Handler(Answering):
    server: HostServer

    def is_stopping(self) -> bool:
        return self.server.stop.is_up

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        path = unquote(parts.path)
        if path.startswith("/static/"):
            self.send_static(path, parts.query)
        elif found := STATUS_PATH.fullmatch(path):
            self.send_session(int(found[1]))
        elif player.PATH.fullmatch(path):
            self.send_content(HTTPStatus.OK, HTML, player.PAGE)
        elif path == ways.LOGIN_PATH:
            self.send_content(HTTPStatus.OK, HTML, ways.LOGIN_PAGE)
        else:
            self.send_json(HTTPStatus.NOT_FOUND, {"success": False, "error": "Not Found"})

    def do_POST(self) -> None:
        path = urlsplit(self.path).path
        if path == hook.PATH:
            self.take_in()
            return
        if path != answers.CREATE_PATH:
            self.close_connection = True
            self.send_json(HTTPStatus.NOT_FOUND, {"success": False, "error": "Not Found"})
            return
        request = self.read_request()
        if request is None:
            self.close_connection = True
            self.send_json(HTTPStatus.BAD_REQUEST, {"success": False, "error": "参数无效"})
            return
        if told := availability.paused(self.server.place):
            self.send_json(HTTPStatus.SERVICE_UNAVAILABLE, availability.refusal(told))
            return
        try:
            with table.writing(self.server.place) as db:
                session_id = table.insert(db, table.as_requested(request, clock.now()))
        except (sqlite3.Error, OverflowError) as error:
            self.send_json(HTTPStatus.INTERNAL_SERVER_ERROR, {"success": False, "error": str(error)})
            return
        hook.announce(self.server.place, session_id)
        self.send_json(HTTPStatus.OK, answers.created(self.server.place, session_id))

    def take_in(self) -> None:
        """What whoever resets sessions tells this host."""
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal() or int(length) > hook.LONGEST_BODY_BYTES:
            self.close_connection = True
            self.send_json(HTTPStatus.BAD_REQUEST, {"success": False, "error": "no body, or too long a one"})
            return
        signature = self.headers.get("Webhook-Signature", "")
        status, words = hook.take_in(self.server.place, signature, self.rfile.read(int(length)))
        self.send_json(status, {"success": status == HTTPStatus.ACCEPTED, "message": words})

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
            found = answers.session(self.server.place, session_id)
        except sqlite3.Error as error:
            self.send_json(HTTPStatus.INTERNAL_SERVER_ERROR, {"success": False, "error": str(error)})
            return
        if found is None:
            self.send_json(HTTPStatus.NOT_FOUND, {"success": False, "error": "会话不存在"})
        else:
            self.send_json(HTTPStatus.OK, {"success": True, "data": found})

    def send_static(self, path: str, query: str) -> None:
        if links.is_refused(self.server.place, path, query, time.time()):
            self.send_page(HTTPStatus.UNAUTHORIZED)
            return
        try:
            file = self.static_file(path).open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, ValueError):
            self.send_page(HTTPStatus.NOT_FOUND)
        except OSError:
            self.send_page(HTTPStatus.INTERNAL_SERVER_ERROR)
        else:
            with file:
                content_type = TYPES.get(Path(path).suffix, "application/octet-stream")
                answer = self.ordered(path) or Answering.send_file
                answer(self, file, content_type, file.seek(0, 2))

    def static_file(self, path: str) -> Path:
        root = (self.server.place.root / "static").resolve()
        found = (self.server.place.root / path.lstrip("/")).resolve()
        if not found.is_relative_to(root) or not found.is_file():
            raise FileNotFoundError(path)
        return found

    def ordered(self, path: str) -> ways.Way | None:
        convention = naming.CONVENTION.fullmatch(path.rpartition("/")[2])
        return ways.ordered(self.server.place, int(convention[1]) if convention else None)


def port_problem(address: str, port: int) -> str | None:
    """Why nothing can listen there, in one line; None where something can."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            return f"cannot listen on {address}:{port}: {error.strerror}"
    return None
