"""The ways in which a web server fails its listeners although the file is there; each is a real answer, or none."""

from __future__ import annotations

import select
import socket
import ssl
import time
from collections.abc import Callable
from http import HTTPStatus
from typing import BinaryIO

from demo.answering import HTML, JSON, Answering
from demo.place import Place

Way = Callable[[Answering, BinaryIO, str, int], None]

LOGIN_PATH = "/login"
LOGIN_PAGE = "<!doctype html><title>登录</title><h1>请先登录</h1><form method=post><input name=phone><button>登录</button></form>"
LOGIN_JSON = '{"success": false, "error": "请先登录", "code": 401}'
TICK_SECONDS = 0.2
DRIP_SECONDS = 1.0


def page_of(status: HTTPStatus) -> Way:
    return lambda answering, _file, _content_type, _size: answering.send_page(status)


def content_of(content_type: str, content: str) -> Way:
    return lambda answering, _file, _content_type, _size: answering.send_content(HTTPStatus.OK, content_type, content)


def whole(answering: Answering, file: BinaryIO, content_type: str, size: int) -> None:
    """All of it, whatever part was asked for, and no word of parts."""
    answering.send_head(HTTPStatus.OK, content_type, size)
    answering.send_bytes(file, 0, size)


def first_half(answering: Answering, file: BinaryIO, content_type: str, size: int) -> None:
    """As a cache does that took the file before it was finished."""
    answering.send_file(file, content_type, size // 2)


def to_login(answering: Answering, _file: BinaryIO, _content_type: str, _size: int) -> None:
    answering.send_content(HTTPStatus.FOUND, HTML, LOGIN_PAGE, {"Location": LOGIN_PATH})


def hang(answering: Answering, _file: BinaryIO, _content_type: str, _size: int) -> None:
    """Never answers, until the listener leaves or the server stops."""
    answering.close_connection = True
    while not answering.is_stopping() and not has_left(answering.connection, TICK_SECONDS):
        pass


def drip(answering: Answering, file: BinaryIO, content_type: str, size: int) -> None:
    """A byte of the answer's head a second, and of the file behind it."""
    answering.close_connection = True
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {size}\r\n\r\n".encode()
    for byte in head + file.read(size):
        answering.wfile.write(bytes((byte,)))
        end = time.monotonic() + DRIP_SECONDS
        while time.monotonic() < end:
            if answering.is_stopping() or has_left(answering.connection, TICK_SECONDS):
                return


def has_left(connection: socket.socket, seconds: float) -> bool:
    """Whether the other side has closed; waits this long for it."""
    readable, _, _ = select.select([connection], [], [], seconds)
    if not readable:
        return False
    if isinstance(connection, ssl.SSLSocket):
        return True  # nothing can be looked at without being read: who speaks again is let go
    if connection.recv(1, socket.MSG_PEEK):
        time.sleep(seconds)  # it says more meanwhile, and waits for its answer nevertheless
        return False
    return True


WAYS: dict[str, Way] = {
    "401": page_of(HTTPStatus.UNAUTHORIZED),
    "403": page_of(HTTPStatus.FORBIDDEN),
    "404": page_of(HTTPStatus.NOT_FOUND),
    "410": page_of(HTTPStatus.GONE),
    "500": page_of(HTTPStatus.INTERNAL_SERVER_ERROR),
    "html": content_of(HTML, LOGIN_PAGE),
    "json": content_of(JSON, LOGIN_JSON),
    "no_range": whole,
    "length": first_half,
    "redirect": to_login,
    "hang": hang,
    "drip": drip,
}


def ordered(place: Place, session_id: int | None) -> Way | None:
    """The way that the server was told for this session's file, else for all audio; None: to serve it well."""
    for path in (place.serving(session_id), place.serving(None)):
        try:
            return WAYS.get(path.read_text().strip())
        except FileNotFoundError:
            continue
    return None
