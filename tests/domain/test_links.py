"""When a signed link ends."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.domain.links import link_expiry

AT = datetime(2025, 9, 28, 8, 0, tzinfo=UTC)
SECONDS = int(AT.timestamp())


@pytest.mark.parametrize(
    "query",
    [
        f"e={SECONDS}&token=abc:def=",
        f"token=abc&e={SECONDS}",
        f"OSSAccessKeyId=k&Expires={SECONDS}&Signature=s%3D",
        f"x-expires={SECONDS}",
        f"e={SECONDS}&token=x#t=30",
        "X-Amz-Date=20250928T070000Z&X-Amz-Expires=3600&X-Amz-Signature=ab",
        "x-oss-date=20250928T070000Z&x-oss-expires=3600",
        "X-Goog-Date=20250928T070000Z&X-Goog-Expires=3600",
    ],
)
def test_it_ends_at(query: str) -> None:
    assert link_expiry(f"https://cdn.example.cn/a.wav?{query}") == AT


@pytest.mark.parametrize(
    "query",
    [
        "",
        "token=abc",
        "e=",
        "e=soon",
        "e=1e9",
        "X-Amz-Expires=3600",
        "X-Amz-Date=yesterday&X-Amz-Expires=9",
        "e=9" + "9" * 40,
    ],
)
def test_it_names_no_end(query: str) -> None:
    assert link_expiry(f"https://cdn.example.cn/a.wav?{query}") is None


@given(st.text(max_size=80))
def test_any_query_is_read(text: str) -> None:
    for name in ("", "e=", "X-Amz-Date=20250928T070000Z&X-Amz-Expires="):
        link_expiry(f"https://cdn.example.cn/a?{name}{text}")
