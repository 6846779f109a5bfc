"""Failed sessions: half committed, and what their message alone says."""

from __future__ import annotations

from tests.corpus.labels import State, failed
from tests.corpus.wavs import WHOLE
from tests.corpus.world import DAY, FINISHED, PREFIX, Case, local

WORDS = {
    "disk_full": "21: the error says so (ENOSPC, No space left, 磁盘空间不足, quota)",
    "out_of_memory": "22: MemoryError, Unable to allocate, Cannot allocate memory, OOM, Killed, exit 137, -9, SIGKILL, 内存不足",
    "permission_denied": "23: EACCES, EPERM, Permission denied, read-only file system, 权限",
    "timed_out": "24: a time limit stopped it: SoftTimeLimitExceeded, TimeLimitExceeded, job time-outs, 超时",
    "dependency_down": "25: database, cache, broker or object store refused or dropped the connection, or the database was locked",
    "engine_failed": "26: the synthesis library could not load or raised",
    "bad_input": "27: assessment missing, parameters out of range, validation errors",
    "unrecognised": "28: there is a message, but no rule knows it",
    "unexplained": "29: failed, with no message and no evidence",
}
TRACEBACK = """Traceback (most recent call last):
  File "/srv/app/workers/long_sequence.py", line 212, in compose
    self.write(segment)
  File "/srv/app/audio/writer.py", line 88, in write
    handle.write(block)
"""
MESSAGES: tuple[tuple[str, str, object], ...] = (
    ("disk_full", "errno_28", TRACEBACK + "OSError: [Errno 28] No space left on device"),
    ("disk_full", "chinese", "生成失败：磁盘空间不足，请联系管理员"),
    ("disk_full", "quota", "OSError: [Errno 122] Disk quota exceeded: '/srv/app/static'"),
    ("disk_full", "name_of_the_error", "write failed: ENOSPC"),
    ("out_of_memory", "memory_error", TRACEBACK + "MemoryError"),
    (
        "out_of_memory",
        "numpy",
        "numpy.core._exceptions._ArrayMemoryError: Unable to allocate 605. MiB for an array with shape (158760000,)",
    ),
    ("out_of_memory", "errno_12", "OSError: [Errno 12] Cannot allocate memory"),
    (
        "out_of_memory",
        "killed",
        "billiard.exceptions.WorkerLostError: Worker exited prematurely: signal 9 (SIGKILL) Job: 12.",
    ),
    ("out_of_memory", "exit_137", "generator exited with exit code 137"),
    ("out_of_memory", "chinese", "内存不足，无法合成第 17 段"),
    (
        "permission_denied",
        "errno_13",
        "PermissionError: [Errno 13] Permission denied: '/srv/app/static/generated_music/long_sequences/x.wav'",
    ),
    ("permission_denied", "read_only", "OSError: [Errno 30] Read-only file system: 'x.wav.tmp'"),
    ("permission_denied", "eperm", "PermissionError: [Errno 1] Operation not permitted"),
    ("permission_denied", "chinese", "没有写入权限：/srv/app/static"),
    ("timed_out", "soft", "celery.exceptions.SoftTimeLimitExceeded: SoftTimeLimitExceeded()"),
    ("timed_out", "hard", "billiard.exceptions.TimeLimitExceeded: TimeLimitExceeded(1800,)"),
    ("timed_out", "rq", "rq.timeouts.JobTimeoutException: Task exceeded maximum timeout value (180 seconds)"),
    ("timed_out", "chinese", "音频生成超时"),
    (
        "dependency_down",
        "mysql",
        'pymysql.err.OperationalError: (2013, "Lost connection to MySQL server during query")',
    ),
    (
        "dependency_down",
        "redis",
        "redis.exceptions.ConnectionError: Error 111 connecting to 127.0.0.1:6379. Connection refused.",
    ),
    ("dependency_down", "locked", "sqlite3.OperationalError: database is locked"),
    ("engine_failed", "module", "ModuleNotFoundError: No module named 'soundfile'"),
    ("engine_failed", "library", "OSError: libsndfile.so.1: cannot open shared object file: No such file or directory"),
    ("engine_failed", "segfault", "worker died: Segmentation fault (core dumped)"),
    ("engine_failed", "not_finite", "ValueError: Audio buffer is not finite everywhere"),
    ("bad_input", "assessment", "ValueError: assessment 4711 not found"),
    ("bad_input", "range", "total_duration_minutes out of range: 75 (10 to 60)"),
    ("bad_input", "chinese", "参数错误：评测记录不存在"),
    ("unrecognised", "a_word", "boom"),
    ("unrecognised", "key_error", TRACEBACK + "KeyError: 'stage_two'"),
    ("unrecognised", "chinese", "未知错误"),
    ("unrecognised", "no_text", b"\xff\xfe\x80\x81" * 30),
    ("unexplained", "null", None),
    ("unexplained", "blank", ""),
    ("unexplained", "spaces", " \r\n\t "),
    ("disk_full", "huge_at_the_end", "step done\n" * 100_000 + "OSError: [Errno 28] No space left on device"),
    ("disk_full", "huge_at_the_beginning", "OSError: [Errno 28] No space left on device\n" + "at step\n" * 100_000),
    (
        "unrecognised",
        "huge_in_the_middle",
        "x y\n" * 100_000 + "OSError: [Errno 28] No space left on device\n" + "x y\n" * 100_000,
    ),
)


def _state(code: str, name: str, message: object) -> State:
    words = "an error text is read at its first and last 16 KiB" if name.startswith("huge") else WORDS[code]
    return State(f"{code}_{name}", lambda case: case.failed(message), failed(f"generation.{code}"), words)


def _half(case: Case, message: object, **row: object) -> None:
    case.write("{name}", WHOLE, FINISHED + 5)
    case.failed(message, **row)


def _of_a_former_life(case: Case) -> None:
    case.write("long_sequence_{key}_20250801_090000.wav", WHOLE, 24 * DAY)
    case.failed("MemoryError")


def _half_at_path(case: Case) -> None:
    _half(case, "MemoryError", final_file_path=PREFIX + case.name)


def _cut_file_of_a_failed_one(case: Case) -> None:
    case.write("{name}", WHOLE[:4_000], FINISHED + 5)
    case.failed("MemoryError", final_file_path=PREFIX + case.name)


HALF = "20: the row says failed, yet its whole, valid file is there"
STATES: tuple[State, ...] = (
    *(_state(*known) for known in MESSAGES),
    State("half_committed", _half_at_path, failed("record.half_committed", "generation.out_of_memory"), HALF),
    State(
        "half_committed_no_path",
        lambda case: _half(case, "MemoryError"),
        failed("record.half_committed", "generation.out_of_memory"),
        HALF,
    ),
    State(
        "half_committed_no_message",
        lambda case: _half(case, None),
        failed("record.half_committed", "generation.unexplained"),
        HALF,
    ),
    State(
        "failed_with_a_file_of_a_former_life",
        _of_a_former_life,
        failed("generation.out_of_memory", "file.predates_session"),
        "20: its whole, valid file; 48: older than its session: never linked",
    ),
    State("failed_with_a_cut_file", _cut_file_of_a_failed_one, failed("generation.out_of_memory"), "20: whole, valid"),
    State(
        "failed_with_a_lost_file",
        lambda case: case.failed("MemoryError", final_file_path=PREFIX + case.name),
        failed("generation.out_of_memory"),
        "6 to 19: completed sessions",
    ),
    State(
        "failed_just_now",
        lambda case: case.failed("MemoryError", updated_at=local(1)),
        failed("generation.out_of_memory"),
        "a failed row's reason is never held back",
    ),
)
