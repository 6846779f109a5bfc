"""What the rates page says of its figures in a sentence: why the rate changed, and what a client's patience costs."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from diagnostics.domain import wording
from diagnostics.domain.rates.patience import FEW_PERCENT, WAITS, longer_wait
from diagnostics.domain.rates.reasons import Change, Reason
from diagnostics.domain.wording.formatting import CHINESE, fill
from diagnostics.domain.wording.labels import Words, both

WHY: Words = {
    "fell": both(
        "The playable rate fell by {points} points, and no single cause explains it.",
        "可播放率下降了 {points} 个百分点，没有哪一个原因能够单独解释。",
    ),
    "rose": both(
        "The playable rate rose by {points} points, and no single cause explains it.",
        "可播放率上升了 {points} 个百分点，没有哪一个原因能够单独解释。",
    ),
    "fell_by": both(
        "The playable rate fell by {points} points, mostly by “{cause}”: {number} now, {before} in the period before "
        "({moved} points).",
        "可播放率下降了 {points} 个百分点，主要原因是“{cause}”：本期 {number} 次，上一期 {before} 次（{moved} 个百分点）。",
    ),
    "rose_by": both(
        "The playable rate rose by {points} points, mostly because there was less of “{cause}”: {number} now, {before} "
        "in the period before ({moved} points).",
        "可播放率上升了 {points} 个百分点，主要是“{cause}”减少了：本期 {number} 次，上一期 {before} 次（{moved} 个百分点）。",
    ),
    "further": both(
        "“{cause}” did its part too: {number} now, {before} before ({moved} points).",
        "“{cause}”也有影响：本期 {number} 次，上一期 {before} 次（{moved} 个百分点）。",
    ),
}
PATIENCE: Words = {
    "enough": both(
        "With a wait of {wait} s, {share} of good sessions looked failed to their users.",
        "等待 {wait} 秒时，有 {share} 的正常会话在用户看来是失败的。",
    ),
    "longer": both(
        "With a wait of {wait} s, {share} of good sessions looked failed to their users; {longer} s would leave {left}.",
        "等待 {wait} 秒时，有 {share} 的正常会话在用户看来是失败的；改为等待 {longer} 秒，则只剩 {left}。",
    ),
    "never": both(
        "With a wait of {wait} s, {share} of good sessions looked failed to their users; even {longest} s would leave {left}.",
        "等待 {wait} 秒时，有 {share} 的正常会话在用户看来是失败的；即使等待 {longest} 秒，仍会剩下 {left}。",
    ),
}


def why_sentence(change: Change, language: str) -> str:
    """Return why the rate changed, in one sentence, or two where a second cause moved it much too."""
    way = "fell" if change.points < 0 else "rose"
    if not change.reasons:
        return _said(WHY[way], {"points": f"{abs(change.points):.1f}"}, language)
    first, *further = change.reasons
    values = {"points": f"{abs(change.points):.1f}", **_told(first, language)}
    told = [_said(WHY[f"{way}_by"], values, language)]
    told += [_said(WHY["further"], _told(reason, language), language) for reason in further]
    return ("" if _spoken(language) == CHINESE else " ").join(told)


def patience_sentence(patience: Mapping[int, float], wait: int, language: str) -> str:
    """Return what a client that waits so many seconds makes of good pieces; '' where it is not known, or waits for ever."""
    if wait <= 0 or wait not in patience:
        return ""
    share, longer = patience[wait], longer_wait(patience, wait)
    values = {"wait": str(wait), "share": share_of(share, language)}
    if longer is not None:
        values |= {"longer": str(longer), "left": share_of(patience[longer], language)}
        return _said(PATIENCE["longer"], values, language)
    longest = WAITS[-1]
    if wait < longest and patience.get(longest, 0.0) > FEW_PERCENT:
        values |= {"longest": str(longest), "left": share_of(patience[longest], language)}
        return _said(PATIENCE["never"], values, language)
    return _said(PATIENCE["enough"], values, language)


def share_of(percent: float, language: str) -> str:
    """Return a share as people say it, in whole percents; little is not nothing, and 99.6 percent is not all."""
    if 0 < percent < 1:
        return "不到 1 %" if _spoken(language) == CHINESE else "less than 1 %"
    return f"{min(round(percent), 99)} %" if percent < 100 else "100 %"


def signed_points(points: float) -> str:
    """Return points with their sign, a minus being one: "+1.4", "−3.9", "0.0"."""
    text = f"{abs(points):.1f}"
    return text if text == "0.0" else f"{'+' if points > 0 else '−'}{text}"


def _told(reason: Reason, language: str) -> dict[str, str]:
    return {
        "cause": wording.title(reason.code, language),
        "number": f"{reason.number:,}",
        "before": f"{reason.before:,}",
        "moved": signed_points(reason.points),
    }


def _said(words: dict[str, str], values: Mapping[str, object], language: str) -> str:
    spoken = _spoken(language)
    return fill(words[spoken], values, spoken, UTC)


def _spoken(language: str) -> str:
    return CHINESE if language.lower().startswith("zh") else "en"
