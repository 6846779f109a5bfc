"""Planted tokens never come out of any field of a report."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest

from diagnostics.domain.player_errors import explain
from tests.domain.player_errors.messages import FILE

TOKEN = "S3cr3tT0kenValue"
SIGNED = f"https://user:{TOKEN}@cdn.example.cn/{FILE}?e=1759046400&token=ak:{TOKEN}#sig={TOKEN}"
PLACES = (
    f"GET {SIGNED} 401 (Unauthorized)",
    f"  - 文件路径: {SIGNED}",
    f"  - 文件路径: {quote(SIGNED, safe='')}",
    f"🎶 完整响应数据: {json.dumps({'session_id': 5, 'final_file_path': SIGNED, 'access_token': TOKEN})}",
    f'{{"success": true, "data": {{"token": "{TOKEN}", "status": "failed", "error_message": "cannot PUT {SIGNED}"}}}}',
    f"错误信息: password={TOKEN} refused",
    f"Authorization: Bearer {TOKEN}\nINNERERRCODE:-1013, ERRMSG:token={TOKEN}",
    f"INNERERRCODE:-1100, ERRMSG:在此服务器上找不到所请求的URL。{SIGNED}",
    f"request:fail timeout {SIGNED}",
    f"Cookie: sessionid={TOKEN}; csrftoken={TOKEN}\nerrCode:55,err:unknow format",
    f"sessionid={TOKEN}",
    f"scene_id: 1, generation_mode: single, access_token: {TOKEN}",
    f"net::ERR_FAILED {SIGNED}",
    "x" * 40_000 + f"\ntoken={TOKEN} INNERERRCODE:-1100, ERRMSG:{SIGNED}",
    f"Media resource {SIGNED} could not be decoded",
    f"request:fail timeout https://cdn.example.cn/{FILE}?ticket={TOKEN}",
)


@pytest.mark.parametrize("escaped", [False, True], ids=["plain", "escaped"])
@pytest.mark.parametrize("text", PLACES, ids=range(len(PLACES)))
def test_a_token_never_comes_out(text: str, escaped: bool) -> None:
    report = explain(json.dumps(text) if escaped else text)
    assert TOKEN not in repr(report)


@pytest.mark.parametrize("cut", range(6))
def test_a_token_whose_name_the_reading_cuts_off_never_comes_out(cut: int) -> None:
    secret = f"token=session_id:{TOKEN}"
    kept = secret[cut:]
    text = "x" * 40_000 + secret[:cut] + kept + " " * (16 * 1024 - len(kept))
    assert TOKEN not in repr(explain(text))


def test_phone_numbers_and_mail_addresses_are_no_part_of_a_message() -> None:
    report = explain("INNERERRCODE:-1100, ERRMSG:gone for 13812345678, a.b@example.cn")
    assert "13812345678" not in repr(report)
    assert "example.cn" not in repr(report)


def test_the_end_of_a_signed_link_is_told_without_its_token() -> None:
    report = explain(f"GET {SIGNED} 401 (Unauthorized)")
    assert report.url == f"https://cdn.example.cn/{FILE}"
    assert report.link_expires_at is not None
    assert report.link_expires_at.isoformat() == "2025-09-28T08:00:00+00:00"
