"""How far an incident is mended, in words: each number with the address of exactly its sessions."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import ngettext

from diagnostics.mended import Mended
from diagnostics.templatetags.formats import count


@dataclass(frozen=True, slots=True)
class Part:
    """One number in words; `url` is '' where no list shows its sessions: rows that are gone, or that nobody kept."""

    text: str
    url: str


def mended_parts(found: Mended, number: int) -> list[Part]:
    """Return what became of the sessions of incident `number`, without what is nought."""
    sessions = reverse("diagnostics:session_list")
    left = f"{sessions}?left={number}&verdict="
    mended = ngettext("%(number)s mended", "%(number)s mended", found.mended)
    under_way = ngettext("%(number)s on its way again", "%(number)s on their way again", found.under_way)
    otherwise = ngettext(
        "%(number)s broken by another fault now", "%(number)s broken by other faults now", found.otherwise
    )
    unchecked = ngettext("%(number)s cannot be checked now", "%(number)s cannot be checked now", found.unchecked)
    expired = ngettext("%(number)s expired", "%(number)s expired", found.expired)
    deleted = ngettext(
        "%(number)s deleted from the host’s table", "%(number)s deleted from the host’s table", found.deleted
    )
    lost = ngettext(
        "%(number)s left it earlier: what became of it is not known",
        "%(number)s left it earlier: what became of them is not known",
        found.lost,
    )
    parts = (
        (mended, found.mended, f"{left}playable"),
        (expired, found.expired, f"{left}expired"),
        (under_way, found.under_way, f"{left}not_ready"),
        (otherwise, found.otherwise, f"{left}broken"),
        (unchecked, found.unchecked, f"{left}unknown"),
        (deleted, found.deleted, ""),
        (_left(found), found.left, f"{sessions}?incident={number}"),
        (lost, found.lost, ""),
    )
    return [Part(text % {"number": count(amount)}, url) for text, amount, url in parts if amount]


def _left(found: Mended) -> str:
    """What has the fault still, and whether somebody said that it is dealt with."""
    if found.handled < found.left:
        return ngettext("%(number)s left", "%(number)s left", found.left)
    return ngettext("%(number)s left, and handled", "%(number)s left, and handled", found.left)
