"""Why a rule has no value, in both languages; the codes are what `AlertState.problem` holds, alone or before ": " and a text."""

from __future__ import annotations

import re

from diagnostics.domain.wording import parts
from diagnostics.domain.wording.checks import word
from diagnostics.domain.wording.formatting import CHINESE, safe
from diagnostics.domain.wording.labels import Words
from diagnostics.domain.wording.labels import both as _both

PROBLEMS: Words = {
    "too_few": _both("too few sessions for a rate", "会话太少，无法计算"),
    "stale": _both("what it reads is out of date", "所依据的数据已过时"),
    "no_pass": _both("no pass has been completed yet", "还没有完成过巡检"),
    "no_answer": _both("no answer came", "没有得到响应"),
    "clock_skew": _both("the host's clock and this machine's differ too much", "主系统与本机的时钟相差过大"),
    "timeout": _both("the look at it did not end in time", "没有在限定时间内完成"),
    "pass_stale": _both("the last complete pass is too long ago", "上次完整巡检距今过久"),
    "no_sample": _both("nothing has been measured yet", "尚未测量"),
    "too_few_samples": _both("too little has been measured yet", "测量次数还不够"),
    "crashed": _both("looking at it ended in an error of this dashboard", "评估时本系统出错"),
    "unknown": _both("it could not be told", "无法得知"),
}
TOO_FEW = re.compile(r"(\d+) of (\d+)")  # as `domain.alerts.course.Reading.too_few` says it


def problem_text(problem: str, language: str) -> str:
    """Return what kept a rule from being evaluated, without a full stop; a code that nobody knows is its own text."""
    if found := TOO_FEW.fullmatch(problem):
        sample, needed = found.groups()
        chinese = f"只有 {sample} 个会话，至少需要 {needed} 个"
        return chinese if language.lower().startswith("zh") else f"{sample} of the {needed} sessions that it takes"
    code, _, told = problem.partition(": ")
    if problem in parts.PROBLEMS and problem not in PROBLEMS:
        return _as_clause(word(parts.PROBLEMS, problem, language))
    if code not in PROBLEMS:
        return safe(problem)
    known = word(PROBLEMS, code, language)
    if not told:
        return known
    return f"{known}（{safe(told)}）" if language.lower().startswith("zh") else f"{known} ({safe(told)})"


def is_known(problem: str) -> bool:
    """Whether it is one of the codes; else it is a text that may tell of the machine what not everybody may see."""
    return problem in PROBLEMS or problem in parts.PROBLEMS or TOO_FEW.fullmatch(problem) is not None


def _as_clause(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}".rstrip(".。")


def too_few_text(sample: int, needed: int, window: str, language: str) -> str:
    """Return "4 of the 10 sessions that it takes, in the last 24 h"."""
    if language == CHINESE:
        return f"最近 {window}内只有 {sample:,} 个会话，至少需要 {needed:,} 个"
    return f"{sample:,} of the {needed:,} sessions that it takes, in the last {window}"
