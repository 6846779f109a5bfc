"""The four roles: groups with permissions. A migration makes them; `make_groups` brings them back where they are gone."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser, Group, Permission
from django.contrib.contenttypes.models import ContentType

from diagnostics.models import Pass
from diagnostics.permissions import DECLARED as LOOKING
from diagnostics.permissions import VIEW_FIGURES, VIEW_SESSIONS, VIEW_SYSTEM
from sessions_admin import permissions
from sessions_admin.models import AuditEntry
from sessions_admin.permissions import (
    ACT_ON_MANY,
    ADMINISTER,
    CORRECT_SESSION,
    HANDLE,
    PAUSE,
    QUARANTINE,
    REGENERATE_SESSION,
    RESET_SESSION,
    RESET_STUCK_SESSION,
    VIEW_AUDIT,
)

LOOK = (VIEW_FIGURES, VIEW_SESSIONS, VIEW_SYSTEM)
MEND = (
    RESET_SESSION, RESET_STUCK_SESSION, REGENERATE_SESSION, CORRECT_SESSION, QUARANTINE, HANDLE, PAUSE, ACT_ON_MANY,
    VIEW_AUDIT,
)  # fmt: skip
ROLES = {
    "support": (*LOOK, RESET_SESSION),
    "engineer": (*LOOK, *MEND),
    "manager": (VIEW_FIGURES,),
    "administrator": (*LOOK, *MEND, ADMINISTER),
}


def roles_of(user: AbstractBaseUser | AnonymousUser) -> str:
    """Return the names of a user's groups, as the audit keeps them."""
    return ", ".join(Group.objects.filter(user=user.pk).order_by("name").values_list("name", flat=True))


def make_groups() -> None:
    """Make what is missing of the four groups; a permission that somebody added by hand stays."""
    known = {**_declared(Pass, "diagnostics", LOOKING), **_declared(AuditEntry, "sessions_admin", permissions.DECLARED)}
    for role, names in ROLES.items():
        group, _ = Group.objects.get_or_create(name=role)
        group.permissions.add(*(known[name] for name in names))


def _declared(model: type, app: str, declared: tuple[tuple[str, str], ...]) -> dict[str, Permission]:
    kind = ContentType.objects.get_for_model(model)
    return {
        f"{app}.{codename}": Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults={"name": name}
        )[0]
        for codename, name in declared
    }
