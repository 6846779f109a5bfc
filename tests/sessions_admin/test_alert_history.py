"""What happened, on the page of alerts: lanes with their gaps, episodes page by page, and how often the database is asked."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diagnostics.alerts import reading
from tests.diagnostics.alert_rows import a_flip, a_quiet_host, a_round, ago, an_episode
from tests.diagnostics.views.pages import text_of

pytestmark = pytest.mark.django_db
PAGE = "/alerts/"


def test_it_shows_episodes_and_filters_them_by_rule(sam: Client) -> None:
    a_round()
    an_episode(ended_at=ago(minutes=1))
    an_episode("disk_used", "audio", peak=91.2, begun_at=ago(days=2), ended_at=ago(days=1))
    text = text_of(sam, PAGE)
    assert text.count('id="episode-') == 2
    assert "91.2 %" in text
    text = text_of(sam, f"{PAGE}?rule=disk_used&days=30")
    assert text.count('id="episode-') == 1
    assert 'aria-label="Disk space used · 1 episode' in text


def test_where_no_round_looked_the_lanes_are_hatched(sam: Client) -> None:
    a_round(ago(hours=5))
    a_round(ago(hours=1))
    a_round()
    assert len([gap for gap in reading.history("", 7, timezone.now()).gaps if gap.rule is None]) == 2
    assert 'fill="url(#alert-hatch)"' in text_of(sam, PAGE)


def test_rounds_one_after_the_other_leave_no_gap() -> None:
    for minutes in range(5):
        a_round(ago(minutes=minutes))
    assert reading.history("", 7, timezone.now()).gaps == ()


def test_a_rule_without_data_is_hatched_for_itself_alone() -> None:
    a_round()
    now, episode = timezone.now(), an_episode()
    a_flip(episode, "no_data", now - timedelta(hours=3), old="firing", value=None)
    a_flip(episode, "firing", now - timedelta(hours=2), old="no_data")
    (gap,) = reading.history("", 7, now).gaps
    assert (gap.rule, gap.until - gap.since) == ("success_rate", timedelta(hours=1))
    assert reading.history("disk_used", 7, now).gaps == ()


def test_it_goes_on_page_by_page_and_loses_none(sam: Client) -> None:
    a_round()
    same = ago(hours=1)
    for _number in range(30):
        an_episode(begun_at=same, ended_at=same)
    first = text_of(sam, PAGE)
    older = re.search(r'rel="next" href="([^"#]*)', first)
    assert older
    second = text_of(sam, PAGE + older[1].replace("&amp;", "&"))
    ids = [re.findall(r'id="episode-(\d+)"', text) for text in (first, second)]
    assert [len(page) for page in ids] == [25, 5]
    assert len({*ids[0], *ids[1]}) == 30
    assert "hx-get" not in second[second.index('id="live"') : second.index('id="live"') + 200]


@pytest.mark.parametrize("query", ["rule=none", "days=x", "before=x", "before=99999999999999999999", "before=7"])
def test_nonsense_in_the_address_is_left_out(sam: Client, query: str) -> None:
    a_round()
    assert text_of(sam, f"{PAGE}?{query}")


def test_it_asks_as_often_at_a_hundred_episodes_as_at_five(sam: Client) -> None:
    a_quiet_host()
    numbers = []
    for more in (5, 95):
        for _number in range(more):
            an_episode(ended_at=timezone.now())
        with CaptureQueriesContext(
            connection,
        ) as queries:
            text_of(sam, PAGE)
        numbers.append(len(queries))
    assert numbers[0] == numbers[1]
