"""Which error messages are the same one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.domain.fingerprints import fingerprint


@pytest.mark.parametrize(
    ("message", "other"),
    [
        ("KeyError: 17", "KeyError: 18"),
        ("failed after 3.5 s", "failed after 12.25 s"),
        ("can't read /srv/a/b.wav", "can't read /srv/c/d/e.wav"),
        ("job 3f2b8c1e-9d1a-4f0b-8f2e-1c2d3e4f5a6b failed", "job 00000000-1111-2222-3333-444444444444 failed"),
        ("object at 0x7f00ab", "object at 0x8e11cd"),
        ("GET https://a.cn/x?token=1 failed", "GET https://b.cn/y failed"),
        ("Traceback …\n  line 1\nKeyError: 'a'", "Traceback …\n  line 99\n  more\nKeyError: 'a'"),
        ("too   many\tspaces", "too many spaces"),
        ("第 17 段合成失败", "第 3 段合成失败"),
    ],
)
def test_they_share_one(message: str, other: str) -> None:
    assert fingerprint(message) == fingerprint(other)


@pytest.mark.parametrize(
    ("message", "other"), [("KeyError: 'a'", "KeyError: 'b'"), ("boom", "bang"), ("合成失败", "上传失败")]
)
def test_they_do_not(message: str, other: str) -> None:
    assert fingerprint(message) != fingerprint(other)


@given(st.text(max_size=300))
def test_any_text_has_one(text: str) -> None:
    assert len(fingerprint(text)) == 16
