"""Every real message of the table, decoded exactly."""

from __future__ import annotations

import pytest

from diagnostics.domain.player_errors import explain
from tests.domain.player_errors.messages import MESSAGES, Message


def test_the_table_is_large_enough_and_repeats_nothing() -> None:
    assert len(MESSAGES) >= 90
    assert len({message.text for message in MESSAGES}) == len(MESSAGES)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.text[:60])
def test_a_message_is_decoded_exactly(message: Message) -> None:
    report = explain(message.text)
    error = report.main_error
    assert error is not None
    assert (error.source, error.code, error.outer_code) == (message.source, message.code, message.outer)
    assert error.suspects[: len(message.suspects)] == message.suspects
    assert bool(error.suspects) == bool(message.suspects)
    assert (report.session_id, report.url) == (message.session_id, message.url)


@pytest.mark.parametrize("message", [m for m in MESSAGES if m.source != "unknown"], ids=lambda m: m.text[:60])
def test_one_message_is_one_error(message: Message) -> None:
    assert len(explain(message.text).errors) == 1
