"""What the chain on a session's page is labelled with: the guide's steps, their checks, and why one was not made."""

from __future__ import annotations

from diagnostics.domain.wording import client_words
from diagnostics.domain.wording.labels import Words
from diagnostics.domain.wording.labels import both as _both
from diagnostics.domain.wording.undelivered import UNDELIVERED

STEPS: Words = {
    "client": _both("Client", "客户端"),
    "record": _both("Session record", "会话记录"),
    "server": _both("Server", "服务器"),
    "file": _both("File and delivery", "文件与播放"),
}
CHECKS: Words = {
    "client.parameters": _both("Request parameters", "请求参数"),
    "client.waiting": _both("Time the client waits", "客户端等待时间"),
    "client.answer": _both("Answer to the client", "返回给客户端的数据"),
    "client.player": _both("Player's error", "播放器错误"),
    "record.created": _both("Row in the table", "数据表中的记录"),
    "record.status": _both("Status", "状态"),
    "record.path": _both("Recorded path", "记录的路径"),
    "record.error": _both("Recorded error", "记录的错误"),
    "record.times": _both("Times", "时间"),
    "record.progress": _both("Progress", "进度"),
    "record.single": _both("Repeated requests", "重复请求"),
    "record.answer": _both("The host's own answer", "主系统接口的返回"),
    "record.rules": _both("The checks themselves", "检查程序自身"),
    "server.queue": _both("Pick-up from the queue", "从队列中领取"),
    "server.process": _both("Movement of the generation", "生成进展"),
    "server.disk": _both("Disk space", "磁盘空间"),
    "server.memory": _both("Memory", "内存"),
    "server.engine": _both("Audio engine", "合成引擎"),
    "server.database": _both("Host's database", "主系统数据库"),
    "server.cache": _both("Cache", "缓存"),
    "server.broker": _both("Task queue", "任务队列"),
    "server.permission": _both("Right to write", "写入权限"),
    "server.generation": _both("Generation", "生成过程"),
    "file.store": _both("Audio storage", "音频存储"),
    "file.path": _both("Path", "路径"),
    "file.exists": _both("File on disk", "磁盘上的文件"),
    "file.permission": _both("Right to read", "读取权限"),
    "file.size": _both("Size", "大小"),
    "file.header": _both("WAV header and data", "WAV 文件头与数据"),
    "file.length": _both("Length", "时长"),
    "file.sound": _both("Silence", "静音"),
    "file.owner": _both("Whose file it is", "文件归属"),
    "file.name": _both("File name", "文件名"),
    "file.url": _both("URL of the client", "客户端地址"),
    "file.delivery": _both("Delivery by the server", "服务器送出文件"),
}
REASONS: Words = {
    "no_client_report": _both(
        "Nothing from the client is known here: ask the user for the player's message.",
        "这里没有客户端的信息，请向用户索取播放器的提示。",
    ),
    "no_column": _both("The host's table has no such column.", "主系统的数据表没有这一列。"),
    "no_times": _both("The row's times do not say how long it took.", "记录中的时间无法说明生成用时。"),
    "not_finished": _both("The session is not finished.", "会话尚未结束。"),
    "failed_elsewhere": _both("It failed for the reason found elsewhere here.", "已失败，原因见其他检查项。"),
    "not_completed": _both(
        "The row does not say completed, so no file is expected.", "记录未标为已完成，不要求有文件。"
    ),
    "not_generating": _both("The session is not being generated.", "该会话不在生成中。"),
    "no_samples": _both(
        "No sample of disk and memory was taken around that time; samples are kept for eight days.",
        "该时间前后没有磁盘和内存的采样，采样只保留八天。",
    ),
    "no_recent_sample": _both(
        "No sample of disk and memory was taken in the last minutes.", "最近几分钟没有磁盘和内存的采样。"
    ),
    "no_sampled_value": _both("The samples of that time could not tell.", "当时的采样没有得到这一项。"),
    "no_moment": _both("The row does not say when that was.", "记录没有写明相关时间。"),
    "engine_not_watched": _both("Not watched: ENGINE_COMMAND is not set.", "未监看：没有设置 ENGINE_COMMAND。"),
    "database_not_watched": _both("Not watched: WATCH_HOST_DATABASE is off.", "未监看：WATCH_HOST_DATABASE 未开启。"),
    "cache_not_watched": _both("Not watched: HOST_CACHE_URL is not set.", "未监看：没有设置 HOST_CACHE_URL。"),
    "broker_not_watched": _both("Not watched: HOST_BROKER_URL is not set.", "未监看：没有设置 HOST_BROKER_URL。"),
    "no_part_samples": _both(
        "It was not asked around that time; samples are kept for eight days.",
        "该时间前后没有探测过它，采样只保留八天。",
    ),
    "no_recent_part": _both("It was not asked in the last minutes.", "最近几分钟没有探测过它。"),
    "part_unknown": _both("How it stood could not be told.", "无法得知它当时的状态。"),
    "no_path": _both("The row names no file.", "记录没有写明文件。"),
    "no_file": _both("There is no file to look at.", "没有可以检查的文件。"),
    "unsafe": _both("The path leads outside and is never opened.", "路径越出目录，绝不打开。"),
    "unreadable": _both("The file could not be opened.", "文件无法打开。"),
    "no_header": _both("The file's header could not be read.", "文件头无法读取。"),
    "not_whole": _both("The audio is not whole, so this says nothing.", "音频不完整，此项没有意义。"),
    "settling": _both("Row or file changed a moment ago, so it is not judged yet.", "记录或文件刚有变化，暂不下结论。"),
    "cleared": _both("It was cleared away on purpose.", "文件已按规定清理。"),
    "no_claim": _both("The row says nothing to compare with.", "记录中没有可以对照的值。"),
    "no_store": _both("The storage could not be read.", "存储无法读取。"),
    "remote": _both("The file lies on another server.", "文件在其他服务器上。"),
    "deep_only": _both("The audio itself has not been listened to yet.", "还没有检听音频内容。"),
    "unhearable": _both("Audio in this format cannot be listened to here.", "这里无法检听这种格式的音频。"),
    "not_heard_in_time": _both("Listening to the audio did not come to its end in time.", "检听没有在限定时间内完成。"),
    "not_heard": _both("The audio could not be listened to.", "音频无法检听。"),
    "heard_in_part": _both(
        "Only part of the audio could be listened to in the time and bytes allowed.",
        "在限定的时间和数据量内只检听了一部分。",
    ),
    "not_asked": _both("The web server was not asked for the file.", "没有向网站服务请求该文件。"),
    "not_in_order": _both("The file itself is not in order, so this says nothing.", "文件自身有问题，此项没有意义。"),
    "wrong_url": _both(
        "The client's URL does not lead to the file, so this says nothing.", "客户端的地址到不了该文件，此项没有意义。"
    ),
    "link_over": _both("The link is no longer valid, so this says nothing.", "链接已失效，此项没有意义。"),
    **{f"delivery_{problem}": both for problem, both in UNDELIVERED.items()},
    "no_host_api": _both(
        "The host's API is not asked: HOST_API_URL is not set.", "没有设置 HOST_API_URL，不查询主系统接口。"
    ),
    "no_session_answered": _both(
        "The host's API answered, but not with a session.", "主系统接口有响应，但返回的不是会话数据。"
    ),
    "row_changed": _both(
        "The row changed while the host's API was asked, or could not be read once more.",
        "查询主系统接口期间，记录有变化，或未能再次读取。",
    ),
    "reader_unknown": _both(
        "Whether the user who serves the audio may read it cannot be told from here.",
        "在这里无法判断提供音频的用户能否读取。",
    ),
    "writer_unknown": _both(
        "Whether the generator's user may write to the audio folder cannot be told from here.",
        "在这里无法判断生成进程的用户能否写入音频目录。",
    ),
    "no_generator_user": _both(
        "The generator's user is not known here: set GENERATOR_USER.",
        "这里不知道生成进程以哪个用户运行，请设置 GENERATOR_USER。",
    ),
    "not_compared": _both("The user's other sessions could not be read.", "未能读取该用户的其他会话。"),
    "no_request": _both("The row does not say which user or assessment asked.", "记录没有写明用户或评测。"),
    "not_begun": _both("Its generation has not begun.", "尚未开始生成。"),
    "no_span": _both("The row's times do not say when it was generated.", "记录中的时间无法说明何时生成。"),
    "no_pattern": _both(
        "Whether a generator is alive is not known: GENERATOR_PROCESS is not set.",
        "没有设置 GENERATOR_PROCESS，无法得知生成进程是否在运行。",
    ),
    "no_processes": _both(
        "Whether a generator is alive is not known: the process list could not be read.",
        "无法读取进程列表，无法得知生成进程是否在运行。",
    ),
    "no_generator": _both("It moves still, but no generator is alive now.", "仍有进展，但现在没有生成进程在运行。"),
    "stopped_generator": _both("Every generator is stopped by a signal.", "所有生成进程都已被信号暂停。"),
    "not_answered": _both("What has to be asked for that did not answer.", "需要查询的来源没有响应。"),
    **client_words.REASONS,
}
RESULTS: Words = {
    "ok": _both("In order", "正常"),
    "bad": _both("Broken", "异常"),
    "unknown": _both("Unknown", "未知"),
    "notice": _both("Notice", "提醒"),
    "not_checked": _both("Not checked", "未检查"),
}
SOURCES: Words = {
    "record": _both("Row", "记录"),
    "disk": _both("Disk", "磁盘"),
    "header": _both("File header", "文件头"),
    "ledger": _both("Earlier passes", "历次巡检"),
    "http": _both("HTTP", "HTTP"),
    "process": _both("Processes", "进程"),
    "resources": _both("Resources", "资源"),
    "client": _both("Client", "客户端"),
}
CONFIDENCES: Words = {
    "certain": _both("certain: seen directly", "确定：直接看到"),
    "likely": _both("likely: two independent signs", "很可能：有两个独立的迹象"),
    "possible": _both("possible: one sign", "有可能：只有一个迹象"),
}
VERDICTS: Words = {
    "playable": _both("Playable", "可以播放"),
    "not_ready": _both("Not ready", "尚未就绪"),
    "broken": _both("Broken", "无法播放"),
    "expired": _both("Expired", "已到期清理"),
    "unknown": _both("Unknown", "未知"),
}
FACTS: Words = {
    "audio root": _both("audio folder", "音频目录"),
    "stat": _both("look at the file", "查看文件"),
    "host": _both("host", "主机"),
    "links to": _both("links to", "链接指向"),
    "link valid until": _both("link valid until", "链接有效期至"),
    "file name": _both("file name", "文件名"),
    "found": _both("found", "找到"),
    "last seen": _both("last seen", "最后一次看到"),
    "first missed": _both("first missed", "首次发现缺失"),
    "watched since": _both("watched since", "开始监看"),
    "no complete pass yet": _both("no complete pass yet", "尚无完整的巡检"),
    "gone together": _both("gone together with it", "同时消失的文件"),
    "moved away": _both("moved away", "移走"),
    "restorable until": _both("can be restored until", "可恢复至"),
    "generation began": _both("generation began", "生成开始"),
    "generation ended": _both("generation ended", "生成结束"),
    "begun meanwhile": _both("begun meanwhile", "期间开始的会话"),
    "first of them begun": _both("the first of them began", "其中第一个开始于"),
    "blocked at": _both("blocked at", "受阻于"),
    "kept out": _both("kept out", "被拒的用户"),
    "readable for": _both("readable for", "可以读取的用户"),
    "writable for": _both("writable for", "可以写入的用户"),
    "not known of": _both("not known of", "无法判断的用户"),
    "kind": _both("kind", "类型"),
    "size": _both("size", "大小"),
    "problem": _both("problem", "问题"),
    "data declared": _both("data declared", "声明的数据量"),
    "data present": _both("data present", "实有的数据量"),
    "length present": _both("length present", "实有时长"),
    "length": _both("length", "时长"),
    "duration": _both("length asked for", "请求的时长"),
    "also claimed by": _both("also claimed by", "同时指向它的会话"),
    "id in the name": _both("id in the name", "文件名中的编号"),
    "behind the last chunk": _both("behind the last chunk", "最后一段之后"),
    "modified": _both("last changed", "最后修改"),
    "last grew": _both("last grew", "最后增长"),
    "place in the queue": _both("place in the queue", "队列位置"),
    "overtaken by": _both("overtaken by", "被其超过的会话"),
    "URL the client builds": _both("URL the client builds", "客户端拼出的地址"),
    "URL asked": _both("URL asked", "请求的地址"),
    "no answer": _both("no answer", "没有响应"),
    "answer": _both("answer", "响应状态码"),
    "type": _both("type", "内容类型"),
    "encoding": _both("encoding", "内容编码"),
    "range": _both("part of the whole", "返回的区间"),
    "length told": _both("length told", "响应给出的长度"),
    "first bytes": _both("first bytes", "开头的内容"),
    "leads on to": _both("leads on to", "转向"),
    "answered by": _both("answered by", "响应者"),
    "HTTP status": _both("HTTP status", "HTTP 状态码"),
    "took": _both("took", "用时"),
    "client waits": _both("client waits", "客户端等待"),
    "mode": _both("owner and mode", "所有者与权限"),
    "format": _both("format", "格式"),
    "last moved": _both("last moved", "最近一次进展"),
    "heartbeat": _both("heartbeat", "心跳"),
    "generator processes": _both("generator processes alive", "运行中的生成进程"),
    "generator alive": _both("generator alive", "在运行的生成进程"),
    "further generators": _both("further generators alive", "其余在运行的生成进程"),
    "memory of the generator": _both("its memory", "其内存"),
    "started": _both("started", "启动于"),
    "started after the last movement": _both("started after the last movement", "在最近一次进展之后启动"),
    "generator last seen alive": _both("generator last seen alive", "最后一次看到在运行的生成进程"),
    "generator gone": _both("generator gone", "已不在的生成进程"),
    "its number is another process's since": _both(
        "its number is another process's since", "其进程号已归另一进程，启动于"
    ),
    "rule": _both("check", "检查项"),
    "disk used": _both("disk used", "磁盘已用"),
    "inodes used": _both("inodes used", "inode 已用"),
    "memory used": _both("memory used", "内存已用"),
    "swap used": _both("swap used", "交换空间已用"),
    "engine": _both("audio engine", "合成引擎"),
    "database": _both("host's database", "主系统数据库"),
    "cache": _both("cache", "缓存"),
    "broker": _both("task queue", "任务队列"),
    "mount": _both("audio mount", "音频挂载"),
    "so since": _both("in this state since", "此状态始于"),
    "its own words": _both("in its own words", "原文"),
    "length of the queue": _both("length of the queue", "队列长度"),
    "consumers": _both("consumers", "消费者数"),
    "lock waits": _both("lock waits", "锁等待数"),
    "silent at the end": _both("silent at the end", "结尾静音"),
    "last sound": _both("last sound", "最后的声音"),
    **client_words.FACTS,
}
TICKET: Words = {
    "session": _both("Session", "会话"),
    "next": _both("Next step:", "下一步："),
    "observed": _both("Examined:", "检查时间："),
    "evidence": _both("Evidence", "依据"),
    "further": _both("Further findings", "其他发现"),
    "row": _both("Row", "记录"),
    "file": _both("File", "文件"),
}
TABLES = (STEPS, CHECKS, REASONS, RESULTS, SOURCES, CONFIDENCES, VERDICTS, FACTS, TICKET, *client_words.TABLES)


def word(table: Words, code: str, language: str) -> str:
    """Return a label; what no table knows is its own label."""
    known = table.get(code)
    return known["zh-hans" if language.lower().startswith("zh") else "en"] if known else code
