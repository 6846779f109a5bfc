"""What a look tells crosses as one short line, in which no password of its question stands."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime

import pytest

from diagnostics.probes.parts.told import PartQuestion, PartTold, hangs
from diagnostics.probes.parts.wire import MOST_BYTES, answer_line, answer_of, question_line, question_of


def crossed(told: PartTold, **how: object) -> PartTold:
    line = answer_line(told, how)
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    return answer_of(line)


def test_a_question_comes_as_it_was_put() -> None:
    question = PartQuestion("mount", 2.5, {"path": "/srv/caf\udce9", "names": ["a", "b"], "most": 3})
    assert question_of(question_line(question)) == question


def test_a_question_that_no_pipe_takes_at_once_is_refused() -> None:
    with pytest.raises(ValueError, match="too long"):
        question_line(PartQuestion("engine", 1, {"command": "x" * MOST_BYTES}))


def test_an_answer_comes_as_it_was_told() -> None:
    told = PartTold("impaired", "locked", "held by pid 3 (工人)", {"a_seconds": 1.5, "b": None, "c": "x", "d": 3})
    assert crossed(told) == told
    since = datetime(2026, 11, 24, 8, 0, 0, 250_000, UTC)
    assert crossed(hangs(since)) == hangs(since)


def test_everything_in_it_is_bounded() -> None:
    told = PartTold("up", "🎵" * 9000, "🎵" * 90_000, {f"{n:03}🎵" * 300: "🎵" * 9000 for n in range(900)})
    line = answer_line(told, {})
    assert len(line) < MOST_BYTES
    back = answer_of(line)
    assert (len(back.problem), len(back.detail), len(back.values)) == (300, 300, 32)
    assert {len(str(value)) for value in back.values.values()} == {300}


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_a_number_that_is_none_is_not_told(value: float) -> None:
    assert crossed(PartTold("up", values={"x": value})).values == {"x": None}


def test_nothing_in_it_is_beyond_what_a_database_keeps() -> None:
    detail = crossed(PartTold("down", "", "a\0b\x1b[31mc\r\nd\ud800e\u202ef\tg")).detail
    assert detail == "a b [31mc d\\ud800e f g"


@pytest.mark.parametrize(
    "address",
    [
        "postgres://app:{}@db/host", "redis://:{}@cache:6379/0", "amqp://app:{}@[::1]/v", "env URL=mysql://u:{}@h/d engine",
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    ("written", "raw"), [("open-sesame", "open-sesame"), ("op%40n%2Fs", "op@n/s"), ("a/b@c", "a/b@c")]
)
def test_no_password_of_the_question_is_told_in_any_form(address: str, written: str, raw: str) -> None:
    told = PartTold("down", "denied", f"wrong: {raw}, {written}", {"x": f"{written}!"})
    line = answer_line(told, {"other": 3, "url": address.format(written)})
    assert raw not in line.decode()
    assert written not in line.decode()
    assert answer_of(line).detail.startswith("wrong: [hidden], [hidden]")


@pytest.mark.parametrize("secret", ["?token=abcdef", "Bearer abcdefghijk", "password: abcdef", "redis://:abcdef@x"])
def test_what_looks_like_a_secret_is_hidden(secret: str) -> None:
    assert "abcdef" not in json.dumps(crossed(PartTold("up", "", secret, {"x": secret})).detail)
    assert "abcdef" not in str(crossed(PartTold("up", "", "", {"x": secret})).values)
