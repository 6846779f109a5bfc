"""What is said of a source that did not answer a live examination, in both languages."""

from __future__ import annotations

from datetime import tzinfo

from diagnostics.domain.trouble import Trouble
from diagnostics.domain.wording.formatting import CHINESE, fill, safe
from diagnostics.domain.wording.labels import Words
from diagnostics.domain.wording.labels import both as _both
from diagnostics.domain.wording.undelivered import UNDELIVERED

TROUBLES: Words = {
    "host.no_file": _both("The host's database file does not exist.", "主系统的数据库文件不存在。"),
    "host.unreachable": _both(
        "The host's database cannot be reached, or the connection was lost.", "无法连接主系统数据库，或连接已中断。"
    ),
    "host.credentials": _both(
        "The host's database refuses this user, password or database name.",
        "主系统数据库拒绝了这个用户、密码或库名。",
    ),
    "host.locked": _both("The host's database is locked by another writer.", "主系统数据库被其他写入者锁定。"),
    "host.timeout": _both("The host's database did not answer in time.", "主系统数据库没有在限定时间内响应。"),
    "host.denied": _both("The host's database does not allow this user to read.", "主系统数据库不允许该用户读取。"),
    "host.no_table": _both("The host's session table does not exist.", "主系统的会话数据表不存在。"),
    "host.no_column": _both("A column of the host's table does not exist.", "主系统数据表缺少某一列。"),
    "host.bad_value": _both("The host's database does not take this value.", "主系统数据库不接受这个值。"),
    "host.damaged": _both(
        "The host's database file is damaged, or is no database.", "主系统的数据库文件已损坏，或不是数据库。"
    ),
    "host.failed": _both("The host's database reports an error.", "主系统数据库报错。"),
    "host.schema": _both(
        "The host's table is missing, or lacks a column that is needed.", "找不到主系统的数据表，或缺少必需的列。"
    ),
    "store.timeout": _both(
        "The audio storage has not answered since {since_at}; the file was not checked.",
        "音频存储自 {since_at} 起没有响应，没有检查文件。",
    ),
    "store.no_helper": _both(
        "The process that looks at the audio storage could not work; the file was not checked.",
        "负责查看音频存储的进程无法工作，没有检查文件。",
    ),
    "search.time": _both(
        "The audio folder is too large to be searched at once: other files of this session are as of the last pass.",
        "音频目录太大，来不及全部查找：该会话的其他文件以上一次巡检为准。",
    ),
    "search.unlisted": _both(
        "Some folders cannot be listed: other files of this session in them are as of the last pass.",
        "有些目录无法列出：其中属于该会话的其他文件以上一次巡检为准。",
    ),
    "claimants.as_of_last_pass": _both(
        "Which other rows name the same file is as of the last pass: the host's table could not be searched in time.",
        "还有哪些记录指向同一文件，以上一次巡检为准：主系统数据表来不及查找。",
    ),
    "queue.unknown": _both(
        "The place in the queue is not known: the host's database did not answer in time.",
        "队列位置未知：主系统数据库没有在限定时间内响应。",
    ),
    "requests.slow": _both(
        "Which other sessions the user began meanwhile is as of the last pass: the host's table answered too slowly.",
        "该用户同时发起的其他会话，以上一次巡检为准：主系统数据表响应过慢。",
    ),
    "requests.many": _both(
        "Which other sessions the user began meanwhile is as of the last pass: there are too many to read.",
        "该用户同时发起的其他会话，以上一次巡检为准：数量过多，来不及读取。",
    ),
    "processes.timeout": _both("The process list did not answer in time.", "进程列表没有在限定时间内响应。"),
    "processes.unreadable": _both("The process list could not be read.", "无法读取进程列表。"),
    "host_api.timeout": _both("The host's API did not answer in time.", "主系统接口没有在限定时间内响应。"),
    "host_api.unreachable": _both(
        "The host's API cannot be reached, or the connection was lost.", "无法连接主系统接口，或连接已中断。"
    ),
    "host_api.insecure": _both(
        "No secure connection to the host's API: its certificate is out of date, for another name, or not trusted.",
        "无法与主系统接口建立安全连接：证书已过期、域名不符或不受信任。",
    ),
    "host_api.bad_url": _both("HOST_API_URL is no address that can be asked.", "HOST_API_URL 不是可以访问的地址。"),
    "host_api.status": _both(
        "The host's API answers HTTP {http_status} instead of the session.",
        "主系统接口返回 HTTP {http_status}，而不是会话数据。",
    ),
    "host_api.no_success": _both("The host's API answers that it did not succeed.", "主系统接口返回的结果是失败。"),
    "host_api.no_session": _both(
        "The host's API answers something else than a session.", "主系统接口返回的不是会话数据。"
    ),
    "own.unavailable": _both(
        "The dashboard's own database did not answer: what earlier passes knew is missing here.",
        "本系统自己的数据库没有响应：缺少历次巡检的记录。",
    ),
    **{f"delivery.{problem}": both for problem, both in UNDELIVERED.items()},
}


def trouble_sentence(trouble: Trouble, language: str, zone: tzinfo) -> str:
    """Return the sentence of a trouble, without its detail; an unknown code is its own."""
    spoken = CHINESE if language.lower().startswith("zh") else "en"
    known = TROUBLES.get(trouble.code)
    return fill(known[spoken], trouble.values, spoken, zone) if known else safe(trouble.code)
