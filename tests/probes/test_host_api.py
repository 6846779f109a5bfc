"""The host's status call, asked of real servers: what it tells, and each way in which it tells nothing."""

from __future__ import annotations

import socket
import time

import pytest

from diagnostics.domain.host_answer import HostAnswer
from diagnostics.probes.host_api import MOST_BYTES, ask_status, url_of
from tests.api_host import Reply, api_host, as_json, closed_port, told

SECONDS = 5.0
PATH = "/static/generated_music/long_sequences/long_sequence_5_20250825_120316.wav"
WHOLE = {"status": "completed", "final_file_path": PATH, "final_file_size": 158_760_044, "error_message": None}
ALL = frozenset({"status", "path", "size_bytes", "error_message"})


def asked(reply: Reply, key: object = 5, seconds: float = SECONDS, **options: dict[str, str]) -> HostAnswer:
    with api_host(reply) as host:
        return ask_status(host.url, key, seconds=seconds, **options)


def test_it_reads_what_the_call_tells() -> None:
    found = asked(told(**WHOLE, session_id=5, user_id=17, segments=[1, 2], scene=None))
    assert (found.problem, found.http_status, found.told) == ("", 200, ALL)
    assert (found.status, found.path, found.size_bytes, found.error_message) == ("completed", PATH, 158_760_044, None)
    assert found.is_shaped
    assert 0 < found.took_seconds < SECONDS


@pytest.mark.parametrize(
    ("base", "asked_for"),
    [
        ("", "/api/music/long_sequence_status/5"),
        ("/", "/api/music/long_sequence_status/5"),
        ("/v2/host", "/v2/host/api/music/long_sequence_status/5"),
        ("/v2/host//", "/v2/host/api/music/long_sequence_status/5"),
    ],
)
def test_the_address_may_have_a_path_of_its_own(base: str, asked_for: str) -> None:
    with api_host(told(**WHOLE)) as host:
        assert ask_status(host.url + base, 5, seconds=SECONDS).told == ALL
    assert host.asked == [asked_for]


@pytest.mark.parametrize(
    ("key", "encoded"),
    [
        ("a b/../c?d#e%2F", "a%20b%2F..%2Fc%3Fd%23e%252F"),
        ("会话", "%E4%BC%9A%E8%AF%9D"),
        ("x\r\ny", "x%0D%0Ay"),
        (-7, "-7"),
        ("\udcff", "%ED%B3%BF"),
    ],
)
def test_any_id_stays_within_its_place(key: object, encoded: str) -> None:
    with api_host(told(**WHOLE)) as host:
        assert ask_status(host.url, key, seconds=SECONDS).problem == ""
    assert host.asked == [f"/api/music/long_sequence_status/{encoded}"]


@pytest.mark.parametrize(
    "data",
    [
        {"session": WHOLE},
        {"id": 5, "data": {**WHOLE, "created_at": "2025-08-25 12:03:16"}},
        {**WHOLE, "segments": {"status": "done"}},
        {"user": {"status": "vip"}, "session": WHOLE},
        {"status": "ok", "session": WHOLE},
    ],
)
def test_the_fields_may_lie_one_deeper(data: dict[str, object]) -> None:
    found = asked(told(**data))
    assert (found.told, found.status, found.path) == (ALL, "completed", PATH)


@pytest.mark.parametrize(
    ("value", "size"),
    [("158760044", 158_760_044), (" 12 ", 12), (12.0, 12), ("12.0", 12), (0, 0), (None, None)],
)
def test_a_size_may_be_written_as_text(value: object, size: int | None) -> None:
    found = asked(told(final_file_size=value))
    assert (found.told, found.size_bytes) == (frozenset({"size_bytes"}), size)


@pytest.mark.parametrize("value", ["158 MB", "", True, [158], {"bytes": 5}, 12.5, -3, "9" * 400, "nan"])
def test_a_size_that_is_none_is_not_told(value: object) -> None:
    found = asked(told(status="completed", final_file_size=value))
    assert (found.told, found.size_bytes) == (frozenset({"status"}), None)


@pytest.mark.parametrize("value", [["completed"], {"name": "completed"}, True])
def test_what_is_no_text_is_not_told(value: object) -> None:
    assert asked(told(status=value, final_file_path=PATH)).told == {"path"}


def test_numbers_where_texts_are_wanted_are_texts() -> None:
    assert asked(told(status=3)).status == "3"


def test_the_hosts_own_names_are_known() -> None:
    columns = {"status": "state", "final_file_path": "file"}
    found = asked(told(state="completed", file=PATH, error_message="x"), columns=columns)
    assert found.told == {"status", "path", "error_message"}
    assert (found.status, found.path) == ("completed", PATH)
    plain = asked(told(status="failed"), columns=columns)
    assert plain.status == "failed"


@pytest.mark.parametrize("success", [True, 1, "true", "True"])
def test_success_may_be_said_in_other_ways(success: object) -> None:
    assert asked(as_json({"success": success, "data": WHOLE})).problem == ""


def test_success_need_not_be_said_where_there_is_a_session() -> None:
    found = asked(as_json({"data": WHOLE}))
    assert (found.problem, found.told, found.is_shaped) == ("", ALL, False)


