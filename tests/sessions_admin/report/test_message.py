"""What the report says, as values, as words in both languages, and as a mail over a real server."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.utils.translation import override
from pytest_django import Settings

from diagnostics.domain.rates.tally import Counted
from diagnostics.models import Episode, Incident
from sessions_admin.alerting.mail import send_mail
from sessions_admin.alerting.message import Message
from sessions_admin.models import Marker, Notification, Pause
from sessions_admin.report.build import Alerts, Opened, build
from sessions_admin.report.message import message_of
from sessions_admin.report.words import Sheet, sheet_of
from tests.diagnostics.rows import HOSTILE
from tests.mail_server import HOST, MailServer, html_of, smtp_server, text_of, use
from tests.sessions_admin.report.week import MONDAY, SEVEN, SINCE, UNTIL, bad, counted, figures, good

__all__ = ["smtp_server"]
pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def sheet(language: str = "en", monday: date = MONDAY) -> Sheet:
    with override(language):
        return sheet_of(build(monday))


def rows_of(name: str, language: str = "en") -> dict[str, tuple[str, ...]]:
    section = next(section for section in sheet(language).sections if section.name == name)
    return {row[0]: row[1:] for row in section.rows}


def mailed(language: str = "en") -> Message:
    told = {"language": language, "content": {"week": MONDAY.isoformat()}}
    return message_of(Notification(kind="report", key="report", made_at=SEVEN, **told))


def a_week() -> None:
    """95 of 100 playable, after 8 of 10 in the week before; what lies on its edges belongs to the other weeks."""
    figures(SINCE - HOUR, [*good(8, 120.0), *bad(2)])
    figures(SINCE, [*good(90, 60.0), *bad(4, user=10)])
    figures(UNTIL - HOUR, [*good(5, 60.0), *bad(1, "generation.out_of_memory", user=10)])
    figures(UNTIL, bad(50))
    counted(SEVEN)


def test_the_figures_stand_beside_those_of_the_week_before() -> None:
    a_week()
    told = rows_of("figures")
    assert told["Playable, by the file itself"] == ("95.0 %", "80.0 %", "+15.0")
    assert told["Completed"] == ("95", "8", "+87")
    assert told["Failed"] == ("5", "2", "+3")
    assert told["Stuck past their limit"] == ("0", "0", "±0")
    assert told["Users whom something failed"] == ("4", "2", "+2")
    median = told["Generation time, median"]
    assert re.fullmatch(r"(59 s|1 min|1 min 1 s)", median[0])
    assert median[2] == "−50 %"
    assert rows_of("causes") == {"Disk was full": ("4", "2"), "Memory ran out": ("1", "0")}


def test_it_says_why_the_rate_changed_and_what_patience_costs(settings: Settings) -> None:
    settings.LIMITS = replace(settings.LIMITS, client_timeout_seconds=120)
    figures(SINCE - DAY, [*good(80, 60.0), *bad(20)])
    figures(SINCE, [*good(60, 60.0), *good(40, 200.0), *bad(1)])
    why, patience = sheet().reasons
    assert "Disk was full" in why
    assert why in mailed().text
    assert patience.replace("<", "&lt;") in mailed().html
    assert "40" in patience
    assert all(re.search("[一-鿿]", reason) for reason in sheet("zh-hans").reasons)


def test_the_lead_and_the_reason_round_alike() -> None:
    figures(SINCE - DAY, [*good(900), *bad(80)])
    figures(SINCE, [*good(1100), *bad(53)])
    assert "3.6 points more" in sheet().lead
    assert "3.6 points" in sheet().reasons[0]
    assert rows_of("figures")["Playable, by the file itself"][2] == "+3.6"


def test_the_lead_says_it_in_one_sentence() -> None:
    a_week()
    assert sheet().lead == "95.0 % of 100 sessions that ended were playable, 15.0 points more than the week before."
    assert sheet("zh-hans").lead == "结束的 100 个会话中，95.0 % 可播放，比前一周高 15.0 个百分点。"
    assert sheet().notes == ()


@pytest.mark.parametrize(
    ("now", "then", "says"),
    [
        (0, 0, "No session ended in this week."),
        (3, 0, "2 of 3 sessions that ended were playable: too few for a rate."),
        (10, 9, "90.0 % of 10 sessions that ended were playable; the week before had too few to compare."),
        (10, 10, "90.0 % of 10 sessions that ended were playable, as in the week before."),
        (10, 20, "90.0 % of 10 sessions that ended were playable, 5.0 points fewer than the week before."),
    ],
)
def test_too_few_make_no_rate(now: int, then: int, says: str) -> None:
    for at, number in ((SINCE, now), (SINCE - DAY, then)):
        if number:
            figures(at, [*good(number - 1), *bad(1)])
    assert sheet().lead == says


def test_what_is_not_counted_yet_and_what_is_left_out_is_said() -> None:
    a_week()
    unchecked = Counted("completed", True, None, "storage.unavailable", 60.0, 900.0, None)
    figures(SINCE + DAY, [unchecked, Counted("failed", False, False, "generation.bad_input", None, None, None)])
    assert len(sheet().notes) == 1
    assert sheet().notes[0].startswith("2 sessions that ended are in no rate: ")
    assert (
        sheet(monday=UNTIL.date()).notes[0]
        == "Not everything of this week is counted yet: these figures may still grow."
    )


def test_alerts_count_for_the_time_that_they_lasted_in_the_week() -> None:
    for rule, begun, ended in (
        ("failures", SINCE - DAY, SINCE - HOUR),  # before it
        ("failures", SINCE - HOUR, SINCE + HOUR),
        ("failures", SINCE + DAY, SINCE + DAY + HOUR),
        ("success_rate", UNTIL - 3 * HOUR, None),
        ("failures", UNTIL, None),  # after it
    ):
        Episode.objects.create(rule=rule, begun_at=begun, fired_at=begun, ended_at=ended)
    told = (
        Alerts("success_rate", "firing", 1, 3 * 3600, is_open=True),
        Alerts("failures", "firing", 2, 2 * 3600, is_open=False),
    )
    assert build(MONDAY).alerts == told
    assert list(rows_of("alerts").values()) == [("1", "3 h, and on"), ("2", "2 h")]


def test_incidents_that_opened_and_were_resolved_are_told_without_what_they_share() -> None:
    told = {"kind": "error", "code": "generation.disk_full", "verdict": "broken", "noted_at": SINCE, "sessions": 7}
    values = {"values": {"error": "user-7001 has no quota"}}
    Incident.objects.create(shared_hash=1, opened_at=SINCE, times_opened=1, **told, **values)
    Incident.objects.create(shared_hash=2, opened_at=SINCE + DAY, times_opened=2, resolved_at=UNTIL, **told, **values)
    Incident.objects.create(shared_hash=3, opened_at=SINCE - DAY, times_opened=1, resolved_at=SINCE, **told, **values)
    Incident.objects.create(shared_hash=4, opened_at=UNTIL, times_opened=1, **told, **values)
    found = build(MONDAY)
    assert (found.opened_number, found.resolved_number) == (2, 1)
    assert set(found.opened) == {
        Opened("error", "generation.disk_full", 7, is_again=False),
        Opened("error", "generation.disk_full", 7, is_again=True),
    }
    for language in ("en", "zh-hans"):
        message = mailed(language)
        assert "7001" not in message.text + message.html


def test_a_mail_says_all_of_it_in_text_and_html(settings: Settings) -> None:
    a_week()
    Marker.objects.create(at=SINCE + DAY, text="web <2.4.1> & more", made_at=SINCE)
    message = mailed()
    assert message.subject == "Weekly report, 2026-11-16 to 2026-11-22: 95.0 % playable"
    for told in (
        "95.0 % of 100 sessions",
        "2026-11-16 to 2026-11-22 (Asia/Shanghai)",
        "Disk was full",
        "No alert fired.",
    ):
        assert told in message.text
        assert told in message.html
    assert "- Playable, by the file itself: this week 95.0 %, week before 80.0 %, change +15.0" in message.text
    assert "- web <2.4.1> & more: kind Deploy, at 2026-11-17 00:00" in message.text
    assert "web &lt;2.4.1&gt; &amp; more" in message.html
    assert "https://dashboard.example.com/report/?week=2026-11-16" in message.text
    settings.ENVIRONMENT_NAME, settings.DASHBOARD_URL = "staging", ""
    assert mailed().subject.startswith("[staging] Weekly report")
    assert "http" not in mailed().text


def test_a_chinese_mail_is_chinese() -> None:
    a_week()
    Marker.objects.create(at=SINCE, text="网关 3.2", made_at=SINCE)
    told = {"review_at": SINCE, "text_en": "", "text_zh": "", "contact": "", "reason": "迁移引擎"}
    Pause.objects.create(begun_at=SINCE, **told)
    message = mailed("zh-hans")
    assert message.subject == "每周报告（2026-11-16 至 2026-11-22）：可播放率 95.0 %"
    assert "- 可播放率（按文件本身）：本周 95.0 %，前一周 80.0 %，变化 +15.0" in message.text
    assert '<html lang="zh-Hans">' in message.html
    words = re.sub(r"https?://\S+|Asia/Shanghai|<[^>]*>", "", message.text)
    assert re.findall(r"[A-Za-z]{3,}", words) == []


def test_nothing_in_it_becomes_markup() -> None:
    Marker.objects.create(at=SINCE, text=HOSTILE, made_at=SINCE)
    assert HOSTILE not in mailed().html
    assert "<script" not in mailed().html


def test_it_arrives_over_a_real_server(smtp_server: MailServer, settings: Settings) -> None:
    a_week()
    use(settings, f"smtp://{HOST}:{smtp_server.port}")
    message = mailed("zh-hans")
    send_mail("max@example.com", message.subject, message.text, html=message.html)
    (letter,) = smtp_server.letters
    assert letter["Subject"].strip() == message.subject
    assert text_of(letter).strip() == message.text.strip()
    assert "可播放率" in html_of(letter)
