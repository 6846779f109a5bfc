"""Chapter 1 of the guide: the last mile, from the row to the URL that the client asks for and what it met there."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain import client_claims, client_lines, client_urls, clock, observations
from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.delivery_lines import lines_of
from diagnostics.domain.facts import Confidence, Evidence, Finding, Observation
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.rules import delivery, files, records

CERTAIN, LIKELY, POSSIBLE = Confidence.CERTAIN, Confidence.LIKELY, Confidence.POSSIBLE
LINK_REFUSED = ("-1013", "401")
NETWORK = ("-1001", "-1003", "-1004", "-1005", "-1009")  # of iOS; on Android the same numbers mean something else
NO_CONNECTION = "request:fail"


def wrong_url(evidence: Evidence) -> Iterator[Finding]:
    """The file is there, but the URL that the client builds from this row does not lead to it, and no server does."""
    audio = None if evidence.claim.leads_to_file else files.file_in_order(evidence)
    if audio and not delivery.leads_to_file(evidence, audio):
        url = evidence.claim.client_url.partition("?")[0]
        lines = (observations.claim(evidence), observations.recorded(evidence, "URL the client builds", url))
        answer = lines_of(evidence.delivery) if evidence.delivery else ()
        yield Finding("delivery.wrong_url", CERTAIN, lines + answer, {"url": url, "path": audio.path})


def wrong_url_reported(evidence: Evidence) -> Iterator[Finding]:
    """The row leads to its file, but the URL that the client says it asked for is another one."""
    report, how = client_claims.report_on(evidence), client_urls.astray(evidence)
    if report is None or not how or not evidence.claim.leads_to_file:
        return
    audio = files.file_in_order(evidence)
    if audio is None:
        return
    values = {"url": report.url, "path": audio.path, "expected_url": client_urls.wanted(evidence), "how": how}
    lines = (*client_lines.of_address(evidence), *_path_received(evidence))
    yield Finding("delivery.wrong_url", CERTAIN if client_urls.names_the_file(evidence) else POSSIBLE, lines, values)


def expired_link_reported(evidence: Evidence) -> Iterator[Finding]:
    """The client was refused as with a link whose signature has expired, and the row itself does not tell that."""
    error = None if _asked_else(evidence) else _error_among(evidence, LINK_REFUSED)
    if error is None or not files.is_completed(evidence) or _is_told_without(evidence):
        return
    if evidence.claim.kind is not ClaimKind.REMOTE and not files.file_in_order(evidence):
        return
    asked = evidence.delivery
    if asked is not None and asked.is_audio and asked.is_partial:
        return
    refused = lines_of(asked) if asked and asked.status == delivery.UNAUTHORISED else ()
    seconds = (*_expiry_reported(evidence), *refused)
    lines = (client_lines.of_error(evidence, error), *seconds)
    yield Finding("delivery.link_expired", LIKELY if seconds else POSSIBLE, lines, {"expired_at": None})


def _is_told_without(evidence: Evidence) -> bool:
    """Whether the row's own link, or the server's answer, says so already."""
    return bool(list(records.expired_link(evidence)) or list(delivery.refused_link(evidence)))


def timed_out(evidence: Evidence) -> Iterator[Finding]:
    """Generation took longer than the client waits: it had given up, and all is well now."""
    took, limit = clock.generation_seconds(evidence), evidence.limits.client_timeout_seconds
    if took is None or not limit or took <= limit or not files.file_in_order(evidence):
        return
    error = _error_among(evidence, ("request:fail timeout",))
    lines = (
        observations.recorded(evidence, "took", f"{took:g} s"),
        observations.recorded(evidence, "client waits", f"{limit} s"),
        *((client_lines.of_error(evidence, error),) if error else ()),
    )
    yield Finding("client.timed_out", CERTAIN, lines, {"took_seconds": took, "limit_seconds": limit})


def bad_response(evidence: Evidence) -> Iterator[Finding]:
    """The client printed an answer that lacks what it needs to play the audio, and all is well now."""
    report = client_claims.report_on(evidence)
    missing = _missing_in_answer(report) if report else ""
    if report and missing and files.file_in_order(evidence):
        lines = (*client_lines.of_create(evidence, report), *_status_received(evidence, report))
        yield Finding("client.bad_response", CERTAIN, lines, {"missing": missing})


def network(evidence: Evidence) -> Iterator[Finding]:
    """The client could not reach the server, or lost it; the file is well, and no probe just found it badly served."""
    error = _network_error(evidence)
    audio = files.file_in_order(evidence) if error else None
    if audio is None or error is None:
        return
    asked = evidence.delivery if evidence.delivery and evidence.delivery.is_telling else None
    is_delivered = asked is not None and asked.is_well_for(audio.size_bytes)
    if asked is None or is_delivered:
        lines = (client_lines.of_error(evidence, error), *(lines_of(asked) if asked else ()))
        values = {"error": error.code, "is_delivered": is_delivered}
        yield Finding("client.network", LIKELY if is_delivered else POSSIBLE, lines, values)


def _error_among(evidence: Evidence, codes: tuple[str, ...]) -> PlayerError | None:
    """The first error of the report with one of these codes."""
    report = client_claims.report_on(evidence)
    return next((error for error in report.errors if error.code in codes), None) if report else None


def _asked_else(evidence: Evidence) -> bool:
    """Whether what the client asked for was no audio: a refused call of the API says nothing of a link."""
    return evidence.asked is not None and not client_urls.is_of_audio(evidence)


def _network_error(evidence: Evidence) -> PlayerError | None:
    """The first network error of the report; a time-out that explains itself by the generation's length is none."""
    report = client_claims.report_on(evidence)
    if report is None:
        return None
    late = bool(list(timed_out(evidence)))
    for error in report.errors:
        is_of_ios = error.source == "ios" and error.code in NETWORK
        is_request = error.code.startswith(NO_CONNECTION) and "client.network" in error.suspects
        is_explained = late and error.code.endswith("timeout")
        if is_of_ios or (is_request and not is_explained) or error.suspects[:1] == ("client.network",):
            return error
    return None


def _expiry_reported(evidence: Evidence) -> tuple[Observation, ...]:
    """When the signed link that the client had ended, where that is over."""
    report = client_claims.report_on(evidence)
    ends = report.link_expires_at if report else None
    return (observations.said(evidence, "link valid until", ends),) if ends and ends <= evidence.now else ()


def _missing_in_answer(report: ClientReport) -> str:
    """Of an answer that says success, what it lacks; a path only where the session is completed already."""
    if report.answer_success is not False and report.answer_has_session_id is False:
        return "session_id"
    is_without_path = report.has_path is False or (report.has_path is None and report.answer_has_path is False)
    return "path" if report.status == "completed" and is_without_path else ""


def _status_received(evidence: Evidence, report: ClientReport) -> tuple[Observation, ...]:
    received = {"status": report.status, "final_file_path": "" if report.has_path is False else report.path}
    return tuple(observations.said(evidence, fact, value) for fact, value in received.items() if value is not None)


def _path_received(evidence: Evidence) -> tuple[Observation, ...]:
    """The path as the client received it, where the row says another."""
    paths = [one for one in client_claims.of_answer(evidence) if one.fact == "final_file_path" and one.differs]
    return tuple(line for one in paths for line in client_lines.both_sides(evidence, one))
