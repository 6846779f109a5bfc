"""What the chain answers of the client's URL and its delivery where no rule found fault with them."""

from __future__ import annotations

from diagnostics.domain import observations
from diagnostics.domain.chain_answers import Answer, not_checked, ok, why_no_path
from diagnostics.domain.delivery_lines import lines_of
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence
from diagnostics.domain.paths import ClaimKind
from diagnostics.domain.rules import delivery, files


def url(evidence: Evidence, _diagnosis: Diagnosis) -> Answer:
    """An address that leads astray is a finding only where there is a file to lead to; else it is a notice."""
    if evidence.claim.kind is not ClaimKind.INSIDE:
        return not_checked(why_no_path(evidence))
    line = observations.recorded(evidence, "URL the client builds", evidence.claim.client_url.partition("?")[0])
    audio = files.file_in_order(evidence)
    leads = delivery.leads_to_file(evidence, audio) if audio else evidence.claim.leads_to_file
    return Answer("ok" if leads else "notice", (line,))


def delivered(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    """In order where the URL answered with the audio as a player needs it; what does not tell is not checked."""
    asked = evidence.delivery
    if asked is None:
        return not_checked(_why_not_asked(evidence))
    lines = lines_of(asked)
    if not asked.is_telling:
        return not_checked(f"delivery_{asked.why_not_telling}", *lines)
    audio = files.file_in_order(evidence)
    if audio is None:
        return not_checked("not_in_order", *lines)
    if any(finding.code == "delivery.link_expired" for finding in diagnosis.findings):
        return not_checked("link_over", *lines)
    return ok(*lines) if delivery.leads_to_file(evidence, audio) else not_checked("wrong_url", *lines)


def _why_not_asked(evidence: Evidence) -> str:
    if evidence.record.status != "completed":
        return "not_completed"
    return "not_asked" if evidence.claim.kind is ClaimKind.INSIDE else why_no_path(evidence)
