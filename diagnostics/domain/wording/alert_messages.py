"""What is sent to people about alerts, in both languages: a subject, a text, the same as HTML, and a short one for chats."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from html import escape

from diagnostics.domain.alerts.rules import Levels
from diagnostics.domain.alerts.telling import FIRING, FLAPPING, REPEAT, RESOLVED
from diagnostics.domain.wording import alerts
from diagnostics.domain.wording.checks import word
from diagnostics.domain.wording.formatting import CHINESE, safe
from diagnostics.domain.wording.labels import Words
from diagnostics.domain.wording.labels import both as _both

WAS = "was"  # it began and ended before anybody could be told
LONGEST_SUBJECT = 200

HEADS: Words = {
    FIRING: _both("Firing", "告警"),
    REPEAT: _both("Still firing", "仍在告警"),
    FLAPPING: _both("Flapping", "反复告警"),
    RESOLVED: _both("Resolved", "已恢复"),
    WAS: _both("Was firing", "曾告警，已恢复"),
    f"error {FIRING}": _both("Cannot be evaluated", "无法评估"),
    f"error {REPEAT}": _both("Still cannot be evaluated", "仍无法评估"),
    f"error {RESOLVED}": _both("Evaluated again", "已恢复评估"),
    f"error {WAS}": _both("Could not be evaluated for a while", "曾短时无法评估"),
}
SAID: Words = {
    "flapping": _both(
        "It goes on and off, at least six times within the hour. While that lasts, only a summary is sent now and then.",
        "该告警一小时内反复触发与恢复至少六次。在此期间仅不定期发送汇总。",
    ),
    "affected": _both("Affected: ", "受影响："),
    "first": _both("First check: ", "首先检查："),
    "no_link": _both(
        "There is no link here, because the dashboard does not know its own address (DASHBOARD_URL).",
        "由于未设置本系统的访问地址（DASHBOARD_URL），此处无法给出链接。",
    ),
    "many": _both("{number} alerts: ", "{number} 项告警："),
    "test_subject": _both("Test of the channel “{channel}”", "测试通知渠道“{channel}”"),
    "test": _both(
        "{by} sent this to see whether alerts reach you by the channel “{channel}”. They do. Nothing is wrong.",
        "这是 {by} 发送的测试消息，用于确认告警能否通过渠道“{channel}”送达。您已收到，说明渠道正常，系统并无异常。",
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """One episode in a message. `state`: firing, repeat, flapping, resolved, or was; `url` is '' where nobody knows it."""

    state: str
    rule: str
    subject: str
    begun_at: datetime
    ended_at: datetime | None = None
    is_error: bool = False
    value: float | None = None
    peak: float | None = None
    levels: Levels | None = None
    problem: str = ""
    sessions: int | None = None
    users: int | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """What is said of one episode, worded: `lines` in the order in which they are read."""

    head: str
    title: str
    sentence: str
    lines: tuple[str, ...]
    url: str


def part(told: Told, language: str, zone: tzinfo) -> Part:
    state = f"error {told.state}" if told.is_error else told.state
    subject = alerts.subject_text(told.rule, told.subject, language)
    title = alerts.title(told.rule, language)
    is_over = told.ended_at is not None
    asides = [] if is_over else [_affected(told, language), _first(told, language)]
    if told.state == FLAPPING:
        asides.insert(0, word(SAID, "flapping", language))
    sentence = _sentence(told, language, zone)
    return Part(
        head=word(HEADS, state, language),
        title=_named(told.rule, title, subject, language),
        sentence=sentence,
        lines=(sentence, *(line for line in asides if line)),
        url=told.url,
    )


def subject_line(parts: Sequence[Part], language: str, place: str = "") -> str:
    """Return the subject of a mail: the one alert, or how many and which. `place` says which dashboard this is."""
    if len(parts) == 1:
        text = f"{_bracketed(parts[0].head, language)}{parts[0].title}"
    else:
        joined = ("、" if language == CHINESE else ", ").join(dict.fromkeys(part.title for part in parts))
        text = word(SAID, "many", language).replace("{number}", str(len(parts))) + joined
    line = f"{_bracketed(place, language)}{text}" if place else text
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1]}…"


def plain(parts: Sequence[Part], language: str) -> str:
    blocks = [
        "\n".join([f"{_bracketed(part.head, language)}{part.title}", *part.lines, *([part.url] if part.url else [])])
        for part in parts
    ]
    return "\n\n".join([*blocks, *_without_link(parts, language)]) + "\n"


def short(parts: Sequence[Part], language: str) -> str:
    """Return what fits a chat: what is wrong, since when, and where to look."""
    lines = [f"{_bracketed(part.head, language)}{part.sentence}{f' {part.url}' if part.url else ''}" for part in parts]
    return "\n".join([*lines, *_without_link(parts, language)])


def html(parts: Sequence[Part], language: str) -> str:
    blocks = []
    for part in parts:
        lines = "".join(f"<p>{escape(line)}</p>" for line in part.lines)
        link = f'<p><a href="{escape(part.url)}">{escape(part.url)}</a></p>' if part.url else ""
        blocks.append(f"<h3>{escape(_bracketed(part.head, language) + part.title)}</h3>{lines}{link}")
    notes = "".join(f"<p><small>{escape(line)}</small></p>" for line in _without_link(parts, language))
    code = "zh-Hans" if language == CHINESE else "en"
    return f'<!doctype html><html lang="{code}"><body>{"".join(blocks)}{notes}</body></html>'


def test_message(channel: str, by: str, language: str) -> tuple[str, str]:
    """Return subject and text of a test."""
    names = {"{channel}": safe(channel, 80), "{by}": safe(by, 150)}
    subject, text = word(SAID, "test_subject", language), word(SAID, "test", language)
    for name, value in names.items():
        subject, text = subject.replace(name, value), text.replace(name, value)
    return subject, text


def _sentence(told: Told, language: str, zone: tzinfo) -> str:
    if told.ended_at:
        return alerts.ended_sentence(
            told.rule, told.subject, begun=told.begun_at, ended=told.ended_at, language=language, zone=zone,
            peak=told.peak, levels=told.levels, is_error=told.is_error,
        )  # fmt: skip
    return alerts.sentence(
        told.rule, told.subject, "error" if told.is_error else "firing", value=told.value, language=language, zone=zone,
        levels=told.levels, since=told.begun_at, problem=told.problem,
    )  # fmt: skip


def _affected(told: Told, language: str) -> str:
    if language == CHINESE:
        numbers = [(told.sessions, "{} 个会话"), (told.users, "{} 位用户")]
    else:
        numbers = [
            (told.sessions, "{} session" if told.sessions == 1 else "{} sessions"),
            (told.users, "{} user" if told.users == 1 else "{} users"),
        ]
    counted = [shape.format(f"{number:,}") for number, shape in numbers if number]
    if not counted:
        return ""
    end = "。" if language == CHINESE else "."
    return word(SAID, "affected", language) + ("，" if language == CHINESE else ", ").join(counted) + end


def _first(told: Told, language: str) -> str:
    advice = alerts.first_check(told.rule, language, told.subject)
    return word(SAID, "first", language) + advice if advice else ""


def _without_link(parts: Sequence[Part], language: str) -> list[str]:
    return [] if any(part.url for part in parts) else [word(SAID, "no_link", language)]


def _bracketed(text: str, language: str) -> str:
    return f"【{text}】" if language == CHINESE else f"[{text}] "


def _named(rule: str, title: str, subject: str, language: str) -> str:
    """A condition is its own title: "trouble" before it tells nobody more."""
    if not subject or rule == "condition":
        return subject or title
    return _aside(title, subject, language)


def _aside(title: str, subject: str, language: str) -> str:
    return f"{title}（{subject}）" if language == CHINESE else f"{title} ({subject})"
