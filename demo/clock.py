"""The host's time: naive, local to Asia/Shanghai, and written as SQLAlchemy writes it to SQLite."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

# China keeps one zone without daylight saving: a fixed offset needs no time zone database on the machine.
SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def now() -> datetime:
    return datetime.now(SHANGHAI).replace(tzinfo=None)


def as_text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%d %H:%M:%S.%f")


def as_moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def as_epoch(moment: datetime) -> float:
    return moment.replace(tzinfo=SHANGHAI).timestamp()


def from_epoch(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI).replace(tzinfo=None)
