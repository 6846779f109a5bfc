"""Each way in which the demo's running server fails its listeners, asked for over real HTTP, and gone when mended."""

from __future__ import annotations

import socket
import time
from pathlib import Path

import pytest

from demo.faults.delivery import DOES
from demo.place import Place
from demo.ways import WAYS
from tests.demo.conftest import Demo, Start, free_port, path_of, size_of, wait_for
from tests.demo.listening import Listener, is_well


@pytest.mark.parametrize(
    ("code", "status", "content_type", "begin"),
    [
        ("delivery.not_served", 404, "text/html", b"<!doctype html><title>404"),
        ("delivery.not_served:403", 403, "text/html", b"<!doctype html><title>403"),
        ("delivery.not_served:410", 410, "text/html", b"<!doctype html><title>410"),
        ("delivery.not_served:500", 500, "text/html", b"<!doctype html><title>500"),
        ("delivery.not_audio", 200, "text/html", "<!doctype html><title>登录".encode()),
        ("delivery.not_audio:json", 200, "application/json", b'{"success": false'),
        ("delivery.no_range", 200, "audio/wav", b"RIFF"),
        ("delivery.not_served:length", 206, "audio/wav", b"RI"),
    ],
)
def test_it_fails_one_session_until_it_is_mended(
    place: Place, demo: Demo, listener: Listener, code: str, status: int, content_type: str, begin: bytes
) -> None:
    assert demo("break", code, "7").returncode == 0
    answer = listener.get(path_of(place, 7))
    assert (answer.status, answer.headers["Content-Type"].partition(";")[0]) == (status, content_type)
    assert answer.body.startswith(begin)
    assert is_well(listener.get(path_of(place, 8)), size_of(place, 8))
    assert demo("break", code, "--undo").returncode == 0
    assert is_well(listener.get(path_of(place, 7)), size_of(place, 7))


def test_without_ranges_all_of_it_comes_and_nothing_tells_of_parts(
    place: Place, demo: Demo, listener: Listener
) -> None:
    demo("break", "delivery.no_range", "7")
    answer = listener.get(path_of(place, 7), method="HEAD")
    assert answer.headers["Content-Length"] == str(size_of(place, 7))
    assert not {"Accept-Ranges", "Content-Range"} & set(answer.headers)


def test_another_length_is_told_and_kept_to(place: Place, demo: Demo, listener: Listener) -> None:
    demo("break", "delivery.not_served:length", "7")
    half = size_of(place, 7) // 2
    assert listener.get(path_of(place, 7)).headers["Content-Range"] == f"bytes 0-1/{half}"
    assert listener.get(path_of(place, 7), part="", method="HEAD").headers["Content-Length"] == str(half)
    assert listener.get(path_of(place, 7), part=f"bytes={half}-").status == 416


@pytest.mark.parametrize("way", WAYS)
def test_the_whole_server_fails_in_each_way_that_is_offered(
    place: Place, demo: Demo, listener: Listener, way: str
) -> None:
    assert demo("break", f"server:{way}").returncode == 0
    for session_id in (7, 8):
        if way in ("hang", "drip"):
            with pytest.raises(TimeoutError):
                listener.get(path_of(place, session_id), seconds=0.5)
        else:
            assert not is_well(listener.get(path_of(place, session_id)), size_of(place, session_id))
    demo("mend")
    assert is_well(listener.get(path_of(place, 7)), size_of(place, 7))


def test_every_way_has_its_words() -> None:
    assert list(DOES) == list(WAYS)


def test_a_redirect_leads_to_a_login_page(place: Place, demo: Demo, listener: Listener) -> None:
    demo("break", "server:redirect", "7")
    answer = listener.get(path_of(place, 7))
    assert (answer.status, answer.headers["Location"]) == (302, "/login")
    assert listener.get("/login").status == 200
    assert is_well(listener.get(path_of(place, 8)), size_of(place, 8))


def test_a_hang_ends_with_its_listener_and_others_are_served_meanwhile(
    place: Place, demo: Demo, listener: Listener
) -> None:
    demo("break", "server:hang", "7")
    with socket.create_connection(("127.0.0.1", listener.port), timeout=5) as waiting:
        waiting.sendall(f"GET {path_of(place, 7)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        wait_for(lambda: waiting_for(listener.port) == 1)
        assert is_well(listener.get(path_of(place, 8)), size_of(place, 8))
    wait_for(lambda: waiting_for(listener.port) == 0)


def waiting_for(port: int) -> int:
    """How many connections the server holds open, or has not closed behind a listener who left."""
    fields = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(part[1].endswith(f":{port:04X}") and part[3] in ("01", "08") for part in fields)


def test_a_server_that_hangs_stops_at_once(place: Place, demo: Demo, start: Start) -> None:
    port = free_port()
    process = start("server", "--port", str(port))
    wait_for(place.server_url.exists)
    demo("break", "server:hang")
    with socket.create_connection(("127.0.0.1", port), timeout=5) as waiting:
        waiting.sendall(f"GET {path_of(place, 7)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(0.5)
        process.terminate()
        assert process.wait(3) == 0
        assert waiting.recv(1) == b""


def test_a_drip_is_one_byte_a_second(place: Place, demo: Demo, listener: Listener) -> None:
    demo("break", "server:drip")
    with socket.create_connection(("127.0.0.1", listener.port), timeout=5) as waiting:
        waiting.sendall(f"GET {path_of(place, 7)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        begun = time.monotonic()
        seen = [waiting.recv(100) for _ in range(3)]
        assert seen == [b"H", b"T", b"T"]
        assert 1.5 < time.monotonic() - begun < 12


def test_nobody_is_told_twice_how_to_answer(place: Place, demo: Demo, listener: Listener) -> None:
    demo("break", "server:404")
    for code in ("server:404", "server:hang"):
        assert demo("break", code).returncode == 1
    assert listener.get(path_of(place, 7)).status == 404
