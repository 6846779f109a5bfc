"""What an error message stands for: real-looking messages in English and Chinese, and look-alikes that are something else."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.domain.error_texts import READ_CHARACTERS, read_part, reason_of

DISK = (
    "OSError: [Errno 28] No space left on device",
    "OSError: [Errno 28] No space left on device: '/srv/app/static/generated_music/long_sequences/x.wav'",
    "write(): ENOSPC",
    "IOError: [Errno 122] Disk quota exceeded",
    "sox FAIL formats: can't write output file: No Space Left On Device",
    "磁盘空间不足",
    "错误：服务器磁盘空间不足，剩余 12 MB",
    "磁盘已满，写入失败",
    "shutil.Error: not enough space on disk",
    "quota exceeded for bucket ai-generated",
)
MEMORY = (
    "MemoryError",
    "numpy.core._exceptions.MemoryError: Unable to allocate 1.18 GiB for an array with shape (158760000,) and data type float64",
    "OSError: [Errno 12] Cannot allocate memory",
    "Worker exited prematurely: signal 9 (SIGKILL)",
    "WorkerLostError('Worker exited prematurely: exitcode -9 Job: 4.')",
    "Process returned exit code 137",
    "Command died with status 137",
    "Killed",
    "进程被 OOM Killer 终止",
    "oom-kill: constraint=CONSTRAINT_MEMCG",
    "内存不足",
    "生成音频时内存溢出",
    "std::bad_alloc",
    "torch.cuda.OutOfMemoryError: CUDA out of memory",
)
PERMISSION = (
    "PermissionError: [Errno 13] Permission denied: '/srv/app/static/generated_music'",
    "OSError: [Errno 30] Read-only file system: '/srv/app/static'",
    "PermissionError: [Errno 1] Operation not permitted",
    "open failed: EACCES",
    "chown: EPERM",
    "写入失败：权限不足",
    "没有目录权限",
    "文件系统只读：read-only filesystem",
)
TIME = (
    "SoftTimeLimitExceeded()",
    "celery.exceptions.SoftTimeLimitExceeded: SoftTimeLimitExceeded()",
    "TimeLimitExceeded(1800,)",
    "rq.timeouts.JobTimeoutException: Task exceeded maximum timeout value (180 seconds)",
    "生成超时",
    "任务执行超时（300 秒）",
    "subprocess.TimeoutExpired: Command '['render']' timed out after 300 seconds",
    "job timed out",
)
DEPENDENCY = (
    "redis.exceptions.ConnectionError: Error 111 connecting to localhost:6379. Connection refused.",
    "sqlalchemy.exc.OperationalError: (pymysql.err.OperationalError) (2006, 'MySQL server has gone away')",
    "OperationalError: (2013, 'Lost connection to MySQL server during query')",
    "sqlite3.OperationalError: database is locked",
    "kombu.exceptions.OperationalError: [Errno 111] Connection refused",
    "ConnectionResetError: [Errno 104] Connection reset by peer",
    "botocore.exceptions.EndpointConnectionError: Could not connect to the endpoint URL",
    "psycopg2.OperationalError: could not connect to server: Connection refused",
    "BrokenPipeError: [Errno 32] Broken pipe",
    "数据库连接失败",
    "无法连接到 Redis",
    "连接被拒绝",
)
ENGINE = (
    "ModuleNotFoundError: No module named 'pretty_midi'",
    "ImportError: libfluidsynth.so.3: cannot open shared object file: No such file or directory",
    "Segmentation fault (core dumped)",
    "ValueError: Audio buffer is not finite everywhere",
    "soundfile.LibsndfileError: Error opening 'x.wav': Format not recognised.",
    "Worker exited prematurely: signal 11 (SIGSEGV)",
    "codec error: unknown codec 'opus2'",
    "音频编码器错误",
)
INPUT = (
    "assessment 17 not found",
    "ValueError: Assessment with id 17 does not exist",
    "total_duration_minutes out of range: 90",
    "pydantic_core.ValidationError: 1 validation error for LongSequenceRequest",
    "ValueError: duration must be between 10 and 60",
    "参数错误：时长超出范围",
    "评测记录不存在",
    "marshmallow.exceptions.ValidationError: {'scene_id': ['Not a valid integer.']}",
)
# Each holds a word of some rule as a part of something else.
NONE_OF_THEM = (
    "boom",
    "未知错误",
    "UnicodeDecodeError: 'utf-8' codec can't decode byte 0xff in position 0: invalid start byte",
    "UnicodeEncodeError: 'latin-1' codec can't encode characters in position 0-3",
    'File "/srv/app/lib/quota.py", line 12, in check\nKeyError: 3',
    'File "/srv/app/vendor/soundfile.py", line 1216, in write\nKeyError: 3',
    'File "/srv/app/audio/encoder.py", line 3, in run\nKeyError: 3',
    'File "/srv/app/audio/ffmpeg_tools.py", line 3, in run\nTypeError: bad operand',
    "TypeError: 'unskilled' is no level",
    "the overkilled effect raised KeyError",
    "OSError: [Errno 128] Key has been rejected",
    "OSError: [Errno 280] unheard of",
    "OSError: [Errno 133] x",
    "a room of 137 m2 was asked for",
    "KeyError: 'zoom'",
    "AttributeError: 'NoneType' object has no attribute 'shape'",
    "ZeroDivisionError: division by zero",
    "segment 9 failed at offset -9",
    "KeyError: 'broom'",
    "IndexError: list index 28",
    "AssertionError: nanosecond clock went backwards",
    "RuntimeError: signal 90 Hz too low",
)
KNOWN = {
    "disk_full": DISK,
    "out_of_memory": MEMORY,
    "permission_denied": PERMISSION,
    "timed_out": TIME,
    "dependency_down": DEPENDENCY,
    "engine_failed": ENGINE,
    "bad_input": INPUT,
    "unrecognised": NONE_OF_THEM,
}
TABLE = [(message, code) for code, messages in KNOWN.items() for message in messages]


@pytest.mark.parametrize(("message", "code"), TABLE, ids=[f"{code}-{text[:40]!r}" for text, code in TABLE])
def test_it_stands_for(message: str, code: str) -> None:
    assert reason_of(message)[0] == f"generation.{code}"


def test_the_source_lines_of_a_traceback_are_no_reason() -> None:
    text = """Traceback (most recent call last):
  File "/srv/app/permission denied.py", line 7, in killed
    check(quota, MemoryError)
    ~~~~~^^^^^^^
  File "/srv/app/x.py", line 9, in <module>
    raise KeyError(errno_28)
KeyError: 'stage_two'
"""
    assert reason_of(text) == ("generation.unrecognised", "KeyError: 'stage_two'")
    assert reason_of(text + "OSError: [Errno 28]")[0] == "generation.disk_full"


def test_the_table_is_large() -> None:
    assert len(TABLE) >= 80


@pytest.mark.parametrize("text", ["x" * 400 + "MemoryError" + "y" * 400, "MemoryError " + "z" * 900])
def test_the_telling_line_is_short_and_holds_the_reason(text: str) -> None:
    telling = reason_of(text)[1]
    assert len(telling) <= 120
    assert "MemoryError" in telling


def test_only_the_ends_of_a_long_text_are_read() -> None:
    filler = "." * READ_CHARACTERS
    read = read_part(f"{filler}ENOSPC{filler}")
    assert reason_of(read)[0] == "generation.unrecognised"


@settings(max_examples=200, deadline=None)
@given(st.text(min_size=1, max_size=2_000).filter(str.strip))
def test_any_text_is_read(text: str) -> None:
    code, telling = reason_of(text.strip())
    assert code.startswith("generation.")
    assert len(telling) <= 120
