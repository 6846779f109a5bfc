"""What the chain says of rights: may READING_USER read the file, and GENERATOR_USER write into the audio folder."""

from __future__ import annotations

from diagnostics.domain import chain_answers as answers
from diagnostics.domain import observations
from diagnostics.domain.chain_answers import Answer
from diagnostics.domain.diagnosis import Diagnosis
from diagnostics.domain.facts import Evidence


def to_read(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    """This process could open the file; whether READING_USER can as well depends on the way to the root, too."""
    found, reader, at_root = answers.permission(evidence, diagnosis), evidence.reader, evidence.reader_at_root
    if found.result != "ok" or reader is None:
        return found
    if at_root is not None and at_root.is_allowed is False:
        return Answer("notice", (*found.lines, *observations.kept_out(at_root, evidence.now)))
    untold = next((access for access in (at_root, reader) if access is not None and access.is_allowed is None), None)
    line = observations.right(untold or reader, "readable for", evidence.now)
    return Answer("not_checked" if untold else "ok", (*found.lines, line), "reader_unknown" if untold else "")


def to_write(evidence: Evidence, diagnosis: Diagnosis) -> Answer:
    """Without GENERATOR_USER a file that was written is all the proof there is."""
    writer = evidence.writer
    if writer is None:
        return answers.right_to_write(evidence, diagnosis)
    if writer.is_allowed is False:
        return Answer("notice", observations.kept_out(writer, evidence.now))
    line = observations.right(writer, "writable for", evidence.now)
    return Answer("ok", (line,)) if writer.is_allowed else Answer("not_checked", (line,), "writer_unknown")
