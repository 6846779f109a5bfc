"""Failed sessions by what their message says in other words: chains, exit codes, errno, Chinese; and look-alikes."""

from __future__ import annotations

from tests.corpus.labels import State, failed
from tests.corpus.states.generation import TRACEBACK, WORDS

DURING = "\nDuring handling of the above exception, another exception occurred:\n\n"
CAUSED = "\nThe above exception was the direct cause of the following exception:\n\n"
PRECEDENCE = "Order is precedence: the first that applies is the cause"
MESSAGES: tuple[tuple[str, str, str], ...] = (
    ("disk_full", "errno_in_chinese", "写入失败（errno=28），已中止"),
    ("disk_full", "celery_repr", "Task workers.compose[3f2b] raised unexpected: OSError(28, 'No space left on device')"),
    ("disk_full", "sqlite", "sqlite3.OperationalError: database or disk is full"),
    ("disk_full", "behind_a_lock", f"{TRACEBACK}sqlite3.OperationalError: database is locked\n{DURING}{TRACEBACK}OSError: [Errno 28] No space left"),
    ("disk_full", "before_a_lock", f"{TRACEBACK}OSError: [Errno 28] No space left\n{DURING}{TRACEBACK}sqlite3.OperationalError: database is locked"),
    ("out_of_memory", "exit_minus_nine", "subprocess.CalledProcessError: Command 'render' returned non-zero exit status -9."),
    ("out_of_memory", "exit_code_in_chinese", "工作进程异常退出，退出码：137"),
    ("out_of_memory", "bare_code", "-9"),
    ("out_of_memory", "shell", "./run.sh: line 3: 12345 Killed                  python worker.py"),
    ("out_of_memory", "rq", "Work-horse terminated unexpectedly; waitpid returned 9 (signal 9);"),
    ("out_of_memory", "kubernetes", "Last State: Terminated, Reason: OOMKilled"),
    ("out_of_memory", "cause_of_another", f"{TRACEBACK}MemoryError\n{CAUSED}{TRACEBACK}RuntimeError: segment 17 failed"),
    ("permission_denied", "readonly_database", "sqlite3.OperationalError: attempt to write a readonly database"),
    ("permission_denied", "store", "botocore.exceptions.ClientError: An error occurred (AccessDenied) when calling the PutObject operation"),
    ("timed_out", "future", "concurrent.futures._base.TimeoutError"),
    ("timed_out", "gunicorn", "[CRITICAL] WORKER TIMEOUT (pid:123)"),
    ("dependency_down", "timed_out_connection", "TimeoutError: [Errno 110] Connection timed out"),
    ("dependency_down", "refused_login", "pymysql.err.OperationalError: (1045, \"Access denied for user 'app'@'db'\")"),
    ("dependency_down", "chinese", "无法连接到消息队列"),
    ("engine_failed", "missing_program", "FileNotFoundError: [Errno 2] No such file or directory: '/usr/bin/ffmpeg'"),
    ("engine_failed", "static_tls", "ImportError: libgomp.so.1: cannot allocate memory in static TLS block"),
    ("engine_failed", "exit_139", "worker exited with exit code 139"),
    ("engine_failed", "chinese_segfault", "段错误（核心已转储）"),
    ("bad_input", "pydantic", "pydantic_core.ValidationError: 1 validation error for Request\nduration\n  Input should be less than or equal to 60"),
    ("bad_input", "chinese_missing", "未找到评测 17"),
    ("unrecognised", "session_137", "session 137 failed"),
    ("unrecognised", "error_28_of_30", "error 28 of 30 segments"),
    ("unrecognised", "killed_no_jobs", "killed 0 jobs, nothing to do"),
    ("unrecognised", "user_minus_nine", "user_id=-9 is odd"),
    ("unrecognised", "index_out_of_range", f"{TRACEBACK}IndexError: list index out of range"),
    ("unrecognised", "key_of_a_reason", f"{TRACEBACK}KeyError: 'quota'"),
    ("unrecognised", "sigterm", "Worker exited prematurely: signal 15 (SIGTERM)"),
    ("unrecognised", "no_such_table", "sqlite3.OperationalError: no such table: assessments_old"),
    ("unrecognised", "words_in_a_path", "FileNotFoundError: [Errno 2] No such file or directory: '/srv/quota/killed/x.wav'"),
)  # fmt: skip


def _state(code: str, name: str, message: str) -> State:
    words = PRECEDENCE if "During" in message or "direct cause" in message else WORDS[code]
    return State(f"text_{code}_{name}", lambda case: case.failed(message), failed(f"generation.{code}"), words)


STATES: tuple[State, ...] = tuple(_state(*known) for known in MESSAGES)
