"""What everybody is told on every page, and how things that act by themselves are named."""

from __future__ import annotations

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnostics.live_memory import remembered
from sessions_admin.models import EmergencyNotice, Run
from sessions_admin.policies import POLICIES
from sessions_admin.policies.decide import ACTOR
from sessions_admin.policies.rounds import REASON

register = template.Library()
MOST_SHOWN = 3


@register.simple_tag
def emergency_notices() -> list[EmergencyNotice]:
    """Return what was freed in a disk emergency within a day, the newest first; nothing where our database is silent."""
    standing = EmergencyNotice.objects.filter(shown_until__gt=timezone.now()).select_related("run__plan")
    return remembered(lambda: list(standing.order_by("-shown_until")[:MOST_SHOWN])) or []


@register.filter
def actor_word(actor: str) -> str:
    """Return who acted, in the viewer's language where it was a policy."""
    for kind in POLICIES.values():
        if actor == ACTOR.format(kind.name):
            return _("policy “{title}”").replace("{title}", str(kind.title))
    return _("on its date") if actor == ACTOR.format("expiry") else actor


@register.filter
def reason_word(run: Run) -> str:
    """Return why a run was begun; a policy's reason is told in the viewer's language."""
    scope = run.plan.scope
    if scope.get("kind") == "policy" and scope.get("policy") in POLICIES:
        return _(REASON) % {**scope, "policy": POLICIES[scope["policy"]].title}
    return _(run.reason) if run.actor == ACTOR.format("expiry") else run.reason
