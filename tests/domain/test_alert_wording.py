"""What is said of alerts: complete in both languages, set as Chinese is set, and never a value beyond a level it has not reached."""

from __future__ import annotations

import math
import re
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from diagnostics.domain.alerts.rules import BY_NAME, RULES, Levels, Rule
from diagnostics.domain.wording import alert_problems, alert_values, alerts
from diagnostics.domain.wording.alert_rules import ENGLISH, RuleWords
from diagnostics.domain.wording.alert_rules_chinese import CHINESE

LANGUAGES = ("en", "zh-hans")
SHANGHAI = ZoneInfo("Asia/Shanghai")
SINCE = datetime(2026, 11, 24, 6, 2, tzinfo=UTC)
SUBJECTS = {
    "": "",
    "condition": "storage.unavailable",
    "part": "database",
    "file_system": "audio",
    "incident": "12",
    "worker": "web-1:4242",
}
VALUES = {"percent": 84.21, "seconds": 312.4, "hours": 4.2, "number": 7, "state": 1}
STATES = ("ok", "pending", "firing", "recovering", "no_data", "error")
HALF_WIDTH = re.compile(r"[\u3400-\u9fff][,.;:?!()]|[,;:?!(][\u3400-\u9fff]")
WITHOUT_SPACE = re.compile(r"[\u3400-\u9fff][A-Za-z0-9]|[A-Za-z0-9%][\u3400-\u9fff]")
NEEDLESS_SPACE = re.compile(r"[\u3400-\u9fff，。；：（）、] +[\u3400-\u9fff，。；：（）、]|  ")
PLACEHOLDER = re.compile(r"\{[a-z_]*\}")


def said(rule: Rule, language: str, state: str = "firing", **more: object) -> str:
    told: dict[str, object] = {"value": VALUES[rule.unit], "sample": 133, "since": SINCE, "problem": "timeout", **more}
    subject = SUBJECTS[rule.subjects]
    return alerts.sentence(rule.name, subject, state, language=language, zone=SHANGHAI, **told)  # type: ignore[arg-type]


def everything_said(rule: Rule, language: str) -> list[str]:
    subject = SUBJECTS[rule.subjects]
    telling = (alerts.title, alerts.meaning, alerts.users_see, alerts.first_check)
    begun_and_ended = {"begun": SINCE, "ended": SINCE + timedelta(hours=1), "language": language, "zone": SHANGHAI}
    return [
        *(tell(rule.name, language) for tell in telling),
        *(said(rule, language, state) for state in STATES),
        *(said(rule, language, state, value=None, sample=None, since=None) for state in STATES),
        said(rule, language, "no_data", problem="too_few", sample=4),
        alerts.ended_sentence(rule.name, subject, peak=VALUES[rule.unit], **begun_and_ended),  # type: ignore[arg-type]
        alerts.ended_sentence(rule.name, subject, is_error=True, **begun_and_ended),  # type: ignore[arg-type]
    ]


@pytest.mark.parametrize("table", [ENGLISH, CHINESE])
def test_every_rule_has_every_text(table: dict[str, RuleWords]) -> None:
    assert set(table) == set(BY_NAME)
    needed = [field.name for field in fields(RuleWords) if field.name not in ("at_end", "without")]
    for rule, words in table.items():
        assert all(getattr(words, name) for name in needed), rule
        assert len(words.title) <= 40


@pytest.mark.parametrize("rule", BY_NAME)
def test_both_languages_tell_the_same_values(rule: str) -> None:
    for field in fields(RuleWords):
        english, chinese = (getattr(table[rule], field.name) for table in (ENGLISH, CHINESE))
        assert sorted(PLACEHOLDER.findall(english)) == sorted(PLACEHOLDER.findall(chinese)), field.name
        assert bool(english) == bool(chinese), field.name


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_said_has_no_gap(rule: Rule, language: str) -> None:
    for text in everything_said(rule, language):
        assert text
        assert not PLACEHOLDER.search(text), text


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_chinese_is_set_as_chinese_is_set(rule: Rule) -> None:
    for text in everything_said(rule, "zh-hans"):
        assert not HALF_WIDTH.search(text), text
        assert not WITHOUT_SPACE.search(text), text
        assert not NEEDLESS_SPACE.search(text), text


