"""What is said of alerts, in both languages: what a rule measures, what is wrong, since when, and what to look at first."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from diagnostics.domain import wording
from diagnostics.domain.alerts.course import is_breach
from diagnostics.domain.alerts.rules import BY_NAME, ROOM_SESSIONS, Levels
from diagnostics.domain.wording import alert_values, parts
from diagnostics.domain.wording.alert_clauses import CLAUSES, FACTS, PLACES, SHAPES, STATES
from diagnostics.domain.wording.alert_problems import is_known as is_known
from diagnostics.domain.wording.alert_problems import problem_text as problem_text
from diagnostics.domain.wording.alert_problems import too_few_text
from diagnostics.domain.wording.alert_rules import ENGLISH, RuleWords
from diagnostics.domain.wording.alert_rules_chinese import CHINESE
from diagnostics.domain.wording.alert_values import NOTHING, window_text
from diagnostics.domain.wording.checks import word
from diagnostics.domain.wording.formatting import CHINESE as ZH
from diagnostics.domain.wording.formatting import between, fill, length, safe


def title(rule: str, language: str) -> str:
    """Return a rule's short name; one that nobody knows is its own."""
    known = _words(rule, language)
    return known.title if known else safe(rule)


def meaning(rule: str, language: str, levels: Levels | None = None) -> str:
    """Return what a rule measures, over which time and of what; with the window and smallest sample that are in force."""
    return _told(rule, language, "meaning", levels)


def users_see(rule: str, language: str) -> str:
    """Return what a user of the host notices."""
    return _told(rule, language, "users_see")


def first_check(rule: str, language: str, subject: str = "") -> str:
    """Return the one thing to look at first; a condition that is named has its own advice."""
    advice = wording.condition_advice(subject, language) if rule == "condition" and subject else ""
    return advice or _told(rule, language, "first_check")


def state_word(state: str, language: str) -> str:
    return word(STATES, state, language)


def fact_text(fact: str, language: str) -> str:
    """Return what a line of an episode's evidence is called; one that nobody knows is its own name."""
    return safe(word(FACTS, fact, language))


def subject_text(rule: str, subject: str, language: str) -> str:
    """Return what a rule tells of, in words: a condition, a part, what lies on a file system; '' where it has no subject."""
    kind = BY_NAME[rule].subjects if rule in BY_NAME else ""
    if kind == "condition":
        return wording.condition_title(subject, language)
    if kind == "part":
        return word(parts.NAMES, subject, language)
    if kind == "file_system":
        separator = "、" if _spoken(language) == ZH else ", "
        return safe(separator.join(word(PLACES, place, language) for place in subject.split(",")))
    if kind == "incident" and subject:
        return CLAUSES["incident"][_spoken(language)].replace("{number}", safe(subject))
    if kind == "worker" and subject.count(":") > 1:
        return safe(subject.rpartition(":")[0])  # machine and process; behind them stands what tells two lives apart
    return safe(subject)


def value_text(rule: str, value: float | None, language: str, levels: Levels | None = None) -> str:
    """Return a value with its unit, and with as many digits as it takes to tell it from the levels in force."""
    known = BY_NAME.get(rule)
    if known is None:
        return NOTHING if value is None else f"{value:g}"
    return alert_values.value_text(known, value, _spoken(language), levels)


def level_text(rule: str, level: float, language: str) -> str:
    """Return one level with its unit."""
    return alert_values.level_text(BY_NAME[rule], level, _spoken(language)) if rule in BY_NAME else f"{level:g}"


def sentence(
    rule: str,
    subject: str,
    state: str,
    *,
    value: float | None,
    language: str,
    zone: tzinfo,
    levels: Levels | None = None,
    sample: int | None = None,
    since: datetime | None = None,
    problem: str = "",
) -> str:
    """Return how a rule stands for one subject, in one sentence that needs nothing beside it.

    `state` is one of `AlertState.State`, or the kind of an episode; `levels` are those in force (None: the rule's own),
    `since` when it began, `problem` why there is no value. What is missing reads "unknown", and nothing raises.
    """
    spoken, shape = _spoken(language), SHAPES.get(state, SHAPES["ok"])
    clauses = _clauses(rule, subject, value, levels, sample, spoken)
    since_clause = "since_bare" if state in ("no_data", "error") else "since"
    told = {
        **clauses,
        **_still(rule, value, levels, spoken, is_firing=state == "firing"),
        "since": fill(CLAUSES[since_clause][spoken], {"since_at": since}, spoken, zone) if since else "",
        "why": _why(rule, levels, sample, problem, spoken),
    }
    return _written(shape[spoken], told, spoken)


def ended_sentence(
    rule: str,
    subject: str,
    *,
    begun: datetime,
    ended: datetime,
    language: str,
    zone: tzinfo,
    peak: float | None = None,
    levels: Levels | None = None,
    sample: int | None = None,
    is_error: bool = False,
) -> str:
    """Return what is said of an episode that is over: what was wrong at its worst, from when to when, and for how long."""
    spoken = _spoken(language)
    told = {
        **_clauses(rule, subject, peak, levels, sample, spoken),
        "span": between(begun, ended, spoken, zone).replace(" and ", " to "),
        "lasted": length((ended - begun).total_seconds(), spoken),
    }
    return _written(SHAPES["ended_error" if is_error else "ended"][spoken], told, spoken)


