"""A session's URL asked as a player asks: what real servers answer, and what is made of it."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.paths import StoreLayout
from diagnostics.probes.delivery import Allowed, probe
from tests.certificates import NAME, issued, trusted
from tests.reconcile.scene import wav_bytes
from tests.web_servers import (
    Server,
    Speak,
    answering,
    delivering,
    dripping,
    free_port,
    hanging,
    resetting,
    saying,
    serving,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
WAV = wav_bytes(10)
PATH = "/static/generated_music/long_sequences/long_sequence_5_20250825_120316.wav"
SECRET = "ak-7f3:planted_Signature="
SIGNED = f"{PATH}?e=4102444800&token={SECRET}"
CONTENT_RANGE = f"bytes 0-1/{len(WAV)}"


def asked(server: Server, path: str = PATH, *, seconds: float = 5) -> DeliveryFacts:
    return probe(f"{server.origin}{path}", Allowed(StoreLayout((), base_url=server.origin)), now=NOW, seconds=seconds)


def told(speak: Speak, *, seconds: float = 5) -> DeliveryFacts:
    with serving(speak) as server:
        return asked(server, seconds=seconds)


def test_a_server_in_order_sends_two_bytes_and_tells_the_length() -> None:
    found = told(delivering(WAV))
    assert (found.status, found.is_partial, found.length_bytes, found.content) == (206, True, len(WAV), "wave")
    assert (found.content_type, found.content_range) == ("audio/wav", CONTENT_RANGE)
    assert (found.problem, found.address, found.asked_at) == ("", "127.0.0.1", NOW)
    assert found.is_telling
    assert found.sends_audio_of(len(WAV))


def test_a_player_is_imitated() -> None:
    with serving(delivering(WAV)) as server:
        asked(server)
        assert "\r\nRange: bytes=0-1\r\n" in server.requests[0]


def test_a_server_without_ranges_sends_the_whole() -> None:
    found = told(delivering(WAV, ranges=False))
    assert (found.status, found.is_partial, found.length_bytes, found.content) == (200, False, len(WAV), "wave")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 416, 451, 500, 502, 503, 504])
def test_a_refusal_is_told_with_its_status(status: int) -> None:
    found = told(answering(f"{status} No", b"<html>no</html>", Content_Type="text/html"))
    assert (found.status, found.is_refusal, found.is_telling) == (status, True, True)


@pytest.mark.parametrize("status", [408, 429])
def test_a_server_that_puts_off_tells_nothing(status: int) -> None:
    found = told(answering(f"{status} Wait"))
    assert (found.is_telling, found.why_not_telling) == (False, "put_off")


CONTENTS: dict[str, tuple[Speak, str]] = {
    "a page": (answering("200 OK", b"\xef\xbb\xbf \n<!DOCTYPE html><html>", Content_Type="text/html"), "html"),
    "a page in part": (answering("206 Partial", b"<h", Content_Type="text/html", Content_Range="bytes 0-1/9"), "html"),
    "JSON": (answering("200 OK", b'{"success": false}', Content_Type="application/json"), "json"),
    "a list": (answering("200 OK", b"[]"), "json"),
    "XML": (answering("200 OK", b"<?xml version='1.0'?><Error/>", Content_Type="application/xml"), "xml"),
    "XML in part": (answering("206 P", b"<E", Content_Type="application/xml", Content_Range="bytes 0-1/9"), "xml"),
    "nothing": (answering("200 OK", b""), "empty"),
    "no content": (saying(b"HTTP/1.1 204 No Content\r\n\r\n"), "empty"),
    "gzip": (answering("200 OK", b"\x1f\x8b\x08\0\0", Content_Encoding="gzip"), "other"),
    "another format": (answering("200 OK", b"ID3\x04"), "other"),
    "text": (answering("200 OK", b"RIP"), "other"),
    "one byte": (answering("206 P", b"R", Content_Range="bytes 0-0/9"), "other"),
    "RF64": (answering("200 OK", b"RF64\xff\xff\xff\xffWAVE"), "wave"),
    "BW64 in part": (answering("206 P", b"BW", Content_Range="bytes 0-1/9"), "wave"),
}


@pytest.mark.parametrize(("speak", "content"), CONTENTS.values(), ids=CONTENTS)
def test_the_first_bytes_tell_what_came(speak: Speak, content: str) -> None:
    assert told(speak).content == content


@pytest.mark.parametrize(
    ("status", "headers", "length", "is_partial"),
    [
        ("206 P", {"Content_Range": "bytes 0-1/77"}, 77, True),
        ("206 P", {"Content_Range": "BYTES 0-1/77"}, 77, True),
        ("206 P", {"Content_Range": "bytes 0-1/*"}, None, True),
        ("206 P", {"Content_Range": "bytes 0-9/77"}, 77, False),
        ("206 P", {"Content_Range": "bytes 5-6/77"}, 77, False),
        ("206 P", {"Content_Range": "nonsense"}, None, False),
        ("206 P", {"Content_Range": f"bytes 0-1/{'9' * 40}"}, None, False),
        ("206 P", {}, None, False),
        ("200 OK", {}, 2, False),
        ("200 OK", {"Content_Length": ""}, None, False),
        ("200 OK", {"Content_Length": "-5"}, None, False),
        ("200 OK", {"Content_Length": "9" * 40}, None, False),
        ("203 N", {}, None, False),
    ],
)
def test_length_and_part_are_read_as_they_are_told(
    status: str, headers: dict[str, str], length: int | None, is_partial: bool
) -> None:
    found = told(answering(status, b"RI", **headers))
    assert (found.length_bytes, found.is_partial) == (length, is_partial)


def test_more_bytes_than_were_asked_for_are_no_part() -> None:
    assert not told(answering("206 P", b"RIFF", Content_Range="bytes 0-1/9")).is_partial


@pytest.mark.parametrize("status", ["301 M", "302 F", "307 T", "308 P"])
def test_a_redirect_is_told_and_not_followed(status: str) -> None:
    with serving(delivering(WAV)) as other:
        location = f"http://user:pw@127.0.0.1:{other.port}/elsewhere.wav?token={SECRET}"
        with serving(answering(status, Location=location)) as server:
            found = asked(server, SIGNED)
            assert (found.why_not_telling, found.redirects_to) == ("redirect", f"{other.origin}/elsewhere.wav")
            assert (server.connections, other.connections) == (1, 0)


@pytest.mark.parametrize(
    ("location", "leads_to"),
    [("/login?next=a", "/login"), ("b.wav", PATH.rpartition("/")[0] + "/b.wav"), ("", ""), ("http://[::1/", "")],
)  # fmt: skip
def test_a_redirect_may_be_relative_or_nonsense(location: str, leads_to: str) -> None:
    with serving(answering("302 F", Location=location)) as server:
        assert asked(server).redirects_to == (f"{server.origin}{leads_to}" if leads_to else "")


def test_the_same_server_is_not_asked_again_after_a_redirect_to_itself() -> None:
    with serving(answering("302 F", Location=PATH)) as server:
        asked(server)
        assert server.connections == 1


SILENCES: dict[str, tuple[Speak, str]] = {
    "hangs": (hanging(), "timeout"),
    "hangs within the headers": (hanging(b"HTTP/1.1 206 P\r\nContent-Ra"), "timeout"),
    "hangs before the two bytes": (hanging(b"HTTP/1.1 206 P\r\nContent-Length: 2\r\n\r\n"), "timeout"),
    "drips headers": (dripping(b"HTTP/1.1 206 P\r\n", b"X-A: b\r\n", every=0.05), "timeout"),
    "drips the body": (dripping(b"HTTP/1.1 200 OK\r\n\r\n", b"R"), "timeout"),
    "resets": (resetting, "closed"),
    "closes after one byte": (saying(b"HTTP/1.1 206 P\r\nContent-Length: 2\r\n\r\nR"), "closed"),
    "closes before any": (saying(b"HTTP/1.1 200 OK\r\nContent-Length: 900\r\n\r\n"), "closed"),
    "garbage": (saying(b"\x16\x03\x01 this is no answer\r\n\r\n"), "not_http"),
}


@pytest.mark.parametrize(("speak", "problem"), SILENCES.values(), ids=SILENCES)
def test_a_server_that_does_not_answer_is_silent_within_the_time(speak: Speak, problem: str) -> None:
    begun, seconds = time.monotonic(), 0.6 if problem == "timeout" else 5.0
    found = told(speak, seconds=seconds)
    assert time.monotonic() - begun < seconds + 6
    assert (found.problem, found.is_silent, found.status) == (problem, True, None)


def test_a_refusal_whose_page_hangs_is_a_refusal_all_the_same() -> None:
    found = told(hanging(b"HTTP/1.1 404 Not Found\r\nContent-Length: 9\r\n\r\n<"), seconds=0.6)
    assert (found.status, found.problem, found.is_refusal) == (404, "", True)


def test_nobody_at_the_port_refuses() -> None:
    origin = f"http://127.0.0.1:{free_port()}"
    found = probe(origin + PATH, Allowed(StoreLayout((), base_url=origin)), now=NOW, seconds=2)
    assert found.problem == "refused"


@pytest.mark.parametrize(("names", "days", "problem"), [([NAME], -1, "certificate_expired"),
                                                        (["a.internal"], 9, "certificate_name")])  # fmt: skip
def test_a_bad_certificate_tells_though_nothing_was_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: list[str], days: float, problem: str
) -> None:
    with (
        trusted(tmp_path, monkeypatch) as authority,
        serving(delivering(WAV), issued(authority, *names, days=days)) as server,
    ):
        layout = StoreLayout((), delivery_hosts=(NAME,))
        allowed = Allowed(layout, resolve=lambda _host, _port: ["127.0.0.1"])
        found = probe(f"https://{NAME}:{server.port}{SIGNED}", allowed, now=NOW, seconds=5)
        assert (found.problem, found.is_telling, found.is_silent) == (problem, True, False)
        assert server.requests == []
