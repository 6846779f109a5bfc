"""The rates page: what it says at the edges, what it links to, and for whom."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from diagnostics.models import Ending
from diagnostics.snapshot import make_snapshot
from tests.diagnostics.endings import counted, ended, failed
from tests.diagnostics.rows import HOSTILE, complete_pass, incident, session
from tests.diagnostics.views.pages import (
    is_whole_page,
    refuses_the_anonymous,
    refuses_unsafe_methods,
    text_of,
)

PAGE = "/rates/"
pytestmark = pytest.mark.django_db


def words_of(client: Client, address: str = PAGE) -> str:
    """Return the page's text without tags, its spaces made one."""
    text = re.sub(r"<[^>]+>", " ", re.sub(r"</?a\b[^>]*>", "", text_of(client, address)))
    return html.unescape(re.sub(r"\s+", " ", text))


def links_of(client: Client, address: str = PAGE) -> dict[str, str]:
    """Return the addresses of sessions on the page with the text of each link."""
    found = re.findall(r'<a[^>]*href="(/sessions/\?ended_[^"]+)"[^>]*>(.*?)</a>', text_of(client, address), re.DOTALL)
    return {html.unescape(href): re.sub(r"<[^>]+>", "", text).strip() for href, text in found}


def test_it_is_a_page_with_a_rail_entry_for_every_role(sam: Client, max_: Client) -> None:
    for client in (sam, max_):
        text = text_of(client, PAGE)
        assert is_whole_page(text)
        assert re.search(r'href="/rates/"[^>]*aria-current', text)


def test_it_refuses_the_anonymous_and_unsafe_methods(sam: Client) -> None:
    refuses_the_anonymous(PAGE)
    refuses_unsafe_methods(sam, PAGE)


def test_before_the_first_pass_nothing_is_counted(sam: Client) -> None:
    assert "Nothing has been counted yet." in words_of(sam)


def test_a_pass_that_found_nothing_finished_says_so(sam: Client) -> None:
    complete_pass()
    assert "No session has finished yet." in words_of(sam)


def test_a_period_in_which_nothing_finished_offers_a_longer_one(sam: Client) -> None:
    complete_pass()
    ended(age=timedelta(days=40))
    counted()
    said = words_of(sam, PAGE + "?period=24h")
    assert "Nothing finished in this period." in said
    assert "Playable rate" not in said
    assert "Nothing finished" not in words_of(sam, PAGE + "?period=90d")


@pytest.mark.parametrize(("bad", "rate"), [(3, ""), (4, "60.0 %")])
def test_nine_samples_make_no_rate_and_ten_do(sam: Client, bad: int, rate: str) -> None:
    ended(6)
    failed(bad)
    counted()
    said = words_of(sam)
    if rate:
        assert f"Playable rate {rate} 6 of 10 finished sessions could be played" in said
    else:
        assert "6 of 9 finished sessions could be played: too few for a rate" in said
        assert "66.6 %" not in said


def test_both_rates_and_what_the_host_hides(sam: Client) -> None:
    ended(12)
    ended(3, is_playable=False, cause="file.truncated")
    ended(2, kind="stuck", is_playable=False, cause="worker.stalled")
    failed(1)
    counted()
    said = words_of(sam)
    assert "66.6 % 12 of 18 finished sessions could be played" in said
    assert "By the host’s own status 93.7 % 15 of 16" in said
    assert "the host’s own numbers hide 5: 3 not playable, 2 stuck" in said
    assert "Users affected 6" in said


def test_what_is_lost_later_changes_no_rate_and_stands_alone(sam: Client) -> None:
    ended(10)
    ended(2, lost_at=timezone.now(), lost_cause="file.deleted")
    counted()
    said = words_of(sam)
    assert "100.0 % 12 of 12" in said
    assert "Lost since 2" in said
    assert "Lost since, by cause" in said


def test_what_is_left_out_is_told_with_why(sam: Client) -> None:
    ended(10)
    ended(1, is_playable=None)
    ended(2, is_playable=None, cause="storage.unavailable")
    ended(4, is_dated=False)
    counted()
    said = words_of(sam)
    assert "Left out of the rates 7 1 still settling 2 could not be checked 4 without a usable time of the end" in said
    assert "10 of 10 finished" in said


def test_the_change_against_the_period_before_and_its_cause(sam: Client) -> None:
    ended(100, age=timedelta(days=10))
    ended(80)
    failed(20)
    counted()
    said = words_of(sam)
    assert "−20.0 points before: 100.0 %, 100 of 100" in said
    assert "mostly by “Disk was full”: 20 now, 0 in the period before" in said


def test_what_was_begun_before_the_window_and_goes_on_is_counted(sam: Client) -> None:
    ended(10)
    counted()
    begun = timezone.now() - timedelta(days=9)
    session(age=timedelta(days=9), status="generating", verdict="not_ready", generating_since=begun, completed_at=None)
    said = words_of(sam)
    assert "1 begun before this window is still going" in said
    assert "Oldest still running begun 9 d ago" in said


