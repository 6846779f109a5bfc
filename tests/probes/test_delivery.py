"""A session's URL asked as a player asks: what real servers answer, and what is made of it."""

from __future__ import annotations

import ipaddress
import json
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.paths import StoreLayout
from diagnostics.probes.delivery import Allowed, may_be_asked, probe, without_query
from tests.another_user import needs_root
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
    assert time.monotonic() - begun < seconds + 2
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


OURS = Allowed(StoreLayout((), base_url="http://app.example.cn:8080", delivery_hosts=("cdn.example.cn", "m.cn:81")))


@pytest.mark.parametrize(
    "url",
    [
        "http://APP.example.cn:8080/a", "http://cdn.example.cn/a?e=1", "https://cdn.example.cn:444/a", "http://m.cn:81/a",
    ],
)  # fmt: skip
def test_the_own_origin_and_the_delivery_hosts_may_be_asked(url: str) -> None:
    assert may_be_asked(url, OURS)


@pytest.mark.parametrize(
    "url",
    [
        "http://app.example.cn/a", "http://evil.cn/a", "http://cdn.example.cn.evil.cn/a", "http://evil.cn/cdn.example.cn",
        "http://cdn.example.cn@evil.cn/a", "http://evil.cn#@cdn.example.cn/", "http://evil.cn?@cdn.example.cn/",
        "http://evil.cn\\@cdn.example.cn/a", "http://cdn.example.cn\\.evil.cn/a", "http://m.cn:82/a",
        "http://169.254.169.254/latest", "/static/a.wav", "file:///etc/passwd", "gopher://cdn.example.cn/", "",
        "http://user@cdn.example.cn/a",
    ],
)  # fmt: skip
def test_nothing_else_may_be_asked(url: str) -> None:
    assert not may_be_asked(url, OURS)
    assert probe(url, OURS, now=NOW, seconds=1).problem in ("not_allowed", "bad_url")


def test_a_host_that_is_not_allowed_is_not_even_resolved() -> None:
    def resolve(_host: str, _port: int) -> list[str]:
        raise AssertionError

    found = probe("http://evil.cn/a", Allowed(OURS.layout, resolve=resolve), now=NOW, seconds=1)
    assert found.problem == "not_allowed"


@pytest.mark.parametrize(("networks", "problem"), [((), "private_address"), (("127.0.0.0/8",), "")])
def test_a_public_name_that_turns_inside_is_asked_only_where_a_setting_says_so(
    networks: tuple[str, ...], problem: str
) -> None:
    with serving(delivering(WAV)) as server:
        layout = StoreLayout((), delivery_hosts=("cdn.example.cn",))
        known = tuple(map(ipaddress.ip_network, networks))
        allowed = Allowed(layout, known, lambda _host, _port: ["127.0.0.1"])
        found = probe(f"http://cdn.example.cn:{server.port}{PATH}", allowed, now=NOW, seconds=5)
        assert (found.problem, server.connections) == (problem, 0 if problem else 1)


IN_OWN_HOSTS = """
import json, sys
from dataclasses import asdict
from datetime import UTC, datetime
from diagnostics.domain.paths import StoreLayout
from diagnostics.probes.delivery import Allowed, probe
layout = StoreLayout((), delivery_hosts=("cdn.example.cn", "two.example.cn"))
found = [probe(url, Allowed(layout), now=datetime.now(UTC), seconds=5).problem for url in sys.argv[1:]]
print(json.dumps(found))
"""


@needs_root
def test_a_name_that_the_system_itself_turns_to_this_machine_is_not_asked(tmp_path: Path) -> None:
    """For real: a mount namespace with an /etc/hosts of its own, and the system's resolver."""
    (tmp_path / "hosts").write_text("127.0.0.1 cdn.example.cn\n8.8.8.8 two.example.cn\n10.0.0.7 two.example.cn\n")
    with serving(delivering(WAV)) as server:
        urls = [f"http://{name}:{server.port}{PATH}" for name in ("cdn.example.cn", "two.example.cn")]
        mount = f'mount --bind {tmp_path}/hosts /etc/hosts && exec "$@"'
        command = ["unshare", "-m", "sh", "-c", mount, "sh", sys.executable, "-c", IN_OWN_HOSTS, *urls]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=60, cwd=Path(__file__).parents[2], check=False
        )
        if done.returncode and "unshare" in done.stderr:
            pytest.skip("this machine allows no mount namespace")
        assert json.loads(done.stdout) == ["private_address", "private_address"], done.stderr
        assert server.connections == 0


def test_nothing_of_the_signature_is_kept(caplog: pytest.LogCaptureFixture) -> None:
    """Whatever the server does with it: in no fact, whose text is what the database and the pages hold, and in no log."""
    caplog.set_level(0)
    speaks = (
        delivering(WAV),
        answering("403 F", b"no", Content_Type=f"a; token={SECRET}", Location=f"/x?token={SECRET}"),
        answering("302 F", Location=f"https://a.cn/x?token={SECRET}#{SECRET}"),
        saying(f"HTTP/1.1 {SECRET}\r\n\r\n".encode()),
        resetting,
    )
    for speak in speaks:
        with serving(speak) as server:
            facts: dict[str, Any] = asdict(asked(server, SIGNED))
            assert SECRET in server.requests[0]
        assert "planted" not in str(facts)
    assert "planted" not in caplog.text


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("http://a.cn/x?e=1&token=t#f", "http://a.cn/x"),
        ("http://user:pw@a.cn/x", "http://a.cn/x"),
        ("http://user:p/w@a.cn/x", "http://user:p/w@a.cn/x"),
        ("/static/x?token=t", "/static/x"),
        ("http://a.cn/\n\x00x", "http://a.cn/\ufffd\ufffdx"),
    ],
)
def test_a_url_is_shown_without_what_may_be_secret(url: str, shown: str) -> None:
    assert without_query(url) == shown
    assert len(without_query(f"http://a.cn/{'x' * 5000}")) == 500


@pytest.mark.parametrize("header", ["a\x00b", "x" * 70_000, "音频".encode().decode("latin-1")])
def test_a_servers_words_are_bounded_and_printable(header: str) -> None:
    raw = f"HTTP/1.1 200 OK\r\nContent-Type: {header}\r\nContent-Length: 4\r\n\r\nRIFF".encode("latin-1")
    found = told(saying(raw))
    assert len(found.content_type) <= 100
    assert found.content_type.isprintable()
