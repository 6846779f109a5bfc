"""Which error messages are the same one."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.domain.error_texts import READ_CHARACTERS, read_part
from diagnostics.domain.fingerprints import fingerprint, without_variables
from tests.domain.error_look_alikes import UNRECOGNISED

FRAMES = 'Traceback (most recent call last):\n  File "{path}", line {n}, in compose\n    self.mix(stage)\n    ^^^^^^^^^^^^^^^\n'


@pytest.mark.parametrize(
    ("message", "other"),
    [
        ("KeyError: 17", "KeyError: 18"),
        ("failed after 3.5 s", "failed after 12.25 s"),
        ("offset -9", "offset 12"),
        ("rate 1e-05", "rate 2.5e+3"),
        ("605. MiB are too few", "1.18 GiB are too few"),
        ("can't read /srv/a/b.wav", "can't read /srv/c/d/e.wav"),
        ("can't read static/a/b.wav", "can't read static/generated_music/c.wav"),
        ("can't read '/srv/my music/b.wav'", "can't read '/srv/音频/c.wav'"),
        ("无法读取/srv/音频/b.wav，已中止", "无法读取/srv/c/d/e.wav，已中止"),
        ("long_sequence_5_20250825_120316.wav is odd", "long_sequence_93_20250928_101500.wav is odd"),
        ("job 3f2b8c1e-9d1a-4f0b-8f2e-1c2d3e4f5a6b failed", "job 00000000-1111-2222-3333-444444444444 failed"),
        ("job 3f2b failed", "job 9ac81 failed"),
        ("session night_17 is odd", "session dawn_4 is odd"),
        ("session_id=5: boom", "session_id=night-41: boom"),
        ("会话 5 出错", "会话 night_17 出错"),
        ("object at 0x7f00ab", "object at 0x8e11cd"),
        ("commit 9fceb02d0ae598e95dc970b74767f19372d61af8", "commit 1f7a7a472abf3dd9643fd615f6da379c4acb3e3a"),
        ("GET https://a.cn/x?token=1 failed", "GET https://b.cn/y failed"),
        ("token=abcdef is refused", "token=ghijkl is refused"),
        ("title 'Sleep well tonight' is odd", "title 'Forest rain' is odd"),
        ("标题《夜雨》有误", "标题《森林》有误"),
        ("2025-08-25 12:03:16,123 boom", "2026-01-02 03:04:05 boom"),
        ("boom at 2025-08-25T12:03:16.5+08:00", "boom at 2026-01-02T03:04:05Z"),
        ("Mon Aug 25 12:03:16 2025 boom", "Fri Jan 2 03:04:05 2026 boom"),
        ("2025年8月25日 12时03分 出错", "2026年11月2日 3时4分 出错"),
        ("Traceback …\n  line 1\nKeyError: 'a'", "Traceback …\n  line 99\n  more\nKeyError: 'a'"),
        (f"{FRAMES}KeyError: 'a'", f"{FRAMES}{FRAMES[35:]}KeyError: 'a'"),
        (f"{FRAMES}ValueError: x\n\nDuring handling …\n\n{FRAMES}KeyError: 'a'", f"{FRAMES}KeyError: 'a'"),
        ("step 1 done\nstep 2 done\nboom", "step 1 done\nstep 2 done\nstep 3 done\nboom"),
        ("Error: x\n[SQL: SELECT a]\n[parameters: ('b',)]", "Error: x\n[SQL: SELECT a]\n[parameters: ('c', 'd')]"),
        ("too   many\tspaces", "too many spaces"),
        ("第 17 段合成失败", "第 3 段合成失败"),
        ("10.0.0.5:6379 is odd", "192.168.1.44:6380 is odd"),
    ],
)
def test_they_share_one(message: str, other: str) -> None:
    assert without_variables(message) == without_variables(other)
    assert fingerprint(message) == fingerprint(other)


@pytest.mark.parametrize(
    ("message", "other"),
    [
        ("KeyError: 'a'", "KeyError: 'b'"),
        ("boom", "bang"),
        ("合成失败", "上传失败"),
        ("第 3 段合成失败", "第 3 段上传失败"),
        ("session expired", "session missing"),
        ("input/output error", "text/html error"),
        (f"{FRAMES}KeyError: 'a'", f"{FRAMES}TypeError: 'a'"),
        ("生成失败\n原因：分段缺失\n请联系管理员", "生成失败\n原因：音色缺失\n请联系管理员"),
        ("{\n  'error': 'left'\n}", "{\n  'error': 'right'\n}"),
        ("Error: x\n(Background on this error at: https://sqlalche.me/e/20/e3q8)", "Error: y\n(Background on this error at: https://sqlalche.me/e/20/e3q8)"),
        ("can't mix, it isn't a chord", "can't mix, it isn't a scale"),
        ("No rule for stage “合成”", "No rule for stage “上传”"),
    ],
)  # fmt: skip
def test_they_do_not(message: str, other: str) -> None:
    assert fingerprint(message) != fingerprint(other)


def test_different_faults_have_different_ones() -> None:
    told = {without_variables(message) for message in UNRECOGNISED}
    assert len(told) > 0.8 * len(UNRECOGNISED)
    assert "" not in told


TEMPLATES = (
    "KeyError while mixing segment {n} of {m}",
    "RuntimeError: scene {n} has no scale (session {id})",
    "session_id={id} 在第 {n} 段出错，文件 {path}",
    "[{time}] worker {id}: cannot mix '{path}' at 0x{hex}",
    "{time} 任务 {uuid} 失败：音色数量为 {n}",
    "Traceback (most recent call last):\n  File \"{path}\", line {n}, in compose\n    mix({m})\nKeyError: 'stage_two'",
    "job {uuid} gave {n}.{m} beats at {path} since {time}",
)
NUMBERS = st.integers(0, 10**9).map(str)
NAMES = st.from_regex(r"[a-z_]{1,12}", fullmatch=True)
VALUES = st.fixed_dictionaries(
    {
        "n": NUMBERS,
        "m": NUMBERS,
        # `session id_5` reads as the id 5 of a session: such an id is not told from the word before it.
        "id": st.one_of(NUMBERS, st.from_regex(r"(?!ids?[_-])[a-z]{1,8}[_-][0-9]{1,6}", fullmatch=True)),
        "uuid": st.uuids().map(str),
        "hex": st.from_regex(r"[0-9a-f]{6,16}", fullmatch=True),
        "path": st.lists(NAMES, min_size=2, max_size=5).map(lambda parts: f"/{'/'.join(parts)}/x.py"),
        "time": st.integers(0, 4 * 10**9).map(
            lambda seconds: datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %X")
        ),
    }
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(TEMPLATES), VALUES, VALUES)
def test_one_fault_of_many_sessions_has_one(template: str, first: dict[str, str], second: dict[str, str]) -> None:
    assert without_variables(template.format(**first)) == without_variables(template.format(**second))


@given(VALUES)
def test_different_templates_differ_whatever_their_values(values: dict[str, str]) -> None:
    assert len({fingerprint(template.format(**values)) for template in TEMPLATES}) == len(TEMPLATES)


@given(st.text(max_size=300))
def test_any_text_has_one(text: str) -> None:
    assert len(fingerprint(text)) == 16


def test_the_index_and_the_rule_make_the_same_of_a_long_text() -> None:
    text = "x y " * READ_CHARACTERS + "KeyError: 'a'"
    assert fingerprint(text) == fingerprint(read_part(text))
