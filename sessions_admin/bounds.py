"""How much may be moved without a second person: by hand as the settings say, by a policy as its approved terms do."""

from __future__ import annotations

from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext_noop

GIGABYTE = 10**9
# What has its own safeguard: the date that came, or the bytes that were typed and everybody told of.
UNBOUNDED = ("expiry", "emergency")
HARMLESS = ("restore",)  # nothing is taken from anybody
OVER = gettext_noop(
    "%(files)s files with %(gigabytes)s GB are to be moved: more than %(most_files)s files or %(most_gigabytes)s GB need a "
    "second person."
)


def bound_of(action: str, scope: Mapping[str, str]) -> dict[str, str]:
    """Return the bound of a plan with this scope, as its scope keeps it; none where it is bound by something else."""
    if action in HARMLESS or scope.get("kind") in UNBOUNDED:
        return {}
    if scope.get("kind") == "policy":
        return {name: scope[name] for name in ("most_files", "most_gigabytes")}
    return {
        "most_files": str(settings.SECOND_PERSON_FILES),
        "most_gigabytes": str(settings.SECOND_PERSON_GIGABYTES),
    }


def is_over(files: int, size_bytes: int, bound: Mapping[str, str]) -> bool:
    """Whether these are more than a bound allows; exactly as many are not."""
    if not bound:
        return False
    return files > int(bound["most_files"]) or size_bytes > int(bound["most_gigabytes"]) * GIGABYTE
