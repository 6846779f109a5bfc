"""What is said of the host's parts: their names, how they stand, what is wrong with them, what was measured."""

from __future__ import annotations

from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE, MOUNT
from diagnostics.domain.wording.checks import word
from diagnostics.domain.wording.labels import Words
from diagnostics.domain.wording.labels import both as _both

NAMES: Words = {
    ENGINE: _both("Audio engine", "合成引擎"),
    DATABASE: _both("Host's database", "主系统数据库"),
    CACHE: _both("Cache", "缓存"),
    BROKER: _both("Task queue", "任务队列"),
    MOUNT: _both("Audio mount", "音频挂载"),
}
STATES: Words = {
    "up": _both("Works", "正常"),
    "impaired": _both("Impaired", "有异常"),
    "down": _both("Down", "不可用"),
    "unknown": _both("Unknown", "未知"),
}
# By the problem's code; "PART.CODE" where it means something else for one part.
PROBLEMS: Words = {
    "refused": _both("It refuses connections: nothing listens at its address.", "拒绝连接：该地址没有服务在监听。"),
    "timeout": _both("It did not answer in time.", "没有在限定时间内响应。"),
    "no_name": _both("Its name cannot be resolved.", "无法解析它的主机名。"),
    "unreachable": _both("It cannot be reached over the network.", "网络上无法到达。"),
    "denied": _both("It refuses the user, the password or the right to look.", "拒绝了用户、密码或查看的权限。"),
    "closed": _both("It closed the connection.", "连接被它中断。"),
    "protocol": _both("Whatever answers there speaks another protocol.", "该地址上应答的不是这种服务。"),
    "tls": _both("No secure connection could be made with it.", "无法与它建立加密连接。"),
    "bad_address": _both("Its address in the settings cannot be used.", "设置中的地址无法使用。"),
    "too_many_clients": _both("It takes no more connections: it has too many.", "连接数已满，不再接受新连接。"),
    "too_many_connections": _both("It takes no more connections: it has too many.", "连接数已满，不再接受新连接。"),
    "loading": _both("It is starting, and still loads its data.", "正在启动，还在载入数据。"),
    "busy_script": _both("It is kept busy by a script, and serves nobody.", "被脚本占用，暂不服务。"),
    "busy": _both("Another look at it is under way.", "另一次探测正在进行。"),
    "no_writes": _both("It takes no writes, because it cannot save its data.", "无法保存数据，因此不接受写入。"),
    "no_master": _both("Its cluster has no working master.", "集群中没有可用的主节点。"),
    "read_only": _both("It can be read, but not written to.", "只读，无法写入。"),
    "full": _both("Its memory is full, and it drops nothing: it takes no writes.", "内存已满且不淘汰数据，无法写入。"),
    "locked": _both("Somebody holds a lock for long that others wait for.", "有锁被长时间占用，其他操作都在等待。"),
    "long_transaction": _both("A transaction has been open for long.", "有事务长时间没有结束。"),
    "damaged": _both("It is damaged, or is no database.", "已损坏，或不是数据库。"),
    "missing": _both("It is not there.", "不存在。"),
    "error": _both("It answers with an error.", "返回错误。"),
    "failed": _both("The look at it failed.", "探测没有成功。"),
    "hung": _both("It does not answer at all.", "完全没有响应。"),
    "no_answer": _both("The look at it gave no answer.", "探测没有得到结果。"),
    "broker.no_consumers": _both("Tasks wait, and nobody takes them.", "有任务在等待，但没有进程领取。"),
    "broker.no_queue": _both("A queue is not there: nobody has declared it.", "队列不存在：没有进程声明过它。"),
    "broker.suspended": _both("The workers are suspended, and take no tasks.", "工作进程已被暂停，不领取任务。"),
    "broker.wrong_type": _both("What is kept under the queue's name is no queue.", "该名称下保存的不是队列。"),
    "broker.locked": _both("A queue belongs to one connection alone.", "队列被某个连接独占。"),
    "engine.exit_code": _both("Its smoke test failed.", "自检失败。"),
    "engine.killed": _both("Its smoke test was ended by a signal.", "自检被信号终止。"),
    "engine.not_found": _both("The command of its smoke test is not there.", "自检命令不存在。"),
    "engine.denied": _both("The command of its smoke test may not be run.", "没有权限运行自检命令。"),
    "engine.timeout": _both(
        "Its smoke test did not end in time, and was stopped.", "自检没有在限定时间内结束，已终止。"
    ),
    "mount.missing": _both("The folder is not there.", "目录不存在。"),
    "mount.denied": _both("The folder may not be entered.", "没有权限进入目录。"),
    "mount.not_mounted": _both("What should be mounted there is not.", "应挂载的文件系统没有挂载。"),
    "mount.read_only": _both("It is mounted read-only: no audio can be written.", "以只读方式挂载，无法写入音频。"),
    "mount.io_error": _both("It answers with an I/O error.", "返回 I/O 错误。"),
}
UNKNOWN_PROBLEM = {
    "impaired": _both("It answers, but something is wrong with it.", "有响应，但存在异常。"),
    "down": _both("It does not work.", "无法工作。"),
    "unknown": _both("How it stands could not be told.", "无法得知它的状态。"),
}
# What is shown of what was measured, in this order; a name tells the unit.
MEASURES: Words = {
    "queue_length": _both("waiting", "等待中"),
    "queues": _both("by queue", "各队列"),
    "consumers": _both("consumers", "消费者"),
    "oldest_seconds": _both("oldest waits", "最早的已等待"),
    "unacknowledged": _both("being worked on", "处理中"),
    "failed_jobs": _both("failed jobs", "失败任务"),
    "newest_failure_seconds": _both("last failure, ago", "距最近一次失败"),
    "lock_waits": _both("lock waits", "锁等待"),
    "longest_wait_seconds": _both("longest wait", "最长等待"),
    "longest_transaction_seconds": _both("longest transaction", "最长事务"),
    "connections": _both("connections", "连接数"),
    "used_memory_bytes": _both("memory used", "已用内存"),
    "max_memory_bytes": _both("memory limit", "内存上限"),
    "evicted_keys": _both("evicted keys", "淘汰的键"),
    "exit_code": _both("exit code", "退出码"),
    "file_system": _both("file system", "文件系统"),
    "source": _both("mounted from", "挂载来源"),
    "mounted_at": _both("mounted at", "挂载点"),
    "took_seconds": _both("took", "用时"),
}
TABLES = (NAMES, STATES, PROBLEMS, UNKNOWN_PROBLEM, MEASURES)


def problem_sentence(part: str, state: str, problem: str, language: str) -> str:
    """Return what is wrong with a part, '' where nothing is; a code that nobody knows is told by the state alone."""
    if state == "up":
        return ""
    code = next((code for code in (f"{part}.{problem}", problem) if code in PROBLEMS), "")
    if code:
        return word(PROBLEMS, code, language)
    return word(UNKNOWN_PROBLEM, state if state in UNKNOWN_PROBLEM else "unknown", language)
