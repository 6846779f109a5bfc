"""The sentences of incidents: what many sessions share, with their number, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, tzinfo

from diagnostics.domain.wording import formatting
from diagnostics.domain.wording.formatting import as_number, as_time, fill, safe
from diagnostics.domain.wording.incident_kinds import ENGLISH, Told
from diagnostics.domain.wording.incident_kinds_chinese import CHINESE

Values = Mapping[str, object]
LONGEST_VALUE = 400
SHOWN_BY = {
    "error": "error",
    "folder": "folder",
    "device": "folder",
    "link": "folder",
    "base": "base",
    "host": "host",
    "delivery": "host",
    "file": "path",
    "status": "status",
}


def incident_sentence(
    kind: str,
    code: str,
    values: Values,
    language: str,
    zone: tzinfo,
    *,
    sessions: int,
    since: datetime | None,
    is_over: bool = False,
) -> str:
    """Return the sentence of an incident; `sessions` is how many share it, or for one that is over, at most did."""
    spoken, told = _spoken(language), _told(kind, language)
    if told is None:
        return safe(kind)
    standing, over = told.variants.get(variant_of(kind, code, values), (told.sentence, told.over))
    counted = _counted(sessions, spoken)
    return fill(over if is_over else standing, {**values, **counted, "since_at": since}, spoken, zone)


def incident_title(kind: str, language: str) -> str:
    """Return what kind of incident it is: without values, so that it tells nothing of a session or a user."""
    told = _told(kind, language)
    return told.title if told else safe(kind)


def incident_label(kind: str, language: str) -> str:
    """Return what the shared value is: "The folder"; '' where there is none."""
    told = _told(kind, language)
    return told.label if told else ""


def incident_value(kind: str, values: Values, language: str, zone: tzinfo) -> str:
    """Return what the sessions share as one text to be copied; '' where there is none."""
    spoken = _spoken(language)
    if kind == "permissions":
        return safe(f"{values.get('owner', '')} {values.get('mode', '')}".strip(), LONGEST_VALUE)
    if kind == "moved":
        return safe(f"{values.get('folder', '')} → {values.get('found', '')}", LONGEST_VALUE)
    if kind == "content":
        number = as_number(values.get("size_bytes"))
        return formatting.size(number, spoken, exact=True) if number is not None else ""
    if kind == "deletion":
        first, last = as_time(values.get("seen_at")), as_time(values.get("missed_at"))
        times = [at.astimezone(zone).isoformat(" ", "seconds") for at in (first, last) if at]
        return " – ".join(times)  # to the second: it is held against the logs of whatever deletes
    return safe(values.get(SHOWN_BY.get(kind, ""), ""), LONGEST_VALUE)


def variant_of(kind: str, code: str, values: Values) -> str:
    """Return which variant of a kind's sentence its code and values call for, or ''."""
    if kind == "base":
        return ("wrong_url" if values.get("base") else "bare") if code == "delivery.wrong_url" else ""
    if kind == "status":
        return "" if values.get("status") else "blank"
    if kind == "device":
        return "" if values.get("folder") else "root"
    if kind == "delivery" and code == "delivery.not_served":
        return "length" if values.get("answer") == "length" else ""
    return VARIANTS.get(code, "")


VARIANTS = {
    "delivery.link_expired": "expired",
    "delivery.not_audio": "not_audio",
    "delivery.no_range": "no_range",
    "delivery.bad_certificate": "certificate",
    "file.truncated": "truncated",
    "worker.crashed": "crashed",
}


def _counted(number: int, language: str) -> dict[str, str]:
    if language == formatting.CHINESE:
        return {"sessions": f"{number:,} 个会话", "rows": f"{number:,} 条记录", "files": f"{number:,} 个文件"}
    ending = "" if number == 1 else "s"
    nouns = {name: f"{number:,} {name[:-1]}{ending}" for name in ("sessions", "rows", "files")}
    agreeing = {"carry": "carries", "were": "was"} if number == 1 else {"carry": "carry", "were": "were"}
    return nouns | agreeing


def _told(kind: str, language: str) -> Told | None:
    return (CHINESE if _spoken(language) == formatting.CHINESE else ENGLISH).get(kind)


def _spoken(language: str) -> str:
    return formatting.CHINESE if language.lower().startswith("zh") else "en"
