"""What is sent about alerts, word by word in both languages, and nothing of it that a page or a mail could take for markup."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from diagnostics.domain.alerts.rules import RULES
from diagnostics.domain.wording import alert_messages
from diagnostics.domain.wording.alert_messages import Told, part

SHANGHAI = ZoneInfo("Asia/Shanghai")
BEGUN = datetime(2026, 11, 24, 6, 2, tzinfo=UTC)
LINK = "https://desk.example.com/alerts/episodes/1/"
STATES = ("firing", "repeat", "flapping", "resolved", "was")


def test_it_says_what_since_when_how_many_what_first_and_where() -> None:
    told = Told("firing", "success_rate", "", BEGUN, value=85.2, sessions=1, users=5, url=LINK)
    text = alert_messages.plain([part(told, "en", SHANGHAI)], "en")
    assert text.splitlines() == [
        "[Firing] Playable rate",
        "Only 85.2 % of the sessions finished in the last 24 h could be played (raised below 90 %), "
        "since 24 Nov 2026, 14:02 (UTC+8).",
        "Affected: 1 session, 5 users.",
        "First check: See on the page of rates which cause grew most, and open one of its sessions.",
        LINK,
    ]


def test_what_is_over_says_from_when_to_when() -> None:
    told = Told("was", "disk_used", "audio", BEGUN, ended_at=BEGUN + timedelta(minutes=7), peak=91.2, url=LINK)
    worded = part(told, "zh-hans", SHANGHAI)
    assert (
        alert_messages.subject_line([worded], "zh-hans", "测试") == "【测试】【曾告警，已恢复】磁盘空间占用（音频目录）"
    )
    assert "2026 年 11 月 24 日 14:02 至 14:09（UTC+8），历时 7 分钟" in worded.sentence
    assert "首先检查" not in alert_messages.plain([worded], "zh-hans")


def test_many_are_counted_and_named_within_the_length_of_a_subject() -> None:
    parts = [part(Told("firing", rule.name, "", BEGUN), "en", SHANGHAI) for rule in RULES]
    line = alert_messages.subject_line(parts, "en")
    assert line.startswith(f"{len(RULES)} alerts: Playable rate, Generation time, ")
    assert len(line) <= alert_messages.LONGEST_SUBJECT


@pytest.mark.parametrize("language", ["en", "zh-hans"])
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("is_error", [False, True])
@pytest.mark.parametrize("rule", [rule.name for rule in RULES])
def test_every_state_of_every_rule_has_its_words(rule: str, is_error: bool, state: str, language: str) -> None:
    ended_at = BEGUN + timedelta(hours=1) if state in ("resolved", "was") else None
    told = Told(state, rule, "", BEGUN, ended_at=ended_at, is_error=is_error and state != "flapping")
    text = alert_messages.plain([part(told, language, SHANGHAI)], language)
    assert "{" not in text
    assert "error " not in text


def test_markup_in_a_name_is_text() -> None:
    told = Told(
        "firing", "worker_silent", "<script>alert(1)</script>", BEGUN, url="https://desk.example.com/?a=1&b='\""
    )
    html = alert_messages.html([part(told, "en", SHANGHAI)], "en")
    assert "<script>" not in html
    assert "a=1&amp;b=&#x27;&quot;" in html
