"""WeChat's coarse codes of its audio players, where a message holds nothing more telling."""

from __future__ import annotations

from diagnostics.domain.player_errors import checks, suspects
from diagnostics.domain.player_errors.entries import Entry, entry

_SYSTEM = entry(
    "WeChat's player reports an error of the system; on iOS even a missing file is reported so.",
    "微信播放器报告系统错误；在 iOS 上，文件不存在也会这样报。",
    suspects.NO_SOURCE,
    checks.ASK_INNER,
)

OUTER: dict[str, Entry] = {
    "10001": _SYSTEM,
    "100001": _SYSTEM,  # a misprint in WeChat's own documentation, which clients copied
    "10002": entry(
        "WeChat's player reports an error of the network; a link that has expired is reported so, too.",
        "微信播放器报告网络错误；链接过期也会这样报。",
        ("delivery.link_expired", "client.network", "delivery.not_served"),
        checks.ASK_INNER,
    ),
    "10003": entry(
        "WeChat's player reports an error of the file: as a rule a temporary file on the phone is gone.",
        "微信播放器报告文件错误：通常是手机上的临时文件没有了。",
        suspects.LOCAL_OR_GONE,
        checks.LOCAL_FILE,
    ),
    "10004": entry(
        "WeChat's player reports an error of the format: what it got is no audio that it can play.",
        "微信播放器报告格式错误：收到的内容不是它能播放的音频。",
        suspects.NOT_AUDIO,
        checks.FIRST_BYTES,
    ),
    "10005": entry(
        "WeChat could not get the phone's sound: another app or a call holds it.",
        "微信无法使用手机的声音：其他应用或通话正在占用。",
        suspects.NONE,
        checks.PHONE,
    ),
    "-1": entry(
        "WeChat's player reports an unknown error.", "微信播放器报告未知错误。", suspects.NONE, checks.ASK_INNER
    ),
}