def test_patience_is_told_by_the_clients_own_wait(sam: Client, settings: Settings) -> None:
    settings.LIMITS = settings.LIMITS.__class__(client_timeout_seconds=120)
    ended(6, took_seconds=100.0)
    ended(4, took_seconds=250.0)
    counted()
    assert (
        "With a wait of 120 s, 40 % of good sessions looked failed to their users; 300 s would leave 0 %."
        in words_of(sam)
    )


def test_a_period_before_the_dashboard_watched_says_so(sam: Client) -> None:
    ended(10)
    counted()
    complete_pass(age=timedelta(days=20), root_device=1)
    assert "The files are watched since" not in words_of(sam)
    assert "The files are watched since" in words_of(sam, PAGE + "?period=30d")


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ("period=5y", "There is no such period."),
        ("period=any&from=yesterday", "The first day is no date"),
        ("period=any&from=2026-01-09&to=2026-01-02", "The last day lies before the first."),
        ("period=any&from=9999-01-01", "The first day is no date"),
    ],
)
def test_a_period_that_cannot_be_meant_is_refused_with_the_usual_one(sam: Client, query: str, told: str) -> None:
    response = sam.get(f"{PAGE}?{query}")
    assert response.status_code == 422
    assert told in response.content.decode()
    assert sam.get(f"/rates/export.csv?{query}").status_code == 422


def test_any_days_are_shown_in_the_dashboards_own_zone(sam: Client, settings: Settings) -> None:
    settings.TIME_ZONE = "Asia/Shanghai"
    said = words_of(sam, PAGE + "?period=any&from=2026-10-01&to=2026-10-07")
    assert "2026-10-01 – 2026-10-07 times in Asia/Shanghai (UTC+8) compared with 2026-09-24 – 2026-09-30" in said


def test_every_number_of_sessions_opens_as_many(sam: Client) -> None:
    ended(12)
    ended(1, lost_at=timezone.now(), lost_cause="file.deleted")
    ended(3, is_playable=False, cause="file.truncated")
    ended(2, kind="stuck", is_playable=False, cause="worker.stalled", age=timedelta(hours=5))
    failed(4, age=timedelta(hours=7))
    ended(1, is_playable=None)
    counted()
    links = {href: text for href, text in links_of(sam).items() if text.isdigit()}
    assert len(links) >= 8
    for href, number in links.items():
        assert f"<strong data-flash>{number}</strong>" in text_of(sam, href), href


def test_causes_open_the_sessions_that_ended_with_them(sam: Client) -> None:
    failed(4)
    failed(3, cause="generation.timed_out")
    Ending.objects.filter(cause="generation.timed_out").first()
    counted()
    (href,) = [href for href, text in links_of(sam).items() if text == "Generation hit its time limit"]
    text = text_of(sam, href)
    assert "<strong data-flash>3</strong>" in text
    assert "Ended with: Generation hit its time limit" in text


def test_who_may_not_see_sessions_gets_figures_without_links_or_incidents(max_: Client) -> None:
    ended(10)
    failed(3)
    incident(age=timedelta(hours=3), values={"error": HOSTILE})
    counted()
    text = text_of(max_, PAGE)
    assert "13 finished sessions" in text
    assert "/sessions/" not in text
    assert "/incidents/" not in text


def test_incidents_that_opened_are_markers(sam: Client) -> None:
    ended(10)
    counted()
    incident(age=timedelta(hours=3), pk=41)
    incident(age=timedelta(days=30), pk=42)
    text = text_of(sam, PAGE)
    assert 'href="/incidents/41/"' in text
    assert 'href="/incidents/42/"' not in text
    assert text.count('class="plot-mark mark-of-incident"') == 3


def test_no_user_is_named(sam: Client) -> None:
    for ending in [*ended(10), *failed(3)]:
        ending.session.user_id = "user-4711"
        ending.session.save()
    counted()
    assert "4711" not in text_of(sam, PAGE)
    assert "4711" not in sam.get("/rates/export.csv").content.decode()


def test_a_day_and_a_year_take_the_same_few_queries(sam: Client) -> None:
    for days in range(0, 360, 9):
        ended(11, age=timedelta(days=days, hours=1))
    counted()
    complete_pass(root_device=1)
    make_snapshot(timezone.now())
    text_of(sam, PAGE)
    first = (timezone.now() - timedelta(days=364)).date()
    asked = []
    for query in ("period=24h", "period=90d", f"period=any&from={first}"):
        with CaptureQueriesContext(connection) as captured:
            text_of(sam, f"{PAGE}?{query}")
        asked.append(len(captured))
    assert len(set(asked)) == 1, asked
    assert asked[0] <= 22


def test_it_is_in_chinese_too(sam: Client) -> None:
    ended(10)
    counted()
    sam.cookies["language"] = "zh-hans"
    said = words_of(sam)
    assert "10 个已结束的会话中，有 10 个可以播放" in said
    assert "可播放率" in said


def test_the_overview_leads_there(sam: Client) -> None:
    complete_pass()
    assert 'class="panel-link" href="/rates/"' in text_of(sam, "/")
