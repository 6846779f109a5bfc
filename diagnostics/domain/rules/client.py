"""Chapter 1 of the guide: the last mile, from the row to the URL that the client asks for."""

from __future__ import annotations

from collections.abc import Iterator

from diagnostics.domain import observations
from diagnostics.domain.delivery_lines import lines_of
from diagnostics.domain.facts import Confidence, Evidence, Finding
from diagnostics.domain.rules import delivery, files


def wrong_url(evidence: Evidence) -> Iterator[Finding]:
    """The file is there, but the URL that the client builds from this row does not lead to it, and no server does."""
    audio = None if evidence.claim.leads_to_file else files.file_in_order(evidence)
    if audio and not delivery.leads_to_file(evidence, audio):
        url = evidence.claim.client_url.partition("?")[0]
        lines = (observations.claim(evidence), observations.recorded(evidence, "URL the client builds", url))
        answer = lines_of(evidence.delivery) if evidence.delivery else ()
        yield Finding("delivery.wrong_url", Confidence.CERTAIN, lines + answer, {"url": url, "path": audio.path})
