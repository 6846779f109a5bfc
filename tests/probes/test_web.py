"""One bounded question over HTTP: whatever a server does, an answer or a reason comes within the time."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from diagnostics.probes import web, web_address
from diagnostics.probes.web import NoAnswer, ask, is_public, target_of
from tests.faults.hang import eventually
from tests.web_servers import Speak, answering, dripping, free_port, hanging, resetting, saying, serving, silent_at

SECONDS = 0.6
BODY = b"RIFF" + b"\0" * 100
BEGUN = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"


@contextmanager
def in_time(seconds: float) -> Iterator[None]:
    """It ends at its deadline, or what a busy machine takes later, and long before the servers here do."""
    begun = time.monotonic()
    yield
    assert time.monotonic() - begun < seconds + 6


def problem_of(url: str, seconds: float = 5, **options: object) -> str:
    with in_time(seconds), pytest.raises(NoAnswer) as silence:
        ask(url, seconds=seconds, **options)  # type: ignore[arg-type]
    return silence.value.problem


def test_it_returns_status_headers_and_the_first_bytes() -> None:
    with serving(answering("206 Partial Content", b"RI", Content_Range="bytes 0-1/104", X_Two="2")) as server:
        answer = ask(f"{server.origin}/a.wav?token=x", seconds=5, headers={"Range": "bytes=0-1"})
    assert (answer.status, answer.body, answer.address) == (206, b"RI", "127.0.0.1")
    assert answer.headers["content-range"] == "bytes 0-1/104"
    lines = server.requests[0].split("\r\n")
    assert lines[0] == "GET /a.wav?token=x HTTP/1.1"
    assert {f"Host: 127.0.0.1:{server.port}", "Range: bytes=0-1", "Accept-Encoding: identity"} < set(lines)


def test_it_reads_no_more_than_it_wants() -> None:
    with serving(answering("200 OK", b"x" * 5_000_000)) as server:
        assert ask(server.origin, seconds=5, most_bytes=512).body == b"x" * 512


def test_it_reads_what_comes_in_chunks() -> None:
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nRIFF\r\n3\r\nabc\r\n0\r\n\r\n"
    with serving(saying(chunked)) as server:
        assert ask(server.origin, seconds=5).body == b"RIFFabc"


def test_it_never_follows_a_redirect() -> None:
    with serving(answering("200 OK", BODY)) as other, serving(answering("302 Found", Location=other.origin)) as server:
        assert ask(server.origin, seconds=5).headers["location"] == other.origin
        assert (server.connections, other.connections) == (1, 0)


def test_it_uses_no_proxy_and_sends_no_cookie(monkeypatch: pytest.MonkeyPatch) -> None:
    with serving(answering("200 OK", BODY, Set_Cookie="a=b")) as server, serving(answering("200 OK")) as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.origin)
        for _ in range(2):
            ask(server.origin, seconds=5)
        assert (server.connections, proxy.connections) == (2, 0)
        assert not any("cookie" in head.lower() for head in server.requests)


SILENCES: dict[str, tuple[Speak, str]] = {
    "hangs before the status": (hanging(), "timeout"),
    "hangs within the headers": (hanging(b"HTTP/1.1 200 OK\r\nContent-"), "timeout"),
    "hangs within the body": (hanging(BEGUN + b"RIFF"), "timeout"),
    "drips headers": (dripping(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n", every=0.02), "timeout"),
    "drips one line": (dripping(b"HTTP/1.1 200 OK\r\nX-A: ", b"b"), "timeout"),
    "drips the body": (dripping(BEGUN, b"x"), "timeout"),
    "drips 100 Continue": (dripping(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), "timeout"),
    "closes at once": (saying(b""), "closed"),
    "resets": (resetting, "closed"),
    "closes within a chunk": (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\nRI"), "closed"),
    "speaks no HTTP": (saying(b"SSH-2.0-OpenSSH_9.6\r\n"), "not_http"),
    "says garbage": (saying(bytes(range(256)) * 20), "not_http"),
    "says an odd status": (saying(b"HTTP/1.1 9999 What\r\n\r\n"), "not_http"),
    "has a header without end": (saying(b"HTTP/1.1 200 OK\r\nX-A: " + b"b" * 100_000), "not_http"),
    "has a thousand headers": (saying(b"HTTP/1.1 200 OK\r\n" + b"X-A: b\r\n" * 1000 + b"\r\n"), "not_http"),
    "has a chunk of no size": (saying(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nRI"), "closed"),
}


@pytest.mark.parametrize(("speak", "problem"), SILENCES.values(), ids=SILENCES)
def test_whatever_a_server_does_a_reason_comes_in_time(speak: Speak, problem: str) -> None:
    with serving(speak) as server:
        assert problem_of(server.origin, SECONDS if problem == "timeout" else 5) == problem


def test_what_came_before_it_broke_off_is_not_lost() -> None:
    begun = b"HTTP/1.1 404 Not Found\r\nContent-Length: 50\r\n\r\n<html>"
    with serving(hanging(begun)) as server, in_time(SECONDS), pytest.raises(NoAnswer) as silence:
        ask(server.origin, seconds=SECONDS)
    assert silence.value.answer is not None
    assert silence.value.answer.status == 404


def test_nobody_at_the_port_refuses() -> None:
    assert problem_of(f"http://127.0.0.1:{free_port()}/") == "refused"


def test_plain_http_where_tls_is_asked_for_is_no_tls() -> None:
    with serving(saying(b"HTTP/1.1 400 Bad Request\r\n\r\n"), is_first_to_speak=True) as server:
        assert problem_of(server.origin.replace("http:", "https:")) == "tls"


def test_a_handshake_that_hangs_ends_in_time() -> None:
    with serving(hanging()) as server:
        assert problem_of(server.origin.replace("http:", "https:"), SECONDS) == "timeout"


def test_a_request_that_nobody_reads_ends_in_time() -> None:
    goes_on = threading.Event()
    with serving(lambda _connection, _head: goes_on.wait(30), is_first_to_speak=True) as server:
        assert problem_of(f"{server.origin}/{'x' * 8_000_000}", 1) == "timeout"
    goes_on.set()


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/x", "//a.example/x", "/x", "a.example/x", "http://", "http:///x", "http://a b/x", "http://a\tb/x",
        "http://a.example/x\r\nHost: b", " http://a.example/", "http://user@a.example/", "http://u:p@a.example/",
        "http://a.example:0/", "http://a.example:99999/", "http://a.example:x/", "http://[::1/", "http://.a.example/",
        "http://a..example/", "http://a%00.example/", "http://a\\b/", "http://a.example\x00/", f"http://{'a' * 64}.cn/",
        "http://[fe80::1%25eth0]/", "http://a.example?@b/" "\n", "http://-a.example/",
    ],
)  # fmt: skip
def test_what_no_client_could_ask_for_is_no_url(url: str) -> None:
    with pytest.raises(NoAnswer, match="bad_url"):
        target_of(url)


@pytest.mark.parametrize(
    ("url", "origin", "path"),
    [
        ("http://A.Example", "http://a.example", "/"),
        ("https://a.example:443/x y?q=a b#f", "https://a.example", "/x%20y?q=a%20b"),
        ("http://a.example:81/%E4%BD%A0/好", "http://a.example:81", "/%E4%BD%A0/%E5%A5%BD"),
        ("http://例子.example/?e=1&token=ak:s/g=", "http://xn--fsqu00a.example", "/?e=1&token=ak:s/g="),
        ("http://[::1]:8000/a", "http://[::1]:8000", "/a"),
    ],
)
def test_a_url_is_written_as_the_wire_takes_it(url: str, origin: str, path: str) -> None:
    assert (target_of(url).origin, target_of(url).path) == (origin, path)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.124.3", "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1",
        "255.255.255.255", "198.18.0.1", "240.0.0.1", "::", "::1", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
        "::ffff:10.0.0.1", "::127.0.0.1", "2002:7f00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "100::1", "4000::1",
        "2001:0:4136:e378:8000:63bf:80ff:fffe", "2001:db8::1",
    ],
)  # fmt: skip
def test_addresses_inside_are_not_public(address: str) -> None:
    assert not is_public(ipaddress.ip_address(address))


@pytest.mark.parametrize("address", ["8.8.8.8", "119.29.29.29", "2400:3200::1", "64:ff9b::808:808", "::ffff:8.8.8.8"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))


def turning_to(*addresses: str) -> Callable[[str, int], list[str]]:
    return lambda _host, _port: list(addresses)


@pytest.mark.parametrize("addresses", [["127.0.0.1"], ["8.8.8.8", "127.0.0.1"], ["::ffff:127.0.0.1"], ["no address"]])
def test_a_public_name_that_turns_inside_is_not_asked(addresses: list[str]) -> None:
    with serving(answering("200 OK", BODY)) as server:
        url = f"http://cdn.example.cn:{server.port}/a"
        assert problem_of(url, resolve=turning_to(*addresses)) == "private_address"
        assert server.connections == 0


@pytest.mark.parametrize("network", ["127.0.0.0/8", "127.0.0.1/32"])
def test_a_network_that_the_settings_name_is_asked(network: str) -> None:
    networks = (ipaddress.ip_network(network), ipaddress.ip_network("fd00::/8"))
    with serving(answering("200 OK", BODY)) as server:
        url = f"http://cdn.example.cn:{server.port}/a"
        assert ask(url, seconds=5, networks=networks, resolve=turning_to("127.0.0.1")).body == BODY
        assert f"Host: cdn.example.cn:{server.port}" in server.requests[0]


@pytest.mark.parametrize("host", ["music.internal", "musichost", "music.local."])
def test_a_private_name_may_turn_inside(host: str) -> None:
    with serving(answering("200 OK", BODY)) as server:
        assert ask(f"http://{host}:{server.port}/", seconds=5, resolve=turning_to("127.0.0.1")).status == 200


def test_of_several_addresses_the_first_that_answers_is_asked() -> None:
    """One that refuses is passed over, and one that is silent does not take the time of the others."""
    with serving(answering("200 OK", BODY)) as server, silent_at("127.0.0.3", server.port):
        resolve = turning_to("127.0.0.2", "127.0.0.3", "127.0.0.1")
        answer = ask(f"http://musichost:{server.port}/", seconds=3, resolve=resolve)
        assert (answer.status, answer.address) == (200, "127.0.0.1")
        assert answer.seconds > 1


def test_a_name_is_resolved_once() -> None:
    asked: list[str] = []

    def resolve(host: str, _port: int) -> list[str]:
        asked.append(host)
        return ["127.0.0.1"]

    with serving(answering("200 OK", BODY)) as server:
        ask(f"http://musichost:{server.port}/", seconds=5, resolve=resolve)
    assert asked == ["musichost"]


def test_a_name_that_nobody_knows_is_told() -> None:
    assert problem_of("http://nobody-has-this-name.invalid/", SECONDS) in ("no_name", "timeout")
    assert problem_of("http://musichost/", resolve=turning_to()) == "no_name"


def test_a_resolver_that_hangs_costs_so_many_threads_and_no_more() -> None:
    """Each question ends in time; when all waiting places are taken, no further thread is begun; later they are free again."""
    hung: list[str] = []
    goes_on = threading.Event()

    def resolve(host: str, _port: int) -> list[str]:
        hung.append(host)
        goes_on.wait(60)
        return ["127.0.0.1"]

    problems = []
    for _ in range(web_address.MOST_RESOLVING + 2):
        with pytest.raises(NoAnswer) as silence:
            ask("http://musichost/", seconds=0.02, resolve=resolve)
        problems.append(silence.value.problem)
    assert problems == ["timeout"] * web_address.MOST_RESOLVING + ["busy"] * 2
    assert len(hung) == web_address.MOST_RESOLVING
    goes_on.set()
    inside = turning_to("127.0.0.1")
    assert eventually(lambda: problem_of(f"http://musichost:{free_port()}/", resolve=inside) == "refused")


def test_trust_is_read_once() -> None:
    assert web._trust() is web._trust()


def test_a_body_is_posted_with_its_length() -> None:
    with serving(answering("202 Accepted")) as server:
        answer = ask(
            server.origin + "/hook?a=b", seconds=5, body=b'{"a": 1}', headers={"Content-Type": "application/json"}
        )
    assert answer.status == 202
    (head,) = server.requests
    assert head.startswith("POST /hook?a=b HTTP/1.1\r\n")
    assert "Content-Length: 8\r\n" in head
    assert "Content-Type: application/json\r\n" in head
