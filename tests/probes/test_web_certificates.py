"""Servers that speak TLS: only a certificate that a player would accept is accepted, and which fault it has is told."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from diagnostics.probes.web import NoAnswer, ask
from tests.certificates import NAME, issued, trusted
from tests.web_servers import answering, serving


@pytest.fixture
def authority(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[trustme.CA]:
    with trusted(tmp_path, monkeypatch) as found:
        yield found


def inside(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def problem_of(url: str) -> str:
    with pytest.raises(NoAnswer) as silence:
        ask(url, seconds=5, resolve=inside)
    return silence.value.problem


def test_a_server_in_order_is_asked_by_its_name(authority: trustme.CA) -> None:
    with serving(answering("200 OK", b"RIFF"), issued(authority, NAME)) as server:
        assert ask(f"https://{NAME}:{server.port}/", seconds=5, resolve=inside).body == b"RIFF"
        assert ask(f"https://{NAME}.:{server.port}/", seconds=5, resolve=inside).body == b"RIFF"


def test_a_server_in_order_is_asked_by_its_address(authority: trustme.CA) -> None:
    with serving(answering("200 OK", b"RIFF"), issued(authority, "127.0.0.1")) as server:
        assert ask(f"https://127.0.0.1:{server.port}/", seconds=5).status == 200


@pytest.mark.parametrize(
    ("names", "days", "problem"),
    [
        ([NAME], -1, "certificate_expired"),
        ([NAME], 120, "certificate_expired"),  # it is yet to begin
        (["other.internal"], 30, "certificate_name"),
        (["10.0.0.1"], 30, "certificate_name"),
    ],
)
def test_what_is_wrong_with_a_certificate_is_told(
    authority: trustme.CA, names: list[str], days: float, problem: str
) -> None:
    with serving(answering("200 OK", b"RIFF"), issued(authority, *names, days=days)) as server:
        assert problem_of(f"https://{NAME}:{server.port}/") == problem
        assert server.requests == []


def test_another_address_than_the_certificate_names_is_another_name(authority: trustme.CA) -> None:
    with serving(answering("200 OK", b"RIFF"), issued(authority, "10.0.0.1")) as server:
        assert problem_of(f"https://127.0.0.1:{server.port}/") == "certificate_name"


@pytest.mark.usefixtures("authority")
def test_a_certificate_for_which_nobody_known_vouches_is_not_trusted() -> None:
    with serving(answering("200 OK", b"RIFF"), issued(trustme.CA(), NAME)) as server:
        assert problem_of(f"https://{NAME}:{server.port}/") == "certificate_untrusted"
