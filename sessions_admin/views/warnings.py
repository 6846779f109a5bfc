"""What a person should know before resetting a session: what the live examination finds that speaks against it."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from diagnostics.domain import wording
from diagnostics.examine import examine

AGAINST: Mapping[str, str | Promise] = {
    "record.half_committed": _("A reset composes it once more, beside the whole file that is already there."),
    "file.predates_session": _("The id may have been used before: make sure that the file is this session's own."),
}


def warnings_about(key: str) -> list[str]:
    """Return a sentence for each finding that a reset would make worse, in the viewer's language."""
    found = examine(key).diagnosis
    language, zone = get_language() or "en", timezone.get_current_timezone()
    findings = found.findings if found else ()
    return [
        f"{wording.finding_sentence(finding, language, zone)} {AGAINST[finding.code]}"
        for finding in findings
        if finding.code in AGAINST
    ]
