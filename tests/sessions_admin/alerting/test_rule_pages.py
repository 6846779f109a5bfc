"""The rules' pages: what each means and how it stands, levels tried and put in force, who is told, and what was changed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diagnostics.domain.alerts.rules import BY_NAME
from diagnostics.models import AlertLevels, AlertState, Ending, SessionEntry
from sessions_admin.models import AuditEntry, Channel
from tests.conftest import signed_in

pytestmark = pytest.mark.django_db
RULES, PAGE, LEVELS = "/alerts/rules/", "/alerts/rules/success_rate/", "/alerts/rules/success_rate/levels/"
TOLD = "/alerts/rules/success_rate/recipients/"
REASON = "too many false alarms at night"
TYPED = {
    "seen": "0",
    "is_on": "on",
    "raise_at": "80",
    "clear_at": "85.5",
    "window_seconds_number": "12",
    "window_seconds_unit": "h",
    "smallest_sample": "20",
    "for_seconds_number": "0",
    "for_seconds_unit": "min",
    "keep_seconds_number": "90",
    "keep_seconds_unit": "s",
    "reason": REASON,
    "do": "save",
}


def text_of(response: object) -> str:
    return " ".join(response.content.decode().split())  # type: ignore[attr-defined]


def failing(number: int, hours: float = 2) -> None:
    now = timezone.now()
    seen = {"listed_at": now, "first_seen_at": now, "changed_at": now, "verdict": "broken", "state": "faulty"}
    session = SessionEntry.objects.create(key="1", **seen)
    rows = (Ending(session=session, kind="failed", ended_at=now - timedelta(hours=hours)) for _each in range(number))
    Ending.objects.bulk_create(rows)


def channel(name: str = "On call", rules: list[str] | None = None) -> Channel:
    told = {"kind": Channel.Kind.MAIL, "target": "on-call@example.com", "made_at": timezone.now(), "made_by": "ada"}
    return Channel.objects.create(name=name, rules=rules, **told)


def test_every_rule_is_listed_with_meaning_state_and_levels(max_: Client) -> None:
    now = timezone.now()
    AlertState.objects.create(rule="disk_used", subject="audio", state="ok", since=now, evaluated_at=now)
    AlertState.objects.create(rule="disk_used", subject="temporary", state="firing", since=now, evaluated_at=now)
    AlertLevels.objects.create(rule="failures", is_on=False, changed_at=now, changed_by="ada")
    channel()
    response = max_.get(RULES)
    shown = {each.rule.name: each for each in response.context["rules"]}
    assert [*shown] == [*BY_NAME]
    assert [str(shown[name].state.word) for name in ("disk_used", "failures", "condition")] == [
        "Firing", "Off", "Not looked at yet",
    ]  # fmt: skip
    assert shown["success_rate"].levels == ["below 90 %, until 92 %", "over 24 h", "from 10 sessions on", "for 2 min"]
    assert {each.recipients for each in shown.values()} == {1}
    assert "The share of the sessions finished" in text_of(response)


def test_the_list_takes_as_many_queries_whatever_there_is(max_: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as taken:
            max_.get(RULES)
        return len(taken)

    queries()  # what a first page looks up once
    few, now = queries(), timezone.now()
    for number in range(30):
        subject = {"subject": str(number), "state": "firing", "since": now, "evaluated_at": now}
        AlertState.objects.create(rule="condition", **subject)
        channel(f"channel {number}")
    for name in BY_NAME:
        AlertLevels.objects.create(rule=name, changed_at=now, changed_by="ada")
    assert queries() == few


def test_an_administrator_changes_levels_and_the_page_tells_what_from_to_and_why(ada: Client, max_: Client) -> None:
    response = ada.post(LEVELS, TYPED)
    assert (response.status_code, response["Location"]) == (302, PAGE)
    row = AlertLevels.objects.get()
    assert (row.raise_at, row.clear_at, row.window_seconds, row.smallest_sample) == (80, 85.5, 43_200, 20)
    assert (row.for_seconds, row.keep_seconds, row.is_on) == (0, 90, True)
    told = text_of(max_.get(PAGE))
    for line in ("Fires at: 90 % → 80 %", "Counted over the last: 24 h → 12 h", REASON, "ada"):
        assert line in told
    assert "below 80 %, until 85.5 %" in told


def test_who_may_not_change_sees_no_field_and_who_may(eve: Client) -> None:
    told = text_of(eve.get(PAGE))
    assert 'name="raise_at"' not in told
    assert "These roles may: <strong>Administrator</strong>" in told
    assert eve.post(LEVELS, TYPED).status_code == 403
    assert AuditEntry.objects.get().outcome == "refused"


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ({"clear_at": "70"}, "The rule fires below 80: the level at which it ends must be that or higher."),
        ({"raise_at": "eighty"}, "Enter a number."),
        ({"raise_at": "101", "clear_at": "100"}, "This must be between 0 and 100."),
        ({"window_seconds_number": "4", "window_seconds_unit": "min"}, "The window must be between 5 minutes"),
        ({"window_seconds_number": "1e300", "window_seconds_unit": "d"}, "The window must be between 5 minutes"),
        ({"smallest_sample": "0"}, "The smallest sample must be between 1 and 1000."),
        ({"keep_seconds_number": "25", "keep_seconds_unit": "h"}, "This must be between 0 seconds and 1 day."),
        ({"reason": ""}, "A reason is needed"),
        ({"seen": ""}, "This field is required."),
    ],
)
def test_nonsense_is_named_and_nothing_that_was_typed_is_lost(ada: Client, typed: dict[str, str], problem: str) -> None:
    posted = {**TYPED, **typed}
    response = ada.post(LEVELS, posted)
    assert response.status_code == 422
    told = text_of(response)
    assert problem in told
    for name in ("raise_at", "clear_at", "window_seconds_number", "smallest_sample", "keep_seconds_number"):
        assert f'name="{name}"' in told
        assert f'value="{posted[name]}"' in told
    assert posted["reason"] in told
    assert not AlertLevels.objects.exists()


def test_the_second_of_two_administrators_is_told_and_can_send_it_again(ada: Client, cast: dict[str, User]) -> None:
    ada.post(LEVELS, TYPED)
    response = ada.post(LEVELS, {**TYPED, "raise_at": "70"})
    assert response.status_code == 409
    told = text_of(response)
    assert "Refused: ada has changed this alert meanwhile." in told
    assert 'value="70"' in told
    assert AlertLevels.objects.get().raise_at == 80
    again = {**TYPED, "raise_at": "70", "seen": str(response.context["form"]["seen"].value())}
    assert ada.post(LEVELS, again).status_code == 302
    assert AlertLevels.objects.get().raise_at == 70


def test_it_goes_back_to_the_defaults_whatever_stands_in_the_fields(ada: Client) -> None:
    ada.post(LEVELS, TYPED)
    assert ada.post(LEVELS, {"seen": "1", "do": "default", "reason": ""}).status_code == 422
    assert ada.post(LEVELS, {"seen": "1", "do": "default", "reason": REASON, "raise_at": "x"}).status_code == 302
    assert AlertLevels.objects.get().raise_at is None
    assert "Back to the default levels" not in text_of(ada.get(PAGE))


def test_levels_are_tried_on_the_past_without_a_reason_and_nothing_is_changed(ada: Client) -> None:
    failing(12)
    trying = {**TYPED, "do": "backtest", "reason": "", "smallest_sample": "10"}
    response = ada.post(LEVELS, trying)
    assert response.status_code == 200
    told = text_of(response)
    assert "it would have fired once, for 2 h" in told
    assert "The history that is kept of this reaches back 2 h" in told
    assert '<rect class="bar bar-broken"' in told
    assert response.context["past"][0].until is None
    assert 'value="80"' in told
    assert not AlertLevels.objects.exists()
    assert not AuditEntry.objects.exists()
    calm = ada.post(LEVELS, {**trying, "smallest_sample": "13"})
    assert "it would not have fired" in text_of(calm)


def test_where_nothing_is_kept_nothing_is_said(ada: Client) -> None:
    told = text_of(ada.post(LEVELS, {**TYPED, "do": "backtest"}))
    assert "Nothing can be said: nothing is kept of this yet." in told
    assert "would not have fired" not in told


def test_a_try_of_nonsense_names_it_and_asks_for_no_reason(ada: Client) -> None:
    response = ada.post(LEVELS, {**TYPED, "do": "backtest", "reason": "", "clear_at": "1"})
    assert response.status_code == 422
    assert "must be that or higher" in text_of(response)
    assert "A reason is needed" not in text_of(response)


def test_what_cannot_be_tried_says_so(ada: Client) -> None:
    told = text_of(ada.get("/alerts/rules/queue_still/"))
    assert "This rule cannot be tried on the past" in told
    assert "Try on the last 30 days" not in told
    assert ada.post("/alerts/rules/queue_still/levels/", {"do": "backtest"}).status_code == 422


def test_a_state_has_times_and_no_levels(ada: Client) -> None:
    told = text_of(ada.get("/alerts/rules/part_down/"))
    assert 'name="for_seconds_number"' in told
    assert 'name="raise_at"' not in told
    assert 'name="window_seconds_number"' not in told
    typed = {
        name: value
        for name, value in TYPED.items()
        if name.split("_")[0] in ("seen", "is", "for", "keep", "reason", "do")
    }
    assert ada.post("/alerts/rules/part_down/levels/", typed).status_code == 302
    assert AlertLevels.objects.get().keep_seconds == 90


@pytest.mark.parametrize("name", BY_NAME)
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_rule_has_its_page_in_both_languages(name: str, language: str, cast: dict[str, User]) -> None:
    client = signed_in(cast["ada"])
    response = client.get(f"/alerts/rules/{name}/", headers={"Accept-Language": language})
    assert response.status_code == 200
    assert client.get("/alerts/rules/nowhere/").status_code == 404


def test_without_a_channel_the_page_says_that_nobody_is_told(ada: Client) -> None:
    assert "There is no channel yet: nobody is told of anything" in text_of(ada.get(PAGE))


def test_ticks_change_who_is_told_and_leave_the_rest_as_it_was(ada: Client) -> None:
    everything, some = channel("Chat"), channel("On call", ["failures"])
    seen = ada.get(PAGE).context["told"]["seen"].value()
    posted = {"channels": [some.pk], "seen": seen, "reason": REASON}
    assert ada.post(TOLD, posted).status_code == 302
    everything.refresh_from_db()
    some.refresh_from_db()
    assert everything.rules == [name for name in BY_NAME if name != "success_rate"]
    assert some.rules == ["success_rate", "failures"]
    entry = AuditEntry.objects.get()
    assert (entry.action, entry.before, entry.after) == ("alert_recipients", {"told": "Chat"}, {"told": "On call"})
    assert "Channels told: Chat → On call" in text_of(ada.get(PAGE))


def test_ticks_of_channels_that_changed_meanwhile_are_refused(ada: Client) -> None:
    some = channel("On call", ["failures"])
    seen = ada.get(PAGE).context["told"]["seen"].value()
    Channel.objects.update(rules=["success_rate"])
    posted = {"channels": [], "seen": seen, "reason": REASON}
    response = ada.post(TOLD, posted)
    assert response.status_code == 409
    assert "somebody has changed the channels meanwhile" in text_of(response)
    some.refresh_from_db()
    assert some.rules == ["success_rate"]
    again = {**posted, "seen": response.context["told"]["seen"].value()}
    assert ada.post(TOLD, again).status_code == 302
    assert ada.post(TOLD, {**posted, "reason": ""}).status_code == 422
