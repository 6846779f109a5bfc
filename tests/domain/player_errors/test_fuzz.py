"""The same messages as tickets spoil them: the decoding stays or is lost, and never becomes another one."""

from __future__ import annotations

import html
import json
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.player_errors import explain
from tests.domain.player_errors.messages import MESSAGES, Message

KNOWN = [message for message in MESSAGES if message.source != "unknown" and message.text != "10004"]
known = st.sampled_from(KNOWN)
LONGEST_SECONDS = 10  # some hundred times what it takes


def decoded(text: str) -> tuple[str, str]:
    error = explain(text).main_error
    assert error is not None
    return error.source, error.code


def is_coarser(found: tuple[str, str], message: Message) -> bool:
    """What is left when the telling part is lost: a failing call without its reason, or WeChat's coarse code."""
    source, code = found
    if source == "unknown" or found == ("ios", ""):
        return True
    if source == "client" and code in ("-1", message.outer):
        return code in (message.code, message.outer)
    is_bare = code in ("", "net::ERR_ABORTED") or message.code.startswith(f"{code} ")
    return source == message.source and is_bare


@settings(max_examples=400, deadline=None)
@given(known, st.data())
def test_a_cut_message_is_never_another_one(message: Message, data: st.DataObject) -> None:
    kept = data.draw(st.integers(0, len(message.text)))
    found = decoded(message.text[:kept])
    assert found == (message.source, message.code) or is_coarser(found, message), message.text[:kept]


@settings(max_examples=300, deadline=None)
@given(known, st.integers(1, 60))
def test_a_wrapped_message_is_never_another_one(message: Message, width: int) -> None:
    text = "\n".join(message.text[place : place + width] for place in range(0, len(message.text), width))
    found = decoded(text)
    assert found == (message.source, message.code) or is_coarser(found, message), text


@pytest.mark.parametrize("message", KNOWN, ids=lambda message: message.text[:60])
@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: json.dumps(text),
        lambda text: json.dumps(json.dumps({"message": text}, ensure_ascii=False)),
        html.escape,
        lambda text: f"[2025-08-25 12:03:16] console.error {text}\n下一行",
        lambda text: f"用户反馈：放不出来\n\n> {text}\n\n手机：iPhone 13，微信 8.0.42",
        lambda text: text.replace(",", "，").replace(":", "：") if "//" not in text and "::" not in text else text,
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: text.replace("'", "\u2019"),
        lambda text: f"\ufeff{text}\x00\u200b",
        lambda text: "前文" * 20000 + "\n" + text,
        lambda text: text + "\n" + "后文" * 20000,
    ],
    ids=[
        "json",
        "json_twice",
        "html",
        "log",
        "quoted",
        "full_width",
        "hard_blanks",
        "apostrophe",
        "invisible",
        "end",
        "begin",
    ],
)
def test_a_message_in_another_dress_is_the_same(message: Message, spoil: object) -> None:
    assert callable(spoil)
    assert decoded(spoil(message.text)) == (message.source, message.code)


@settings(max_examples=200, deadline=None)
@given(known, st.sampled_from([str.upper, str.lower, str.swapcase]))
def test_letters_of_another_case_change_nothing(message: Message, change: object) -> None:
    assert callable(change)
    assert decoded(change(message.text)) == (message.source, message.code)


ANY = st.text(st.characters(exclude_categories=())) | st.text(
    st.sampled_from('{}[]"\\:,&#;?=% \n\x00u5728-1100errCode')
)


@settings(max_examples=400, deadline=None)
@given(ANY)
@example("\ud83c")
@example("\\ud83c\\udfb5 &#0; &#x110000;")
@example("{" * 5000)
@example("文件大小: " + "9" * 400)
@example("INNERERRCODE:" + "9" * 400)
@example("https://[::1")
@example("https://cdn.example.cn/a.wav?e=" + "9" * 400)
def test_no_text_raises(text: str) -> None:
    report = explain(text)
    assert isinstance(report, ClientReport)
    assert report.errors
    repr(report).encode("utf-8")


@pytest.mark.parametrize(
    "part",
    [
        "a",
        "{",
        "\\",
        "http://",
        "session ",
        "1,",
        "INNERERRCODE:-1 ",
        "GET ",
        "?a=",
        "\n",
        "\ud800",
        "会话",
        "&amp;",
        "文件大小: 1,",
    ],
)
def test_a_megabyte_is_read_at_its_ends_alone(part: str) -> None:
    begun = time.monotonic()
    explain(part * (1_000_000 // len(part)))
    assert time.monotonic() - begun < LONGEST_SECONDS


def test_what_stands_in_the_middle_of_a_long_text_is_not_read() -> None:
    padding = "x " * 20_000
    assert decoded(f"{padding}INNERERRCODE:-1100, ERRMSG:{padding}") == ("unknown", "")