def test_a_firing_rate_says_what_is_wrong_of_how_many_and_since_when() -> None:
    assert said(BY_NAME["success_rate"], "en") == (
        "Only 84.2 % of the 133 sessions finished in the last 24 h could be played (raised below 90 %), since "
        "24 Nov 2026, 14:02 (UTC+8)."
    )
    assert said(BY_NAME["success_rate"], "zh-hans") == (
        "最近 24 小时内结束的 133 个会话中，只有 84.2% 可以播放（低于 90% 即告警），自 2026 年 11 月 24 日 14:02（UTC+8）起。"
    )


def test_what_fires_between_its_levels_says_where_it_ends() -> None:
    told = said(BY_NAME["success_rate"], "en", value=91.3)
    assert "91.3 % of the" in told
    assert "(raised below 90 %, ended at 92 % or above)" in told
    assert "（低于 90% 即告警，达到 92% 即恢复）" in said(BY_NAME["success_rate"], "zh-hans", value=91.3)


def test_percents_are_rounded_down_as_on_all_pages() -> None:
    assert alerts.value_text("success_rate", 100 * 17 / 19, "en") == "89.4 %"
    assert alerts.value_text("success_rate", 99.96, "en") == "99.9 %"


def test_one_that_recovers_names_the_level_at_which_it_ends() -> None:
    told = said(BY_NAME["disk_used"], "en", "recovering", value=79.0)
    assert told == (
        "Audio folder: 79.0 % of the disk space is used (ended at 80 % or below); it ends once that has held for 15 min."
    )


def test_the_levels_in_force_are_told_and_not_the_rules_own() -> None:
    levels = Levels(95, 97, 3 * 86_400, 25)
    told = said(BY_NAME["success_rate"], "en", levels=levels)
    assert "in the last 3 d" in told
    assert "raised below 95 %" in told
    assert "fewer than 25 sessions" in alerts.meaning("success_rate", "en", levels)


@pytest.mark.parametrize("language", LANGUAGES)
def test_too_few_sessions_are_counted(language: str) -> None:
    told = said(BY_NAME["success_rate"], language, "no_data", problem="too_few", sample=4)
    assert {"4", "10"} <= set(re.findall(r"\d+", told))


def test_room_that_is_gone_already_is_not_told_in_hours() -> None:
    assert "fit already" in said(BY_NAME["disk_full_soon"], "en", value=0.0)


@pytest.mark.parametrize("value", [None, 8760.0])
def test_a_disk_that_does_not_fill_has_no_time_until_it_is_full(value: float | None) -> None:
    assert said(BY_NAME["disk_full_soon"], "en", "ok", value=value).startswith("Audio folder: it is not filling up")
    assert alerts.value_text("disk_full_soon", value, "en") in ("–", "more than a year")


def test_nothing_that_waits_and_nothing_that_is_late_are_told_as_nothing() -> None:
    assert said(BY_NAME["queue_still"], "en", "ok", value=0.0).startswith("Nothing waits that does not move")
    assert said(BY_NAME["pass_late"], "zh-hans", "ok", value=0.0).startswith("没有巡检延误")


def test_a_worker_is_named_by_its_machine_and_process() -> None:
    assert alerts.subject_text("worker_silent", "build-7:4242:9f3c1a2b", "en") == "build-7:4242"
    assert alerts.subject_text("worker_silent", "fe80::1:12:ab", "en") == "fe80::1:12"


@pytest.mark.parametrize(
    ("problem", "english", "is_known"),
    [
        ("4 of 10", "4 of the 10 sessions that it takes", True),
        ("refused", "it refuses connections: nothing listens at its address", True),
        ("pass_stale", "the last complete pass is too long ago", True),
        ("ValueError: /srv/secret", "ValueError: /srv/secret", False),
    ],
)
def test_problems_are_worded_and_texts_of_errors_are_told_apart(problem: str, english: str, *, is_known: bool) -> None:
    assert alerts.problem_text(problem, "en") == english
    assert alerts.is_known(problem) is is_known


