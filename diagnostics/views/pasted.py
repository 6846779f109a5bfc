"""A text that somebody pastes: bounded, read once, shown back without its secrets, and never kept."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.translation import gettext as _

from diagnostics.domain.redaction import hide_secrets
from diagnostics.templatetags.formats import count

LONGEST = 200_000


@dataclass(frozen=True, slots=True)
class Pasted:
    """The text as it came. `problem` says why it was not read, in the viewer's language; '' where it was."""

    text: str = ""
    problem: str = ""

    @property
    def shown(self) -> str:
        """What stands in the field afterwards: all of it, so that nothing is lost, but no secret."""
        return hide_secrets(self.text).replace("\0", "\N{REPLACEMENT CHARACTER}")


def pasted_in(request: HttpRequest) -> Pasted:
    """Return the field `text` of a form; a line break of a browser's field counts as one character."""
    text = request.POST.get("text", "").replace("\r\n", "\n")
    if not text.strip():
        return Pasted(text, _("Paste what the user or the ticket holds first: the field is empty."))
    if len(text) > LONGEST:
        said = _("This is too long: {n} characters, where {most} are read. Keep the lines around the error.")
        return Pasted(text, said.replace("{n}", count(len(text))).replace("{most}", count(LONGEST)))
    return Pasted(text)
