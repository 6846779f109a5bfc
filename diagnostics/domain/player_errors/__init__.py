"""What a user or a ticket holds, decoded by the shape of its messages: `explain` reads a pasted text into a report."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.player_errors import log_facts
from diagnostics.domain.player_errors.addresses import asked_for
from diagnostics.domain.player_errors.answers import ANSWERS, NO_ERROR, UNKNOWN
from diagnostics.domain.player_errors.answers_logged import answers_in, created
from diagnostics.domain.player_errors.cleaning import readable, without_secrets
from diagnostics.domain.player_errors.decoding import decode

__all__ = ["explain"]


def explain(text: str, *, at: datetime | None = None) -> ClientReport:
    """Return what a pasted text says, of whatever size and content; `at` is when it was pasted. Never raises.

    Its first and last 16 KiB are read. Nothing secret is returned: queries, tokens, cookies and logins are gone before
    anything is looked for. There is always at least one error; it is of source `unknown` where nothing is known.
    The session comes from a JSON key, else from a call's address, else from a file name, else from words beside a number.
    """
    said = readable(text)
    plain = without_secrets(said)
    report = replace(_facts(plain), reported_at=at)
    address = asked_for(said)
    if address:
        report = replace(report, url=address.url, link_expires_at=address.expires_at)
    errors = (*decode(plain), *_wrong_answers(report))
    return replace(report, errors=errors or (_nothing_known(report),))


def _facts(plain: str) -> ClientReport:
    answers = answers_in(plain)
    answer = created(answers)
    path, has_path = log_facts.path_of(plain)
    size_bytes, is_size_rounded = log_facts.size_in(plain)
    return ClientReport(
        session_id=log_facts.session_of(plain),
        answer_success=answer.success,
        answer_has_session_id=answer.has_session_id,
        answer_has_path=answer.has_path,
        status=log_facts.status_of(plain),
        path=path,
        has_path=has_path,
        size_bytes=size_bytes,
        is_size_rounded=is_size_rounded,
        error_message=log_facts.error_message_of(plain),
        parameters=log_facts.parameters_of(plain, answers),
    )


def _wrong_answers(report: ClientReport) -> Iterator[PlayerError]:
    if report.answer_success is False:
        yield _answer("create failed")
    elif report.answer_has_session_id is False:
        yield _answer("no session_id")
    if report.status == "completed" and report.has_path is False:
        yield _answer("no path")
    if report.status == "failed":
        yield _answer("session failed")


def _answer(code: str) -> PlayerError:
    return ANSWERS[code].error("client", code)


def _nothing_known(report: ClientReport) -> PlayerError:
    says_something = report.path or report.status or report.size_bytes or report.parameters or report.answer_success
    return (NO_ERROR if says_something else UNKNOWN).error("unknown", "")
