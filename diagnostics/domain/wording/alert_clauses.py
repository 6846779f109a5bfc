"""What the sentences of alerts are put together from, and the words of their states, places and facts."""

from __future__ import annotations

from diagnostics.domain.wording.labels import Words
from diagnostics.domain.wording.labels import both as _both

STATES: Words = {
    "ok": _both("Well", "正常"),
    "pending": _both("Pending", "待确认"),
    "firing": _both("Firing", "告警中"),
    "recovering": _both("Recovering", "恢复中"),
    "no_data": _both("No data", "数据不足"),
    "error": _both("Error", "无法评估"),
    "stale": _both("Out of date", "已过时"),
    "off": _both("Off", "已停用"),
}
PLACES: Words = {
    "audio": _both("Audio folder", "音频目录"),
    "host_database": _both("Host’s database", "主系统数据库"),
    "own_database": _both("Dashboard’s database", "本系统数据库"),
    "temporary": _both("Temporary files", "临时文件"),
}
SHAPES: Words = {
    "firing": _both("{bad}{raised}{since}.", "{bad}{raised}{since}。"),
    "pending": _both("{bad}{raised}{since}; {waits}.", "{bad}{raised}{since}；{waits}。"),
    "recovering": _both("{well}{cleared}; {keeps}.", "{well}{cleared}；{keeps}。"),
    "ok": _both("{well}{raised}.", "{well}{raised}。"),
    "no_data": _both("Cannot be told{since}: {why}.", "无法判断{since}：{why}。"),
    "error": _both("Could not be evaluated{since}: {why}.", "无法评估{since}：{why}。"),
    "ended": _both(
        "{bad}{raised}. This lasted {lasted}, from {span}, and is over.",
        "{bad}{raised}。{span}，历时 {lasted}，现已恢复。",
    ),
    "ended_error": _both(
        "It could not be evaluated. This lasted {lasted}, from {span}, and is over.",
        "曾无法评估。{span}，历时 {lasted}，现已恢复。",
    ),
}
CLAUSES: Words = {
    "below": _both("raised below {level}", "低于 {level} 即告警"),
    "above": _both("raised above {level}", "高于 {level} 即告警"),
    "clear_below": _both("ended at {level} or above", "达到 {level} 即恢复"),
    "clear_above": _both("ended at {level} or below", "不高于 {level} 即恢复"),
    "since": _both(", since {since_at}", "，自 {since_at} 起"),
    "since_bare": _both(" since {since_at}", "，自 {since_at} 起"),
    "waits": _both(
        "it is raised once that has held for {held_seconds}", "持续 {held_seconds}后才会告警"
    ),
    "waits_not": _both("it is raised at the next look", "下一次评估时即告警"),
    "keeps": _both("it ends once that has held for {held_seconds}", "持续 {held_seconds}后即结束"),
    "keeps_not": _both("it ends at the next look", "下一次评估时即结束"),
    "incident": _both("Incident {number}", "批量故障 {number}"),
}  # fmt: skip
FACTS: Words = {
    "value": _both("Value", "数值"),
    "level": _both("Level", "阈值"),
    "sample": _both("Counted", "计入数"),
    "window_seconds": _both("Window", "统计时段"),
    "by_file": _both("Playable, by file", "按文件可播放"),
    "by_status": _both("Well by the host’s own status", "按主系统状态正常"),
    "oldest_going_at": _both("Oldest still being generated, since", "生成中最久的，始于"),
    "p95": _both("95 % took at most", "95% 的用时不超过"),
    "absurd": _both("Times left out as absurd", "因不合理而未计入的用时"),
    "causes": _both("Causes", "原因"),
    "worst_hour": _both("Worst hour", "最严重的一小时"),
    "waiting": _both("Waiting", "等待中"),
    "waiting_since": _both("Oldest waits since", "最早的等待始于"),
    "moved_at": _both("Last movement", "最近一次进展"),
    "free_bytes": _both("Free", "可用空间"),
    "piece_bytes": _both("One piece takes", "每段音频平均占用"),
    "room": _both("Room for so many more sessions", "还能容纳的会话数"),
    "state": _both("State", "状态"),
    "problem": _both("Problem", "问题"),
    "since": _both("So since", "始于"),
    "machine": _both("Machine", "机器"),
    "pid": _both("Process", "进程"),
    "seen_at": _both("Last seen", "最近一次出现"),
    "indexed_at": _both("Last complete pass", "上次完整巡检"),
    "sampled_at": _both("Last measured", "最近一次测量"),
    "code": _both("Cause", "原因"),
    "times_opened": _both("Opened so many times", "出现次数"),
    "opened_at": _both("Opened", "出现于"),
}
