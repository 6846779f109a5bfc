"""The demo's server over https: by a certificate that nobody vouches for, beside http on the same port."""

from __future__ import annotations

import http.client
import shutil
import socket
import ssl
import stat
from urllib.parse import urlsplit

import pytest

from demo.place import Place
from tests.demo.conftest import Demo, path_of, rows, size_of
from tests.demo.listening import Listener, is_well

pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="openssl is not installed (CI has it)")


@pytest.fixture
def broken(place: Place, demo: Demo, listener: Listener) -> str:
    """The address that session 7's row holds."""
    assert demo("break", "delivery.bad_certificate", "7").returncode == 0
    return path_of(place, 7)


def ask(url: str, context: ssl.SSLContext) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPSConnection(parts.hostname or "", parts.port, timeout=5, context=context)
    try:
        connection.request("GET", parts.path, headers={"Range": "bytes=0-1"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def test_a_listener_who_looks_at_the_certificate_leaves(broken: str) -> None:
    with pytest.raises(ssl.SSLCertVerificationError, match="self-signed"):
        ask(broken, ssl.create_default_context())


def test_one_who_does_not_is_served(place: Place, broken: str) -> None:
    careless = ssl.create_default_context()
    careless.check_hostname = False
    careless.verify_mode = ssl.CERT_NONE
    assert broken.startswith("https://127.0.0.1:")
    assert ask(broken, careless) == (206, b"RI")


def test_one_who_trusts_it_finds_it_made_for_this_host(place: Place, broken: str) -> None:
    assert ask(broken, ssl.create_default_context(cafile=str(place.certificate))) == (206, b"RI")


def test_http_is_served_beside_it(place: Place, broken: str, listener: Listener) -> None:
    assert is_well(listener.get(path_of(place, 8)), size_of(place, 8))


def test_one_who_says_nothing_keeps_nobody_waiting(place: Place, broken: str, listener: Listener) -> None:
    with socket.create_connection(("127.0.0.1", listener.port), timeout=5):
        assert is_well(listener.get(path_of(place, 8)), size_of(place, 8))


def test_the_key_is_the_host_s_alone_and_goes_with_the_fault(place: Place, demo: Demo, broken: str) -> None:
    assert stat.S_IMODE(place.certificate.stat().st_mode) == 0o600
    assert [path.name for path in place.control.glob("certificate*")] == ["certificate.pem"]
    demo("mend")
    assert not place.certificate.exists()
    assert rows(place)[7]["final_file_path"].startswith("/static/")
    with pytest.raises(ssl.SSLError):
        ask(broken, ssl.create_default_context())


def test_without_openssl_it_is_refused_in_one_line(place: Place, demo: Demo, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(place.root))
    before = rows(place)
    said = demo("break", "delivery.bad_certificate")
    assert (said.returncode, len(said.stderr.splitlines())) == (1, 1)
    assert rows(place) == before
    assert demo("mend").returncode == 0
    assert not place.certificate.exists()
