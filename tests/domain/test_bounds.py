"""Texts of a megabyte, however hostile, are diagnosed in bounded time and memory."""

from __future__ import annotations

from datetime import UTC

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from diagnostics.domain import wording
from diagnostics.domain.chain import chain
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.document import document
from diagnostics.domain.fingerprints import fingerprint
from diagnostics.domain.names import problem, session_in
from diagnostics.domain.observations import VALUE_CHARACTERS
from diagnostics.domain.paths import fold, understand
from diagnostics.domain.redaction import hide_secrets
from diagnostics.domain.rules import diagnose
from diagnostics.domain.ticket import as_text
from tests.bounds import MEGABYTE, bounded
from tests.domain.build import LAYOUT, PREFIX, evidence

SECONDS, MEGABYTES = 5.0, 64.0
LONG_PATH = 64 * 1024  # a file system takes 4096 bytes
# What expressions with a repetition in them are slow on, repeated to a megabyte.
FRAGMENTS = (
    "a", " ", "\n", "\n ", "0", "0x", "f0", "/", "/a", "C:\\", "../", "%2e", "%", "?e=", "&sign=", "token", "token = ",
    "key", "://", "http://", "https://a:", "a://b:c", "@", "eyJ", "eyJaaaaaaaa.", "bearer ", "authorization: ", "basic b",
    "assessment ", "评测", "内存", "错误\n", '  File "x", line 1, in y\n', "Errno ", "errno=", "exit code ", "signal ",
    "synthesis ", "codec ", "killed ", "\u202e", "\0", "\ud800", "e\u0301", "long_sequence_", "_20250825_", ".wav", "~~^^\n",
)  # fmt: skip


def everything_said(message: str) -> Diagnosis:
    """Diagnose a failed session with this message, and say it in all the ways that there are."""
    failed = evidence(row={"status": "failed", "error_message": message, "path": None}, audio=None)
    diagnosis = diagnose(failed)
    chain(failed, diagnosis)
    document(diagnosis, UTC)
    for language in wording.LANGUAGES:
        as_text(diagnosis, language, UTC, row=[("error_message", message)])
    return diagnosis


def large(fragment: str, characters: int = MEGABYTE) -> str:
    return fragment * (characters // len(fragment))


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=repr)
def test_a_message_of_a_megabyte(fragment: str) -> None:
    diagnosis = bounded(lambda: everything_said(large(fragment)), seconds=SECONDS, megabytes=MEGABYTES)
    assert "rule.crashed" not in {finding.code for finding in diagnosis.findings}
    assert all(
        len(line.value) <= VALUE_CHARACTERS + len(" … ") for finding in diagnosis.findings for line in finding.evidence
    )


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=repr)
def test_its_fingerprint_and_its_secrets(fragment: str) -> None:
    text = large(fragment)
    bounded(lambda: fingerprint(text), seconds=SECONDS, megabytes=MEGABYTES)
    bounded(lambda: hide_secrets(text[: 32 * 1024]), seconds=SECONDS, megabytes=MEGABYTES)  # no longer one is read


@pytest.mark.parametrize("fragment", FRAGMENTS, ids=repr)
def test_a_path_that_is_longer_than_any(fragment: str) -> None:
    text = large(fragment, LONG_PATH)
    for raw in (text, PREFIX + text, "https://app.example.cn" + PREFIX + text):
        claim = bounded(lambda raw=raw: understand(raw, LAYOUT), seconds=SECONDS, megabytes=MEGABYTES)  # type: ignore[misc]  # bound early
        named = evidence(row={"path": raw}, claim=claim, audio=None)
        bounded(lambda named=named: diagnose(named), seconds=SECONDS, megabytes=MEGABYTES)  # type: ignore[misc]  # bound early
    bounded(lambda: (fold(text), problem(text), session_in(text)), seconds=SECONDS, megabytes=MEGABYTES)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(FRAGMENTS), st.sampled_from([1, 2, 50, 2_000])), min_size=1, max_size=6))
def test_any_mix_of_them(parts: list[tuple[str, int]]) -> None:
    text = "".join(fragment * times for fragment, times in parts)
    diagnosis = bounded(lambda: everything_said(text), seconds=SECONDS, megabytes=MEGABYTES)
    assert "rule.crashed" not in {finding.code for finding in diagnosis.findings}
    bounded(lambda: understand(PREFIX + text, LAYOUT), seconds=SECONDS, megabytes=MEGABYTES)
