"""Ready texts for the users of a paused host, and how the time of the next look is put into a text.

Each says what is wrong, what can be used instead, and when we look again (never when it will work: nobody knows that);
no codes, no cause, no promise of a notice. At most 80 words in English, 120 characters in Chinese.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

TIME = "{time}"
PLACEHOLDER = re.compile(r"\{[^{}]*\}?|\}")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True, slots=True)
class ReadyText:
    """A text in both languages; `title` says when it fits, to the staff."""

    title: str | Promise
    english: str
    chinese: str


READY = {
    "paused": ReadyText(
        _("New long audio cannot be made"),
        "Long audio is paused: new pieces cannot be made at the moment. Audio already made still plays. "
        "You can use the 60-second audio now. We will look again and say more by {time}. Sorry about this.",
        "长音频暂停使用，目前无法生成新的长音频。已生成的长音频仍可播放，您现在可以使用 60 秒音频。"
        "我们会在 {time} 前再次检查并更新进展。抱歉，给您添了麻烦。",
    ),
    "playing": ReadyText(
        _("Long audio does not play"),
        "Some long audio cannot be played at the moment. This is not a problem with your phone or network, and we are "
        "checking it. You can use the 60-second audio now. We will look again and say more by {time}. Sorry about this.",
        "部分长音频目前无法播放，这不是您手机或网络的问题，我们正在检查。您现在可以使用 60 秒音频。"
        "我们会在 {time} 前再次检查并更新进展。抱歉，给您添了麻烦。",
    ),
    "slow": ReadyText(
        _("Making it takes far too long"),
        "Making long audio takes much longer than usual, so we have paused it for new pieces. Pieces that were begun go "
        "on. You can use the 60-second audio now. We will look again and say more by {time}. Sorry about this.",
        "生成长音频的时间比平时长很多，我们已暂停接受新的长音频，已经开始的会继续生成。您现在可以使用 60 秒音频。"
        "我们会在 {time} 前再次检查并更新进展。抱歉，给您添了麻烦。",
    ),
}
FIRST = "paused"


def unknown_placeholders(text: str) -> list[str]:
    """Return what stands in braces and is not the time of the next look."""
    return [found for found in PLACEHOLDER.findall(text) if found != TIME]


def for_users(text: str, language: str, review_at: datetime) -> str:
    """Return a text as users read it, with the time of the next look in the dashboard's TIME_ZONE."""
    if language == "zh-hans":
        text = text.replace(f"{TIME} ", TIME)  # the time ends with a bracket, after which no space is set
    return text.replace(TIME, time_told(review_at, language))


def time_told(at: datetime, language: str) -> str:
    """Return a time with its date and its zone: users read it on another day, and in another zone perhaps."""
    local = at.astimezone(ZoneInfo(settings.TIME_ZONE))
    if language == "zh-hans":
        zone = "北京时间" if settings.TIME_ZONE == "Asia/Shanghai" else _offset(local)
        return f"{local.month} 月 {local.day} 日 {local:%H:%M}（{zone}）"
    return f"{local:%H:%M} on {local.day} {MONTHS[local.month - 1]} ({_offset(local)})"


def _offset(local: datetime) -> str:
    minutes = int((local.utcoffset() or local - local).total_seconds() // 60)
    hours, rest = divmod(abs(minutes), 60)
    sign = "-" if minutes < 0 else "+"
    return f"UTC{sign}{hours}" + (f":{rest:02d}" if rest else "") if minutes else "UTC"
