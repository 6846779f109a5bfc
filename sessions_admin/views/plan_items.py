"""The items of a plan as its pages show them: the first ones that would be done, and those that are left alone."""

from __future__ import annotations

from sessions_admin.actions import ACTIONS
from sessions_admin.actions.plans import Expectation
from sessions_admin.models import ActionPlan

SHOWN_ITEMS = 50


def shown_items(plan: ActionPlan) -> dict[str, object]:
    items = plan.items.order_by("number")
    return {
        "plan": plan,
        "action": ACTIONS[plan.action],
        "doing": items.filter(expectation=Expectation.DO)[:SHOWN_ITEMS],
        "skipping": items.filter(expectation=Expectation.SKIP)[:SHOWN_ITEMS],
        "shown_at_most": SHOWN_ITEMS,
    }