def test_an_episode_that_is_over_says_how_long_it_lasted() -> None:
    told = alerts.ended_sentence(
        "part_down", "database", begun=SINCE, ended=SINCE + timedelta(minutes=7), language="en", zone=SHANGHAI
    )
    assert told == (
        "Host's database is down. This lasted 7 min, from 24 Nov 2026, 14:02 to 14:09 (UTC+8), and is over."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_rule_that_a_later_version_knows_is_shown_by_its_name(language: str) -> None:
    assert alerts.title("later_rule", language) == "later_rule"
    assert "later_rule" in alerts.sentence("later_rule", "", "firing", value=3, language=language, zone=UTC).lower()
    assert alerts.meaning("later_rule", language) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_a_subject_holds_is_never_read_as_a_template(language: str) -> None:
    rule = BY_NAME["worker_silent"]
    told = alerts.sentence(rule.name, "{since}\x1b{value}", "firing", value=300, language=language, zone=UTC)
    assert "{since}\\x1b{value}" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_state_and_problem_has_its_word(language: str) -> None:
    for state in (*STATES, "stale", "off"):
        assert alerts.state_word(state, language) != state
    for problem in alert_problems.PROBLEMS:
        assert alerts.problem_text(problem, language) != problem
    assert "OSError" in alerts.problem_text("crashed: OSError", language)
    assert alerts.problem_text("something new", language) == "something new"


def test_a_condition_is_advised_on_by_its_own_words() -> None:
    assert "audio folder reachable" in alerts.first_check("condition", "en", "storage.unavailable")
    assert "band at the top" in alerts.first_check("condition", "en")


NUMBER = re.compile(r"-?[\d,]+(?:\.\d+)?(?:e-?\d+)?")
NEAR = st.floats(min_value=0, max_value=1e6, allow_nan=False)


@pytest.mark.parametrize("unit", ["percent", "hours", "number"])
@given(level=st.one_of(st.integers(0, 1000).map(float), NEAR), offset=st.floats(-0.3, 0.3), clear=NEAR)
@example(level=85.0, offset=0.04, clear=80.0)
@example(level=85.0, offset=math.ulp(85.0), clear=80.0)
@example(level=85.0, offset=0.0, clear=80.0)
@example(level=84.96, offset=-0.005, clear=80.0)
def test_a_value_is_shown_on_the_side_of_the_level_on_which_it_lies(
    unit: str, level: float, offset: float, clear: float
) -> None:
    rule = Rule("any", unit, Levels(level, clear))
    value = level + offset
    assume(unit != "hours" or value < alert_values.FAR_HOURS)
    text = alert_values.value_text(rule, value, "en")
    found = NUMBER.search(text.replace("−", "-"))
    assert found is not None, text
    shown = float(found[0].replace(",", ""))
    for bound in (level, clear):
        assert (shown > bound, shown < bound) == (value > bound, value < bound), text


@pytest.mark.parametrize(
    ("value", "language", "shown"),
    [
        (85.04, "en", "85.04 %"),
        (85.0, "en", "85.0 %"),
        (84.21, "en", "84.2 %"),
        (84.21, "zh-hans", "84.2%"),
        (85.0000001, "en", "85.0000001 %"),
        (None, "en", "–"),
        (math.nan, "en", "–"),
    ],
)
def test_as_many_digits_as_it_takes(value: float | None, language: str, shown: str) -> None:
    assert alerts.value_text("disk_used", value, language) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(300.0, "5 min"), (300.4, "300.4 s"), (299.6, "299.6 s"), (312.4, "5 min 12 s"), (3723.0, "1 h 2 min")],
)
def test_a_time_just_beyond_a_level_is_told_in_seconds(value: float, shown: str) -> None:
    assert alerts.value_text("generation_time", value, "en") == shown


def test_levels_are_told_as_exactly_as_they_were_set() -> None:
    assert alerts.level_text("success_rate", 92.25, "en") == "92.25 %"
    assert alerts.level_text("generation_time", 300, "zh-hans") == "5 分钟"
    assert alerts.level_text("generation_time", 3661, "en") == "3,661 s"
