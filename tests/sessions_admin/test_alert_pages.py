"""The page of alerts: what fires first, what cannot be told in its own words, what is well."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from diagnostics.alerts.rounds import look_at_rules
from diagnostics.models import AlertLevels, AlertState, Episode
from diagnostics.snapshot import make_snapshot
from sessions_admin.models import Channel, Notification, Silence
from sessions_admin.worker import leases
from tests.conftest import signed_in
from tests.diagnostics.alert_rows import a_quiet_host, a_round, a_state, ago, an_episode
from tests.diagnostics.views.pages import is_whole_page, refuses_the_anonymous, refuses_unsafe_methods, text_of

pytestmark = pytest.mark.django_db
PAGE = "/alerts/"


def headline(text: str) -> str:
    found = re.search(r'class="headline-sentence">([^<]*)<', text)
    return found[1] if found else ""


class TestNow:
    def test_before_anything_was_evaluated_it_says_how_to_begin(self, sam: Client) -> None:
        text = text_of(sam, PAGE)
        assert "No alert was ever evaluated here." in text
        assert 'id="alert-history"' not in text

    def test_where_all_is_well_it_says_so_and_when_it_looked(self, sam: Client) -> None:
        a_quiet_host()
        text = text_of(sam, PAGE)
        assert headline(text) == "All 12 rules are well."
        assert "looked at" in text
        assert "97.4 %" in text
        assert "raised below 90 %, ended at 92 % or above" in text
        assert "Nothing to tell of:" in text

    def test_what_fires_says_what_is_wrong_since_when_and_what_to_do_first(self, sam: Client) -> None:
        a_quiet_host()
        AlertState.objects.filter(rule="success_rate").update(state="firing", value=84.2, episode=an_episode())
        text = text_of(sam, PAGE)
        assert headline(text) == "1 alert is firing."
        assert "Only 84.2\N{NO-BREAK SPACE}% of the 133 sessions finished in the last 24 h could be played" in text
        assert "See on the page of rates which cause grew most" in text
        assert "21 sessions concerned" in text
        assert "17 users" in text

    def test_what_cannot_be_evaluated_any_more_has_not_ended_for_that(self, sam: Client) -> None:
        a_round()
        a_state(state="error", episode=an_episode(), problem="timeout", value=None)
        text = text_of(sam, PAGE)
        assert headline(text) == "1 alert is firing."
        assert "nothing says that it ended" in text

    def test_no_data_and_errors_are_told_apart_from_what_is_well(self, sam: Client) -> None:
        a_quiet_host()
        AlertState.objects.filter(rule="success_rate").update(state="no_data", value=None, sample=4, problem="4 of 10")
        AlertState.objects.filter(rule="failures").update(state="error", value=None, problem="timeout")
        text = text_of(sam, PAGE)
        assert headline(text) == "Nothing is firing, but 2 rules cannot tell."
        assert "4 of the 10 sessions that it takes, in the last 24 h" in text
        assert "the look at it did not end in time" in text

    def test_a_state_of_three_rounds_ago_is_drawn_as_out_of_date_and_counts_as_no_well_one(
        self, sam: Client, settings: Settings
    ) -> None:
        a_quiet_host()
        late = ago(seconds=2 * settings.ALERT_INTERVAL_SECONDS + 1)
        AlertState.objects.filter(rule="success_rate").update(evaluated_at=late)
        text = text_of(sam, PAGE)
        assert headline(text) == "How the rules stand now is not known."
        assert "Out of date" in text
        AlertState.objects.filter(rule="success_rate").update(state="firing", episode=an_episode())
        assert headline(text_of(sam, PAGE)) == "1 alert was firing when last looked at."
        AlertState.objects.filter(rule="success_rate").update(state="ok", episode=None)
        AlertState.objects.filter(rule="success_rate").update(evaluated_at=late + timedelta(seconds=30))
        assert headline(text_of(sam, PAGE)) == "All 12 rules are well."

    def test_what_another_alert_explains_comes_after_it_and_says_so(self, sam: Client) -> None:
        a_round()
        a_state("failures", "firing", value=7, muted_by="part_down", episode=an_episode("failures", peak=7))
        a_state("part_down", "firing", "database", value=1, episode=an_episode("part_down", "database", peak=1))
        text = text_of(sam, PAGE)
        assert text.index("database is down") < text.index("7 sessions failed")
        assert "“Part of the host down” fires and explains it" in text

    def test_what_is_silenced_says_by_whom_until_when_and_why(self, sam: Client) -> None:
        a_round()
        a_state("disk_used", "firing", "audio", value=91.0, episode=an_episode("disk_used", "audio", peak=91.0))
        now = timezone.now()
        made = {"made_at": now, "made_by": "eve", "ends_at": now + timedelta(hours=4)}
        Silence.objects.create(rule="disk_used", reason="The new disk comes at noon", **made)
        Silence.objects.create(rule="failures", reason="another rule's", ended_at=now, **made)
        text = text_of(sam, PAGE)
        assert "Silenced by eve until" in text
        assert "The new disk comes at noon" in text
        assert "another rule" not in text

    def test_levels_that_were_set_are_shown_and_rules_switched_off_are_named(self, sam: Client) -> None:
        a_quiet_host()
        told = {"changed_at": timezone.now(), "changed_by": "ada"}
        AlertLevels.objects.create(rule="success_rate", raise_at=95, **told)
        AlertLevels.objects.create(rule="failures", is_on=False, **told)
        text = text_of(sam, PAGE)
        assert "raised below 95 %, ended at 92 % or above" in text
        assert headline(text) == "All 11 rules are well."
        assert re.search(r"Switched off: Failures", text)


class TestWhoAndHow:
    def test_who_may_see_it(self, cast: dict[str, User]) -> None:
        refuses_the_anonymous(PAGE)
        refuses_unsafe_methods(signed_in(cast["ada"]), PAGE)

    def test_a_manager_sees_figures_and_no_link_to_what_is_closed_to_them(self, cast: dict[str, User]) -> None:
        a_round()
        a_state("failures", "firing", value=7, episode=an_episode("failures", peak=7))
        a_state("disk_used", "firing", "audio", value=91.0, episode=an_episode("disk_used", "audio", peak=91.0))
        a_state("incident_regressed", "firing", "12", value=1, episode=an_episode("incident_regressed", "12", peak=1))
        text = text_of(signed_in(cast["max"]), PAGE)
        assert "7 sessions failed" in text
        main = text[text.index("<main") :]
        assert not re.search(r'href="/(sessions|resources|incidents)/', main)
        assert re.search(r'href="/sessions/\?status=failed', text_of(signed_in(cast["sam"]), PAGE))

    def test_the_poll_gets_the_living_part_and_nothing_where_nothing_changed(self, sam: Client) -> None:
        a_quiet_host()
        part = sam.get(PAGE, headers={"HX-Request": "true"})
        assert not is_whole_page(part.content.decode())
        asked = {"HX-Request": "true", "If-None-Match": part["ETag"]}
        assert sam.get(PAGE, headers=asked).status_code == 204
        a_round()
        assert sam.get(PAGE, headers=asked).status_code == 200

    def test_it_is_told_in_chinese(self, sam: Client) -> None:
        sam.cookies["language"] = "zh-hans"
        a_quiet_host()
        AlertState.objects.filter(rule="failures").update(state="firing", value=7, episode=an_episode("failures"))
        text = text_of(sam, PAGE)
        assert "最近 1 小时内有 7 个会话失败（高于 5 即告警）" in text
        assert "打开最近失败的会话" in text

    def test_hostile_texts_are_text(self, sam: Client) -> None:
        a_round()
        a_state("worker_silent", "firing", "<b>x</b>", value=300, episode=an_episode("worker_silent", "<b>x</b>"))
        a_state("failures", "error", value=None, problem="crashed: <script>")
        text = text_of(sam, PAGE)
        assert "<b>x</b>" not in text
        assert "<script>)" not in text


class TestRealRounds:
    """What the pages read is what the rounds write."""

    def test_a_worker_that_fell_silent_is_on_the_page_and_on_its_own(self, sam: Client) -> None:
        start = ago(minutes=5)
        leases.show_life("build-7:4242:ab", start)
        for minutes in (3, 2, 1, 0):
            look_at_rules(ago(minutes=minutes), threading.Event())
        text = text_of(sam, PAGE)
        assert "dashboard&#x27;s worker build-7:4242 was last seen" in text
        episode = Episode.objects.get(rule="worker_silent")
        text = text_of(sam, f"/alerts/episodes/{episode.pk}/")
        assert "raised above 2 min" in text
        assert "Process" in text  # of the evidence
        for minutes in (0, 6, 12):
            at = timezone.now() + timedelta(minutes=minutes)
            leases.show_life("build-7:4242:ab", at)
            look_at_rules(at, threading.Event())
        assert "and is over" in text_of(sam, f"/alerts/episodes/{episode.pk}/")
        assert f'id="episode-{episode.pk}"' in text_of(sam, f"{PAGE}?rule=worker_silent")

    def test_one_round_over_a_host_that_nothing_is_known_of_calls_nothing_well_that_cannot_be_told(
        self, sam: Client
    ) -> None:
        look_at_rules(timezone.now(), threading.Event())
        text = text_of(sam, PAGE)
        assert "no pass has been completed yet" in text
        assert "rules cannot tell" in headline(text)

    def test_what_is_silenced_by_its_form_is_shown_as_silenced(self, eve: Client) -> None:
        a_round()
        a_state("failures", "firing", value=7, episode=an_episode("failures", peak=7))
        text = text_of(eve, PAGE)
        form = text[text.index('class="act-form"') :]
        told = {name: re.search(f'name="{name}" value="([^"]*)"', form)[1] for name in ("rule", "subject")}  # type: ignore[index]
        (hours,) = re.findall(r'<option value="(4)">', form)
        answer = eve.post("/alerts/silences/", {**told, "hours": hours, "reason": "A known outage"})
        assert answer.status_code == 302
        text = text_of(eve, PAGE)
        assert "Silenced by eve until" in text
        assert "A known outage" in text
        assert "End the silence" in text

    def test_who_may_not_silence_is_offered_no_form(self, sam: Client) -> None:
        a_round()
        a_state("failures", "firing", value=7, episode=an_episode("failures", peak=7))
        assert "Silence it" not in text_of(sam, PAGE)

    def test_what_was_not_delivered_is_listed(self, sam: Client) -> None:
        a_round()
        now = timezone.now()
        made = {"made_at": now, "made_by": "ada", "kind": "webhook", "target": "https://x/"}
        channel = Channel.objects.create(name="On call", **made)
        Notification.objects.create(
            kind="alerts", key="k", channel=channel, made_at=now, given_up_at=now, error="HTTP 410", attempts=3
        )
        assert "These people do not know yet." in text_of(sam, PAGE)


class TestEverywhere:
    def test_the_rail_and_the_overview_say_how_many_fire(self, sam: Client, cast: dict[str, User]) -> None:
        a_round()
        episode = an_episode()
        a_state(state="firing", value=84.2, episode=episode)
        a_state("failures", "firing", value=7, muted_by="part_down", episode=an_episode("failures"))
        make_snapshot(timezone.now())
        text = text_of(sam, "/")
        assert re.search(r'rail-firing">1<', text)
        assert "1 alert is firing" in text
        assert f'href="/alerts/episodes/{episode.pk}/"' in text
        assert "Playable rate" in text_of(signed_in(cast["max"]), "/")

    def test_where_nothing_fires_neither_says_anything(self, sam: Client) -> None:
        a_quiet_host()
        make_snapshot(timezone.now())
        text = text_of(sam, "/")
        assert "rail-firing" not in text
        assert "alerts-firing" not in text

    def test_a_round_in_which_nothing_changed_makes_no_new_snapshot(self) -> None:
        now = timezone.now().replace(minute=10, second=0)
        a_state(state="firing", value=84.2, episode=an_episode())
        first = make_snapshot(now).version
        AlertState.objects.update(value=83.0, evaluated_at=now, version=2)
        assert make_snapshot(now).version == first
