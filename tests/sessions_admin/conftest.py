"""What the tests of the actions share: a failed session on each engine, and the door to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.contrib.auth.models import User
from django.utils import timezone

from sessions_admin.actions import perform
from sessions_admin.actions.plans import Plan
from sessions_admin.actions.reset import NAME, plan_for
from sessions_admin.actions.results import Outcome
from sessions_admin.host_writer import open_writer

Door = Callable[..., Outcome]


def planned(key: str = "5") -> Plan:
    """Return the plan that the preview of this session shows now."""
    with open_writer() as writer:
        row = writer.read(key)
        assert row is not None
        return plan_for(row, timezone.now())


@pytest.fixture
def door(cast: dict[str, User]) -> Door:
    """Perform a plan as sam of support, for a reason, unless a test says otherwise."""

    def through(
        plan: Plan, *, actor: str = "sam", reason: str = "the user asked", address: str = "10.0.0.7"
    ) -> Outcome:
        return perform(NAME, plan, actor=cast[actor], reason=reason, address=address)

    return through
