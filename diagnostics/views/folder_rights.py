"""The rights of the two users at the audio folder, as the last sample found them, in words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from diagnostics.templatetags.labels import Label

RIGHTS: tuple[tuple[str, str | Promise, str], ...] = (
    ("reader", _("Right to enter"), "READING_USER"),
    ("writer", _("Right to write"), "GENERATOR_USER"),
)
ANSWERS: dict[bool | None, Label] = {
    True: Label(_("Allowed"), "playable", "playable"),
    False: Label(_("Kept out"), "broken", "broken"),
    None: Label(_("Unknown"), "unknown", "unknown"),
}
PROBLEMS: dict[str, str | Promise] = {
    "no_such_user": _("this machine knows no such user"),
    "groups_unknown": _("its groups are not known here"),
    "acl_unknown": _("the access control list cannot be read"),
    "read_only": _("mounted read-only"),
}


@dataclass(frozen=True, slots=True)
class Right:
    """One user's right. `answer` None: its setting is not set, so it was not checked."""

    word: str | Promise
    setting: str
    user: str = ""
    answer: Label | None = None
    at: str = ""
    owner: str = ""
    mode: str = ""
    problem: str | Promise = ""


def rights_of(folder: Mapping[str, Any] | None) -> list[Right]:
    """Return both rights of an audio folder that answered; a sample of an older version says nothing of them."""
    if not folder or "reader" not in folder:
        return []
    return [_right(word, setting, folder[role]) for role, word, setting in RIGHTS]


def _right(word: str | Promise, setting: str, found: Mapping[str, Any] | None) -> Right:
    if found is None:
        return Right(word, setting)
    problem = found["error"] or PROBLEMS.get(found["problem"], found["problem"])
    return Right(
        word,
        setting,
        found["user"],
        ANSWERS[found["is_allowed"]],
        found["blocked_at"],
        found["owner"],
        found["mode"],
        problem,
    )
