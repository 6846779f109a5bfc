"""The n-th query of our own database fails, in real transactions: the pass says so, and the next one finds all.

What commits for real is emptied afterwards, and with it what migrations made: such tests stand in a file of their own,
which is run behind the others.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress

import pytest
from django.db import OperationalError, connection

from diagnostics.models import Finding, RecurringTask
from tests.reconcile.scene import Scene, observed
from tests.reconcile.test_failing_calls import GONE, peopled

__all__ = ["peopled"]
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize("first", range(1, 7))
def test_a_query_of_our_own_that_fails_loses_nothing(peopled: Scene, first: int) -> None:
    """The pass may fail for it, and says so; the next one finds what it would have found."""
    peopled.run()
    clean = observed()
    (peopled.root / peopled.name(1)).unlink()
    peopled.later(minutes=2)
    for number in range(first, 90, 6):
        asked: list[str] = []

        def refuse(
            execute: Callable[..., object], sql: str, *arguments: object, asked: list[str] = asked, number: int = number
        ) -> object:
            asked.append(sql)
            if len(asked) == number:
                raise OperationalError("database is locked")
            return execute(sql, *arguments)

        with connection.execute_wrapper(refuse), suppress(OperationalError):
            peopled.run()
        RecurringTask.objects.filter(name="pass.lock").update(holder="", lease_until=None)
        wrong = Finding.objects.filter(code__in=GONE, resolved_at=None).exclude(session__key__in=("1", "5"))
        assert not wrong.exists(), (number, list(wrong.values_list("session__key", "code")))
        if len(asked) < number:
            break
    peopled.later(minutes=2)
    assert peopled.run().outcome == "complete"
    assert (peopled.cause(1), peopled.conditions()) == ("file.deleted", set())
    peopled.file(peopled.name(1))
    peopled.later(minutes=2)
    peopled.run()
    assert observed() == clean
