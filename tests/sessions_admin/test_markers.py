"""Markers: set by people, by machines and from the shell; each once, each in the audit; and what charts are given."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from django.utils.translation import override
from pytest_django import Settings

from sessions_admin.models import AuditEntry, Marker, Pause
from sessions_admin.templatetags.markers import markers_between
from tests.diagnostics.rows import HOSTILE
from tests.diagnostics.views.pages import text_of

pytestmark = pytest.mark.django_db
TOKEN = "a-token-of-the-tests-that-nobody-guesses"
AT = "2026-11-23T14:05:00+08:00"


@pytest.fixture
def machine(settings: Settings) -> Client:
    """A client of the API that knows the token."""
    settings.MARKER_TOKEN = TOKEN
    return Client(enforce_csrf_checks=True, headers={"Authorization": f"Bearer {TOKEN}"})


def say(machine: Client, told: object) -> tuple[int, dict[str, object]]:
    body = told if isinstance(told, bytes) else json.dumps(told).encode()
    answer = machine.post("/api/v1/markers", body, content_type="application/json")
    return answer.status_code, answer.json()


def test_a_person_sets_a_marker(eve: Client) -> None:
    answer = eve.post("/markers/set/", {"text": " web  2.4.1 ", "kind": "deploy", "at": "2026-11-23T06:05"})
    assert (answer.status_code, answer["Location"]) == (302, "/markers/")
    marker = Marker.objects.get()
    assert (marker.text, marker.kind, marker.made_by) == ("web 2.4.1", "deploy", "eve")
    assert marker.at == datetime(2026, 11, 23, 6, 5, tzinfo=UTC)
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.roles) == ("mark", "eve", "engineer")
    assert entry.sentence == "A marker was set at 2026-11-23T06:05:00+00:00 (deploy): web 2.4.1"
    assert "web 2.4.1" in text_of(eve, "/markers/")


def test_a_time_without_an_offset_is_the_viewers(eve: Client) -> None:
    eve.cookies["time_zone"] = "Asia/Shanghai"
    eve.post("/markers/set/", {"text": "a", "at": "2026-11-23T14:05"})
    assert Marker.objects.get().at == datetime.fromisoformat(AT)


def test_without_a_time_it_is_now(eve: Client) -> None:
    eve.post("/markers/set/", {"text": "a"})
    assert timezone.now() - Marker.objects.get().at < timedelta(seconds=30)


def test_the_form_leads_back_to_its_page_and_to_no_other(eve: Client) -> None:
    assert eve.post("/markers/set/", {"text": "a", "back": "/?a=1"})["Location"] == "/?a=1"
    assert eve.post("/markers/set/", {"text": "b", "back": "//elsewhere.example/"})["Location"] == "/markers/"


def test_the_same_form_sent_twice_sets_one(eve: Client) -> None:
    for _ in range(2):
        assert eve.post("/markers/set/", {"text": "a", "key": "form-1"}).status_code == 302
    assert (Marker.objects.count(), AuditEntry.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"text": " "}, "Say in a few words what happened."),
        ({"text": "x" * 201}, "At most 200 characters, please."),
        ({"text": "a\x1bb"}, "The text has characters that cannot be shown."),
        ({"kind": "release"}, "“release” is no kind: use deploy, config or other."),
        ({"at": "yesterday"}, "This is no time; write it as 2026-11-24T14:05."),
        ({"at": "2026-02-31T10:00"}, "This is no time; write it as 2026-11-24T14:05."),
        ({"at": "0001-01-01T00:00+14:00"}, "This is too long ago to stand on any chart."),
        ({"at": "9999-12-31T23:59-14:00"}, "This is still to come: a marker says what happened."),
        ({"key": "ä"}, "A key is made of letters, digits and signs of ASCII, without spaces."),
    ],
)
def test_a_wrong_form_says_what_is_wrong_and_loses_nothing(eve: Client, wrong: dict[str, str], says: str) -> None:
    told = {"text": "kept text", "kind": "config", "at": "2026-11-23T06:05", **wrong}
    answer = eve.post("/markers/set/", told)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert says in page
    kept = {"text": 'value="kept text"', "kind": 'value="config" selected', "at": 'value="2026-11-23T06:05"'}
    assert all(shown in page for name, shown in kept.items() if name not in wrong)
    assert Marker.objects.count() == 0


def test_what_is_wrong_is_said_in_chinese(eve: Client) -> None:
    eve.cookies["language"] = "zh-hans"
    assert "请用几个字说明发生了什么。" in eve.post("/markers/set/", {"text": ""}).content.decode()


def test_a_marker_is_taken_away_and_the_audit_keeps_it(eve: Client) -> None:
    eve.post("/markers/set/", {"text": "a mistake", "at": "2026-11-23T06:05"})
    address = f"/markers/{Marker.objects.get().pk}/take-away/"
    assert eve.post(address).status_code == 302
    assert Marker.objects.count() == 0
    entry = AuditEntry.objects.first()
    assert entry is not None
    assert entry.sentence == "The marker of 2026-11-23T06:05:00+00:00 (deploy) was taken away: a mistake"
    assert "not there any more" in eve.post(address, follow=True).content.decode()
    assert AuditEntry.objects.count() == 2


def test_who_may_not_sees_the_list_without_a_form(max_: Client, eve: Client) -> None:
    eve.post("/markers/set/", {"text": HOSTILE})
    page = text_of(max_, "/markers/")
    assert HOSTILE not in page
    assert "<script>" not in page
    assert "/markers/set/" not in page
    assert "take-away" not in page
    assert max_.post("/markers/set/", {"text": "a"}).status_code == 403
    assert Marker.objects.count() == 1


def test_an_empty_list_says_what_markers_are_for(max_: Client) -> None:
    assert "No marker yet." in text_of(max_, "/markers/")


def test_a_list_of_many_goes_on(max_: Client) -> None:
    now = timezone.now()
    Marker.objects.bulk_create(
        [Marker(at=now - timedelta(hours=n), made_at=now, text=f"release number {n}.") for n in range(101)]
    )
    first, second = text_of(max_, "/markers/"), text_of(max_, "/markers/?page=2")
    assert "release number 100." not in first
    assert "release number 100." in second
    assert "release number 0." not in second


def test_a_machine_sets_a_marker(machine: Client) -> None:
    status, answer = say(machine, {"text": "web 2.4.1", "at": AT, "kind": "config", "key": "Build-7"})
    marker = Marker.objects.get()
    assert status == 201
    assert answer == {
        "id": marker.pk, "at": "2026-11-23T06:05:00+00:00", "kind": "config", "text": "web 2.4.1", "key": "build-7"
    }  # fmt: skip
    assert marker.made_by == ""
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.actor, entry.address) == ("mark", "MARKER_TOKEN", "127.0.0.1")


def test_what_a_machine_says_twice_stands_once(machine: Client) -> None:
    first, again = say(machine, {"text": "a", "key": "build-7"}), say(machine, {"text": "b", "key": "BUILD-7"})
    assert (first[0], again[0]) == (201, 200)
    assert again[1] == first[1]
    assert (Marker.objects.get().text, AuditEntry.objects.count()) == ("a", 1)
    assert say(machine, {"text": "b"})[0] == say(machine, {"text": "b", "at": None})[0] == 201


@pytest.mark.parametrize(
    ("told", "field", "says"),
    [
        ({}, "text", "Say in a few words what happened."),
        ({"text": ""}, "text", "Say in a few words what happened."),
        ({"text": 7}, "text", "This is no text."),
        ({"text": ["a"]}, "text", "This is no text."),
        ({"text": "\ud800"}, "text", "The text has characters that cannot be shown."),
        ({"text": "a\0b"}, "text", "Null characters are not allowed."),
        ({"text": "a", "kind": "release"}, "kind", "“release” is no kind: use deploy, config or other."),
        ({"text": "a", "at": "2026-11-23T14:05:00"}, "at", "The time has no offset; write it as 2026-11-24T14:05:00+08:00."),
        ({"text": "a", "at": 1_700_000_000}, "at", "This is no text."),
        ({"text": "a", "at": "2999-01-01T00:00:00Z"}, "at", "This is still to come: a marker says what happened."),
        ({"text": "a", "key": "two words"}, "key", "A key is made of letters, digits and signs of ASCII, without spaces."),
        ({"text": "a", "when": AT}, "when", "Known are at, kind, text, key."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named(machine: Client, told: object, field: str, says: str) -> None:
    status, answer = say(machine, told)
    assert (status, answer["fields"]) == (400, {field: [says]})
    assert (Marker.objects.count(), AuditEntry.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    "body", [b"", b"text", b"[]", b'"a"', b"{", b"\xff", b"[" * 8_000, b'{"text": NaN', b'{"text":"a"}{"text":"b"}']
)
def test_what_is_no_object_is_said_so(machine: Client, body: bytes) -> None:
    status, answer = say(machine, body)
    assert status == 400
    assert "Send one JSON object" in str(answer["error"])


def test_a_long_body_is_not_read(machine: Client) -> None:
    assert say(machine, {"text": "x" * 9_000})[0] == 413
    assert Marker.objects.count() == 0


@pytest.mark.parametrize(
    "authorization", ["", "Bearer", "Bearer ", f"Bearer {TOKEN}x", f"Basic {TOKEN}", TOKEN, "Bearer Ã¤"]
)
def test_without_the_token_nobody_may(settings: Settings, authorization: str) -> None:
    settings.MARKER_TOKEN = TOKEN
    answer = Client().post("/api/v1/markers", b"{}", "application/json", headers={"Authorization": authorization})
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize("authorization", ["Bearer", "Bearer ", "Bearer x"])
def test_where_no_token_is_set_nobody_may(settings: Settings, authorization: str) -> None:
    settings.MARKER_TOKEN = ""
    answer = Client().post("/api/v1/markers", b"{}", "application/json", headers={"Authorization": authorization})
    assert answer.status_code == 401


def test_a_login_is_no_token(ada: Client, settings: Settings) -> None:
    settings.MARKER_TOKEN = TOKEN
    assert ada.post("/api/v1/markers", b'{"text": "a"}', "application/json").status_code == 401


def test_the_shell_sets_a_marker() -> None:
    out = StringIO()
    call_command("mark", "web 2.4.1", "--at", AT, "--key", "build-7", stdout=out)
    call_command("mark", "web 2.4.1", "--key", "build-7", stdout=out)
    marker, entry = Marker.objects.get(), AuditEntry.objects.get()
    assert (marker.at, marker.kind, entry.actor) == (datetime.fromisoformat(AT), "deploy", "shell")
    at = "2026-11-23T06:05:00+00:00"
    assert out.getvalue().splitlines() == [
        f"Marker {marker.pk} is set at {at}.",
        f"It was set already, as {marker.pk}, at {at}.",
    ]


def test_the_shell_says_what_is_wrong() -> None:
    with pytest.raises(CommandError, match=r"at: The time has no offset; .*"):
        call_command("mark", "web 2.4.1", "--at", "2026-11-23T14:05")


def test_charts_get_the_markers_of_their_time_and_the_pauses() -> None:
    since = datetime(2026, 11, 16, tzinfo=UTC)
    until = since + timedelta(days=7)
    for at, text in ((since - timedelta(seconds=1), "before"), (since, "first"), (until, "after")):
        Marker.objects.create(at=at, text=text, made_at=at)
    told = {"review_at": since, "text_en": "", "text_zh": "", "contact": ""}
    day = timedelta(days=1)
    over = {"is_open": None, "ended_by": "eve"}
    Pause.objects.create(begun_at=since - 3 * day, ended_at=since - 2 * day, reason="long over", **told, **over)
    Pause.objects.create(begun_at=since - day, ended_at=since + day, reason="into it", **told, **over)
    Pause.objects.create(begun_at=until - day, reason="still on", **told)
    with override("en"):
        shown = markers_between(since, until)
    assert [(one.at, one.kind, one.text, one.until) for one in shown] == [
        (since, "deploy", "first", None),
        (since, "pause", "Long sequences were paused: into it", since + day),
        (until - day, "pause", "Long sequences were paused: still on", None),
    ]
    assert [one.word for one in shown] == ["deploy", "pause", "pause"]
