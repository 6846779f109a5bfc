"""Whom a delivery probe asks and whom never; and that nothing of a signature stays behind."""

from __future__ import annotations

import ipaddress
import json
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from diagnostics.domain.paths import StoreLayout
from diagnostics.probes.delivery import Allowed, may_be_asked, probe, without_query
from tests.another_user import needs_root
from tests.probes.test_delivery import NOW, PATH, SECRET, SIGNED, WAV, asked, told
from tests.web_servers import (
    answering,
    delivering,
    resetting,
    saying,
    serving,
)

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