@pytest.mark.parametrize("success", [False, 0, None, "false", "no", []])
def test_a_call_that_failed_tells_its_words(success: object) -> None:
    found = asked(as_json({"success": success, "error": "会话不存在", "data": WHOLE}))
    assert (found.problem, found.detail, found.told) == ("no_success", "会话不存在", frozenset())


@pytest.mark.parametrize("document", [{"success": True}, *({"success": True, "data": data} for data in
    (None, [], "x", 5, {}, {"a": {"b": WHOLE}}, {"id": 5}, [WHOLE]))])  # fmt: skip
def test_an_answer_without_a_session_says_so(document: object) -> None:
    found = asked(as_json(document))
    assert (found.problem, found.told) == ("no_data", frozenset())


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!doctype html><title>app</title>",
        b"{",
        b'{"success": true, "data": ',
        b"\xff\xfe\x00",
        b"null",
        b"[]",
        b'"completed"',
        b"[" * 60_000,
        b'{"success": true, "data": {"final_file_size": ' + b"9" * 5_000 + b"}}",
        b'{"success": true, "data": {"status": "\xc4\xe3"}}',
    ],
)
def test_what_is_no_such_document_is_no_json(body: bytes) -> None:
    found = asked(Reply(body, content_type="text/html"))
    assert (found.problem, found.http_status, found.is_shaped) == ("not_json", 200, False)


def test_a_document_is_read_up_to_its_limit_and_no_further() -> None:
    filled = {"success": True, "data": {"status": "completed", "x": ""}}
    room = MOST_BYTES - len(as_json(filled).body)
    longest = as_json({"success": True, "data": {"status": "completed", "x": "y" * room}})
    assert len(longest.body) == MOST_BYTES
    assert asked(longest).problem == ""
    found = asked(Reply(longest.body + b" "))
    assert (found.problem, found.detail) == ("not_json", "more than 65536 bytes")
    assert asked(Reply(b" " * 50_000_000)).problem == "not_json"


@pytest.mark.parametrize(
    ("reply", "detail", "is_shaped"),
    [
        (as_json({"success": False, "error": "会话不存在"}, 404), "会话不存在", True),
        (as_json({"detail": "Not Found"}, 404), "Not Found", False),
        (Reply(b"<html>404</html>", 404, "text/html"), "", False),
        (as_json({"success": False, "message": "boom"}, 500), "boom", True),
        (Reply(b"", 502), "", False),
        (as_json({"success": True, "data": WHOLE}, 203), "", True),
        (as_json({"success": False, "error": ["no", "text"]}, 400), "", True),
    ],
)
def test_another_status_is_told(reply: Reply, detail: str, *, is_shaped: bool) -> None:
    found = asked(reply)
    assert (found.problem, found.http_status, found.detail) == ("status", reply.status, detail)
    assert (found.is_shaped, found.told) == (is_shaped, frozenset())
    assert found.knows_no_session is (reply.status == 404)


def test_a_redirect_is_told_without_its_query_and_not_followed() -> None:
    with api_host(told(**WHOLE)) as other:
        away = Reply(status=302, headers={"Location": f"{other.url}/login?token=GEHEIM#x"})
        found = asked(away)
    assert (found.problem, found.http_status, found.detail) == ("status", 302, f"{other.url}/login")
    assert other.asked == []


def test_secrets_in_its_words_are_hidden_before_they_are_cut() -> None:
    found = asked(as_json({"success": False, "error": f"{'x' * 191} token=GEHEIM-und-lang"}, 500))
    assert "GE" not in found.detail
    assert len(found.detail) <= 200


@pytest.mark.parametrize("slow", [Reply(hangs=True), Reply(told(**WHOLE).body, drips=True)])
def test_a_host_that_hangs_or_drips_is_left_in_time(slow: Reply) -> None:
    begun = time.monotonic()
    found = asked(slow, seconds=0.4)
    assert (found.problem, found.told) == ("timeout", frozenset())
    assert time.monotonic() - begun < 5


def test_a_port_on_which_nobody_listens_refuses() -> None:
    assert ask_status(f"http://127.0.0.1:{closed_port()}", 5, seconds=SECONDS).problem == "refused"


@pytest.mark.parametrize(
    "base", ["", "ftp://host", "http://", "http://user:GEHEIM@127.0.0.1", "http://[", "http://h:99999", "no address"]
)
def test_what_is_no_address_is_said_and_raises_nothing(base: str) -> None:
    found = ask_status(base, 5, seconds=SECONDS)
    assert found.problem == "bad_url"
    assert "GEHEIM" not in found.detail


def test_a_name_of_this_machine_is_asked() -> None:
    with api_host(told(**WHOLE)) as host:
        assert ask_status(host.url.replace("127.0.0.1", "localhost"), 5, seconds=SECONDS).problem == ""


def test_a_public_name_with_a_private_address_is_asked_since_an_administrator_named_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real = socket.getaddrinfo

    def resolve(host: str, *rest: object, **options: object) -> object:
        return real("127.0.0.1" if host == "app.example.com" else host, *rest, **options)  # type: ignore[arg-type]  # as given

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    with api_host(told(**WHOLE)) as host:
        found = ask_status(host.url.replace("127.0.0.1", "app.example.com"), 5, seconds=SECONDS)
    assert found.problem == ""


def test_the_key_is_put_behind_the_call() -> None:
    assert url_of("https://app.example.com/", 5) == "https://app.example.com/api/music/long_sequence_status/5"
