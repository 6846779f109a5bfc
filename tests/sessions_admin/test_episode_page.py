"""The page of one episode: what was wrong and for how long, its course and evidence, what was done, and who was told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from diagnostics.models import Episode, Incident
from sessions_admin.actions.trail import Attempt, add_decision
from sessions_admin.models import ActionPlan, Channel, Marker, Notification, Notified, Run
from tests.conftest import signed_in
from tests.diagnostics.alert_rows import a_flip, a_state, ago, an_episode
from tests.diagnostics.views.pages import is_whole_page, refuses_the_anonymous, refuses_unsafe_methods, text_of

pytestmark = pytest.mark.django_db


def page(episode: Episode) -> str:
    return f"/alerts/episodes/{episode.pk}/"


def an_ended_one(**values: Any) -> Episode:
    begun = timezone.now() - timedelta(hours=2)
    return an_episode(begun_at=begun, ended_at=begun + timedelta(minutes=41), **values)


def an_incident(number: int, **values: Any) -> Incident:
    now = timezone.now()
    told = {"kind": "worker", "code": "worker.crashed", "verdict": "broken", "noted_at": now, "sessions": 4, **values}
    return Incident.objects.create(pk=number, shared_hash=number, first_seen_at=now, most_sessions=4, **told)


def a_run(at_minutes_ago: float, operation: str = "mend") -> None:
    at = ago(minutes=at_minutes_ago)
    told = {"made_by": "eve", "made_at": at, "digest": "0" * 64, "to_do": 1, "to_skip": 0}
    plan = ActionPlan.objects.create(pk=operation, action="reset", **told)
    Run.objects.create(plan=plan, actor="eve", reason="The disk has room again", queued_at=at)


def told(episode: Episode, kind: str = "firing", **values: Any) -> Notified:
    now = timezone.now()
    made = {"made_at": now, "made_by": "ada"}
    channel, _ = Channel.objects.get_or_create(
        name="On call", defaults={"kind": "webhook", "target": "https://x/", **made}
    )
    message = Notification.objects.create(
        kind="alerts", key=f"{episode.pk}{kind}", channel=channel, made_at=now, **values
    )
    return Notified.objects.create(episode=episode, channel=channel, kind=kind, notification=message, at=now)


def test_one_that_is_over_says_what_was_wrong_and_how_long(sam: Client) -> None:
    text = text_of(sam, page(an_ended_one()))
    assert is_whole_page(text)
    assert "only 81.3\N{NO-BREAK SPACE}% of the sessions finished in the last 24 h could be played" in text.lower()
    assert "This lasted 41 min" in text
    assert "hx-get" not in text[text.index('id="live"') : text.index('id="live"') + 200]


def test_one_that_lasts_is_told_as_it_stands_now(sam: Client) -> None:
    episode = an_episode()
    a_state(state="firing", value=84.2, episode=episode)
    text = text_of(sam, page(episode))
    assert "Only 84.2\N{NO-BREAK SPACE}% of the 133 sessions" in text
    assert "81.3 %" in text  # at its worst
    assert f'hx-get="{page(episode)}"' in text


def test_the_levels_of_then_are_told_and_not_those_of_now(sam: Client) -> None:
    episode = an_ended_one()
    episode.levels = {**episode.levels, "raise_at": 88.5}
    episode.save()
    assert "raised below 88.5 %" in text_of(sam, page(episode))


def test_its_course_is_shown_change_by_change(sam: Client) -> None:
    episode = an_ended_one()
    begun = episode.begun_at
    a_flip(episode, "pending", begun)
    a_flip(episode, "firing", begun + timedelta(minutes=2), old="pending", value=81.3)
    a_flip(episode, "no_data", begun + timedelta(minutes=20), old="firing", value=None)
    a_flip(episode, "ok", begun + timedelta(minutes=41), old="recovering", value=92.0)
    a_flip(an_episode("failures"), "firing", begun + timedelta(minutes=5))
    text = text_of(sam, page(episode))
    course = text[text.index('id="episode-course"') : text.index('id="episode-deeds"')]
    assert course.count("<tr>") == 5  # with the head
    assert [tone for tone in ("bar-warning", "bar-broken", "bar-unknown") if tone in course] == [
        "bar-warning", "bar-broken", "bar-unknown",
    ]  # fmt: skip


EVIDENCE = [
    {"fact": "value", "value": 81.3},
    {"fact": "level", "value": 90},
    {"fact": "sample", "value": 133},
    {"fact": "window_seconds", "value": 86_400},
    {"fact": "by_status", "value": [129, 133]},
    {"fact": "causes", "value": [["generation.disk_full", 17], ["later.cause", 4]]},
    {"fact": "worst_hour", "value": ["2026-11-24T06:00:00+00:00", 9]},
    {"fact": "free_bytes", "value": 1_500_000_000},
    {"fact": "p95", "value": 400.0},
    {"fact": "room_wanted", "value": 20},
    {"fact": "machine", "value": "<b>build-7</b>"},
]
STRANGE = [
    {"fact": "by_file", "value": "x"},
    {"fact": "causes", "value": 7},
    {"fact": "worst_hour", "value": []},
    {"x": 1},
    7,
]


def test_evidence_is_worded_and_texts_are_for_those_who_may_see_the_system(sam: Client, cast: dict[str, User]) -> None:
    episode = an_ended_one(evidence=[*EVIDENCE, *STRANGE])
    text = text_of(sam, page(episode))
    for told_of in (
        "129 of 133 (96.9 %)",
        "24 h",
        "17 · later.cause 4",
        "1.5 GB",
        "6 min 40 s",
        "&lt;b&gt;build-7&lt;/b&gt;",
    ):
        assert told_of in text, told_of
    assert "room_wanted" not in text
    told_to_managers = text_of(signed_in(cast["max"]), page(episode))
    assert "129 of 133 (96.9 %)" in told_to_managers
    assert "build-7" not in told_to_managers


def test_the_text_of_an_error_is_for_those_who_may_see_the_system(sam: Client, cast: dict[str, User]) -> None:
    episode = an_episode(kind="error", peak=None)
    a_state(state="error", episode=episode, value=None, problem="OSError: /srv/secret")
    for address in (page(episode), "/alerts/"):
        assert "/srv/secret" in text_of(sam, address)
        assert "/srv/secret" not in text_of(signed_in(cast["max"]), address)


def test_its_incident_and_those_that_opened_meanwhile_are_linked(sam: Client, cast: dict[str, User]) -> None:
    an_incident(1, opened_at=ago(days=3))
    an_incident(2, opened_at=ago(minutes=90))
    an_incident(3, opened_at=ago(minutes=1))
    episode = an_ended_one(incident=1)
    text = text_of(sam, page(episode))
    assert [number for number in (1, 2, 3) if f'href="/incidents/{number}/"' in text] == [1, 2]
    assert "/incidents/" not in text_of(signed_in(cast["max"]), page(episode))


def test_what_was_done_meanwhile_is_for_those_who_may_know_it(cast: dict[str, User]) -> None:
    episode = an_ended_one()
    a_run(100)
    a_run(1, "later")
    Marker.objects.create(at=ago(minutes=130), text="release 4.2", made_at=timezone.now(), made_by="")
    assert "release 4.2" in text_of(signed_in(cast["max"]), page(episode))
    seen_by = {who: "The disk has room again" in text_of(signed_in(cast[who]), page(episode)) for who in cast}
    assert seen_by == {"sam": False, "eve": True, "max": False, "ada": True}
    assert 'href="/runs/later/"' not in text_of(signed_in(cast["eve"]), page(episode))


def test_decisions_of_that_time_are_told_with_their_reason(cast: dict[str, User]) -> None:
    episode = an_episode()
    attempt = Attempt("pause", "", "", actor="eve", roles="engineer", address="", reason="The host is drowning")
    add_decision(attempt, "Paused.")
    assert "The host is drowning" in text_of(signed_in(cast["ada"]), page(episode))
    assert "The host is drowning" not in text_of(signed_in(cast["sam"]), page(episode))


def test_who_was_told_and_how_it_went(sam: Client, cast: dict[str, User]) -> None:
    episode = an_ended_one()
    told(episode, sent_at=timezone.now())
    told(episode, "repeat", given_up_at=timezone.now(), error="410 Gone")
    told(episode, "resolved")
    text = text_of(sam, page(episode))
    assert all(word in text for word in ("On call", "Delivered", "Given up", "410 Gone", "Waiting", "that it is over"))
    assert "410 Gone" not in text_of(signed_in(cast["max"]), page(episode))


def test_earlier_episodes_of_the_rule_are_linked(sam: Client) -> None:
    earlier = an_episode(begun_at=ago(days=3), ended_at=ago(days=3))
    other = an_episode("failures", begun_at=ago(days=3), ended_at=ago(days=3))
    text = text_of(sam, page(an_ended_one()))
    assert page(earlier) in text
    assert page(other) not in text


def test_an_error_that_is_over_tells_of_no_value(sam: Client) -> None:
    text = text_of(sam, page(an_ended_one(kind="error", peak=None)))
    assert "It could not be evaluated. This lasted 41 min" in text


def test_it_is_told_in_chinese(sam: Client) -> None:
    sam.cookies["language"] = "zh-hans"
    text = text_of(sam, page(an_ended_one()))
    assert "历时 41 分钟，现已恢复" in text
    assert "没有通知" in text


def test_one_that_there_is_not(sam: Client) -> None:
    assert sam.get("/alerts/episodes/404/").status_code == 404
    assert sam.get(f"/alerts/episodes/{10**30}/").status_code == 404


def test_the_poll_gets_nothing_where_nothing_changed(sam: Client) -> None:
    episode = an_episode()
    state = a_state(state="firing", episode=episode)
    asked = {"HX-Request": "true"}
    part = sam.get(page(episode), headers=asked)
    assert not is_whole_page(part.content.decode())
    again = {**asked, "If-None-Match": part["ETag"]}
    assert sam.get(page(episode), headers=again).status_code == 204
    state.version += 1
    state.save()
    assert sam.get(page(episode), headers=again).status_code == 200


def test_who_may_see_it(cast: dict[str, User]) -> None:
    address = page(an_episode())
    refuses_the_anonymous(address)
    refuses_unsafe_methods(signed_in(cast["ada"]), address)
    assert re.search(r"Playable rate", text_of(signed_in(cast["max"]), address))
