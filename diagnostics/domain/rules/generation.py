"""Chapter 2 of the guide: why generation failed, read from the error that the host recorded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from diagnostics.domain import observations
from diagnostics.domain.facts import Confidence, Evidence, Finding, Observation
from diagnostics.domain.fingerprints import fingerprint

READ_CHARACTERS = 16 * 1024
FLAGS = re.IGNORECASE
# A traceback's frames: where the code stands, with its source. Names of files and functions there are no reason.
FRAMES = re.compile(r'^[ \t]*File "[^"\n]*", line \d+.*(?:\n[ \t]{3,}\S.*)*', re.MULTILINE)

# The words of causes.md and their kin, in its order: the first that a message holds is its reason.
REASONS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "generation.disk_full",
        re.compile(
            r"\bENOSPC\b|errno\s*[=:]?\s*28\b|no space left|not enough (?:disk )?space|disk (?:is )?full|insufficient disk"
            r"|\bEDQUOT\b|errno\s*[=:]?\s*122\b|\bquota\b|磁盘空间不足|磁盘已满|磁盘满|空间不足|配额",
            FLAGS,
        ),
    ),
    (
        "generation.out_of_memory",
        re.compile(
            r"MemoryError|unable to allocate|cannot allocate memory|\bENOMEM\b|errno\s*[=:]?\s*12\b|out of memory"
            r"|(?<![a-z])OOM(?![a-z])|oom[-_ ]?kill|bad_alloc|SIGKILL|signal\s*[=:]?\s*9\b"
            r"|(?<![a-z])killed(?![a-z])(?!\s+by\s+(?:signal\s+)?(?:11|15|SIGSEGV|SIGTERM)\b)"
            r"|(?:exit(?:ed|code|[ _-]?status|[ _-]?code)?|status|code|returncode)\D{0,20}137\b"
            r"|(?:exit(?:ed|code|[ _-]?status|[ _-]?code)?|status|code|returncode|returned)[^\d-]{0,20}-9\b"
            r"|内存不足|内存溢出|内存耗尽",
            FLAGS,
        ),
    ),
    (
        "generation.permission_denied",
        re.compile(
            r"\bEACCES\b|\bEPERM\b|\bEROFS\b|errno\s*[=:]?\s*(?:13|1|30)\b|permission\s*denied|PermissionError"
            r"|operation not permitted|read-only file ?system|权限|只读文件系统|拒绝访问",
            FLAGS,
        ),
    ),
    (
        "generation.timed_out",
        re.compile(
            r"SoftTimeLimitExceeded|TimeLimitExceeded|JobTimeoutException|time limit|(?<!exceptions\.)TimeoutError"
            r"|TimeoutExpired|(?:job|task|generation|worker) (?:has )?time[d]?[- ]?out"
            r"|exceeded (?:the |its )?(?:maximum |allowed )?(?:timeout|time)|timed out after \d|(?<!连接)(?<!数据库)超时",
            FLAGS,
        ),
    ),
    (
        "generation.dependency_down",
        re.compile(
            r"connection (?:was )?(?:refused|reset|closed|aborted|lost)|ConnectionError|ECONNREFUSED|ECONNRESET"
            r"|BrokenPipe|broken pipe|server has gone away|lost connection|could not connect|can't connect"
            r"|database (?:table )?is locked|lock wait timeout|deadlock|too many connections|OperationalError"
            r"|redis\.exceptions|kombu\.exceptions|amqp\.exceptions|botocore\.exceptions|EndpointConnectionError"
            r"|name or service not known|temporary failure in name resolution|errno\s*[=:]?\s*(?:111|104)\b"
            r"|连接被拒绝|连接失败|无法连接|连接超时|数据库(?:被)?锁",
            FLAGS,
        ),
    ),
    (
        "generation.engine_failed",
        re.compile(
            r"ImportError|ModuleNotFoundError|no module named|cannot open shared object|shared librar|DLL load failed"
            r"|segmentation fault|SIGSEGV|core dumped|signal\s*[=:]?\s*11\b|not finite|\bNaN\b|\binf(?:inity)?\b samples"
            r"|LibsndfileError|soundfile\.|librosa\.|fluidsynth|ffmpeg|codec (?:error|failed|not)|encoder"
            r"|(?:unknown|unsupported|missing|invalid) codec|synthes\w+ (?:engine )?(?:failed|error)|合成引擎|编解码|编码器",
            FLAGS,
        ),
    ),
    (
        "generation.bad_input",
        re.compile(
            r"ValidationError|assessment .{0,40}(?:not found|missing|does not exist)|out of range"
            r"|must be (?:between|positive|at least|at most|one of)|invalid (?:parameter|value|argument|duration|input)"
            r"|参数(?:错误|无效|不合法|超出)|评测.{0,20}(?:不存在|缺失|未找到)|超出范围",
            FLAGS,
        ),
    ),
)


def failed_generation(evidence: Evidence) -> Iterator[Finding]:
    """The row says failed: its message tells why, or no rule knows it, or there is none."""
    if evidence.record.status != "failed":
        return
    message = message_of(evidence)
    if not message:
        line = observations.recorded(evidence, "error_message", evidence.record.error_message)
        yield Finding("generation.unexplained", Confidence.CERTAIN, (line,))
        return
    code, telling = reason_of(message)
    values = {"error": telling}
    if code == "generation.unrecognised":
        values["fingerprint"] = fingerprint(message)
    lines = (observations.recorded(evidence, "error_message", telling), *_beside(code, evidence))
    yield Finding(code, Confidence.CERTAIN, lines, values)


def _beside(code: str, evidence: Evidence) -> tuple[Observation, ...]:
    """What was seen that says the same as the message."""
    writer = evidence.writer if code == "generation.permission_denied" else None
    return observations.kept_out(writer, evidence.now) if writer and writer.is_allowed is False else ()


def message_of(evidence: Evidence) -> str:
    """The error text, read at its first and last 16 KiB."""
    text = evidence.record.error_message or ""
    if len(text) > 2 * READ_CHARACTERS:
        text = f"{text[:READ_CHARACTERS]}\n{text[-READ_CHARACTERS:]}"
    return text.strip()


@lru_cache(maxsize=256)  # an outage writes the same long traceback into thousands of rows
def reason_of(message: str) -> tuple[str, str]:
    """Return the code that a message stands for, and its telling line (at most 120 characters)."""
    said = FRAMES.sub("", message)
    for code, pattern in REASONS:
        match = pattern.search(said)
        if match:
            return code, _line_around(said, match)
    lines = [line.strip() for line in message.splitlines() if line.strip()]
    return "generation.unrecognised", lines[-1][:120]


def _line_around(message: str, match: re.Match[str]) -> str:
    start = message.rfind("\n", 0, match.start()) + 1
    end = message.find("\n", match.end())
    line = message[start : end if end >= 0 else len(message)].strip()
    if len(line) <= 120:
        return line
    middle = max(0, match.start() - start - 50)
    return line[middle : middle + 120]
