"""Error texts as hosts really write them, and texts that only look like a reason: each stands for one cause."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.domain.error_texts import READ_CHARACTERS, TELLING_CHARACTERS, read_part, reason_of
from diagnostics.domain.fingerprints import fingerprint
from tests.domain import error_messages as known
from tests.domain.error_look_alikes import UNRECOGNISED
from tests.domain.error_messages import CAUSED, FRAME

KNOWN = {
    "disk_full": known.DISK_FULL,
    "out_of_memory": known.OUT_OF_MEMORY,
    "permission_denied": known.PERMISSION_DENIED,
    "timed_out": known.TIMED_OUT,
    "dependency_down": known.DEPENDENCY_DOWN,
    "engine_failed": known.ENGINE_FAILED,
    "bad_input": known.BAD_INPUT,
    "unrecognised": UNRECOGNISED,
}
TABLE = [(message, code) for code, messages in KNOWN.items() for message in messages]


@pytest.mark.parametrize(("message", "code"), TABLE, ids=[f"{code}-{n}" for n, (_text, code) in enumerate(TABLE)])
def test_it_stands_for(message: str, code: str) -> None:
    assert reason_of(read_part(message))[0] == f"generation.{code}", message


def test_the_table_is_large_and_has_no_message_twice() -> None:
    assert len(TABLE) >= 250
    assert len({message for message, _code in TABLE}) == len(TABLE)


@pytest.mark.parametrize(("message", "code"), [pair for pair in TABLE if pair[1] != "unrecognised"][::7])
def test_it_stands_for_the_same_among_other_lines_and_in_a_chinese_sentence(message: str, code: str) -> None:
    if message in ("-9", "timeout", "Timed out"):
        return
    for text in (
        f"step done\r\n{message}\r\nsee the log",
        f"生成失败：{message}。请重试",
        f"{FRAME}RuntimeError: {message}",
    ):
        assert reason_of(text)[0] == f"generation.{code}", text


@pytest.mark.parametrize(
    ("message", "telling"),
    [
        (f"{FRAME}MemoryError\n{CAUSED}{FRAME}RuntimeError: boom", "MemoryError"),
        ("准备中\n磁盘空间不足\n已中止", "磁盘空间不足"),
        ("PermissionError: [Errno 13] Permission denied: '/srv/app/x.wav'",) * 2,
        ("TimeoutError: [Errno 110] Connection timed out",) * 2,
        (f"{FRAME}KeyError: 'quota'", "KeyError: 'quota'"),
    ],
)
def test_its_telling_line_is_the_host_s_own(message: str, telling: str) -> None:
    assert reason_of(message)[1] == telling


def test_only_the_ends_of_a_long_text_are_read() -> None:
    filler = "." * READ_CHARACTERS
    assert reason_of(read_part(f"{filler}ENOSPC{filler}"))[0] == "generation.unrecognised"
    assert reason_of(read_part(f"ENOSPC {filler}{filler}"))[0] == "generation.disk_full"
    assert reason_of(read_part(f"{filler}{filler} ENOSPC"))[0] == "generation.disk_full"


def test_a_cut_makes_no_word() -> None:
    head, tail = "x" * (READ_CHARACTERS - 6), "y" * (READ_CHARACTERS - 5)
    for text in (f"{head}MemoryError{tail}", f"{head}Memory{'-' * 99}Error{tail}"):
        cut = text[:READ_CHARACTERS] + text[-READ_CHARACTERS:]  # as the host's table was read
        assert reason_of(read_part(cut))[0] == "generation.unrecognised"


WORDS = (
    "exit", "status ", "code ", "signal ", "killed ", "killed by the ", "read ", "connect ", "connection ", "timed out", "assessment ",
    "job ", "quota", "errno ", "137", "-9", "9", " ", "\t", "\n", "'", '"', "/", "\\", "|", "  File \"", "    ", "(", ":", "：", "0x1", "2025-08-25 ",
    "12:03:16", "a", "é", "空间", "内存", "连接", "评测", "session_", "Traceback", "://", "e", "-", "_", ".", "token=", "@",
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=6), st.lists(st.sampled_from(WORDS), max_size=6))
def test_a_megabyte_of_anything_is_read_in_bounded_time(repeated: list[str], end: list[str]) -> None:
    unit = "".join(repeated)
    text = unit * (1_000_000 // len(unit)) + "".join(end)
    begun = time.perf_counter()
    code, telling = reason_of(read_part(text))
    assert len(fingerprint(text)) == 16
    assert time.perf_counter() - begun < 2.0, unit
    assert code.startswith("generation.")
    assert len(telling) <= TELLING_CHARACTERS


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=3_000))
def test_any_text_is_read(text: str) -> None:
    code, telling = reason_of(read_part(text))
    assert code.startswith("generation.")
    assert len(telling) <= TELLING_CHARACTERS