def raised_text(rule: str, language: str, levels: Levels | None = None) -> str:
    """Return "raised below 90 %"; '' of a rule without levels."""
    return _level_clause(rule, language, "", (levels or _levels(rule, None)).raise_at)


def cleared_text(rule: str, language: str, levels: Levels | None = None) -> str:
    """Return "ended at 92 % or above"; '' of a rule without levels."""
    return _level_clause(rule, language, "clear_", (levels or _levels(rule, None)).clear_at)


def _level_clause(rule: str, language: str, which: str, level: float) -> str:
    known, spoken = BY_NAME.get(rule), _spoken(language)
    if known is None or not known.has_levels:
        return ""
    clause = CLAUSES[f"{which}{'below' if known.is_low_bad else 'above'}"][spoken]
    return _plain(clause, {"level": level_text(rule, level, spoken)}, spoken)


def _clauses(
    rule: str, subject: str, value: float | None, levels: Levels | None, sample: int | None, language: str
) -> dict[str, str]:
    words, in_force = _words(rule, language), _levels(rule, levels)
    values = _values(rule, subject, value, in_force, sample, language)
    bad, well = _phrases(words, value) if words else ("{rule}", "{rule}")
    raised, cleared = raised_text(rule, language, in_force), cleared_text(rule, language, in_force)
    return {
        "bad": _plain(bad, values, language),
        "well": _plain(well, values, language),
        "raised": _aside(raised, language),
        "cleared": _aside(cleared, language),
        "waits": _held("waits", in_force.for_seconds, language),
        "keeps": _held("keeps", in_force.keep_seconds, language),
    }


def _still(rule: str, value: float | None, levels: Levels | None, language: str, *, is_firing: bool) -> dict[str, str]:
    """What fires and lies between its two levels says the second as well, lest it seem to be well."""
    known, in_force = BY_NAME.get(rule), _levels(rule, levels)
    if not is_firing or known is None or value is None or not known.has_levels or is_breach(value, in_force, known):
        return {}
    texts = (raised_text(rule, language, in_force), cleared_text(rule, language, in_force))
    return {"raised": _aside(("，" if language == ZH else ", ").join(texts), language)}


def _aside(text: str, language: str) -> str:
    if not text:
        return ""
    return f"（{text}）" if language == ZH else f" ({text})"


def _phrases(words: RuleWords, value: float | None) -> tuple[str, str]:
    if words.at_end and value is not None and value <= 0:
        return words.at_end, words.at_end
    has_nothing = not value or (words.at_end and value >= alert_values.FAR_HOURS)
    return words.bad, words.without if words.without and has_nothing else words.well


def _values(
    rule: str, subject: str, value: float | None, levels: Levels, sample: int | None, language: str
) -> dict[str, object]:
    return {
        "rule": rule,
        "value": value_text(rule, value, language, levels) if value is not None else None,
        "subject": subject_text(rule, subject, language),
        "window": window_text(levels.window_seconds, language),
        "sessions": _sessions(sample, language),
        "failed": _sessions(None if value is None else int(value), language),
        "room": ROOM_SESSIONS,
        "smallest": levels.smallest_sample,
    }


def _sessions(number: int | None, language: str) -> str:
    if language == ZH:
        return "会话" if number is None else f"{number:,} 个会话"
    return "sessions" if number is None else f"{number:,} session{'' if number == 1 else 's'}"


def _held(clause: str, seconds: int, language: str) -> str:
    code = clause if seconds else f"{clause}_not"
    text = CLAUSES[code][language]
    return _plain(text, {"held_seconds": seconds}, language)


def _why(rule: str, levels: Levels | None, sample: int | None, problem: str, language: str) -> str:
    in_force = _levels(rule, levels)
    if sample is not None and in_force.smallest_sample and sample < in_force.smallest_sample:
        return too_few_text(sample, in_force.smallest_sample, window_text(in_force.window_seconds, language), language)
    return problem_text(problem or "unknown", language)


def _told(rule: str, language: str, name: str, levels: Levels | None = None) -> str:
    words = _words(rule, language)
    if words is None:
        return ""
    spoken = _spoken(language)
    return _plain(getattr(words, name), _values(rule, "", None, _levels(rule, levels), None, spoken), spoken)


def _plain(template: str, values: Mapping[str, object], language: str) -> str:
    """A clause holds no times, so no zone matters."""
    return fill(template, values, language, UTC)


def _written(shape: str, told: Mapping[str, str], language: str) -> str:
    text = re.sub(r"\{([a-z]+)\}", lambda place: told[place[1]], shape)
    return text[:1].upper() + text[1:] if language == "en" else text


def _levels(rule: str, levels: Levels | None) -> Levels:
    return levels or (BY_NAME[rule].levels if rule in BY_NAME else Levels(0, 0))


def _words(rule: str, language: str) -> RuleWords | None:
    return (CHINESE if _spoken(language) == ZH else ENGLISH).get(rule)


def _spoken(language: str) -> str:
    return ZH if language.lower().startswith("zh") else "en"
