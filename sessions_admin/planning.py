"""Makes a plan for many: from ids, a filter of the list or an incident to the exact items; no filter is ever executed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from itertools import islice
from urllib.parse import parse_qsl

from django.contrib.auth.models import User
from django.db import transaction
from django.utils.translation import gettext_noop

from diagnostics import bulk
from diagnostics.models import Condition, LedgerFile, SessionEntry
from diagnostics.reconcile.parts import parts
from diagnostics.session_query import read_scope, sessions_in
from sessions_admin import bounds, outlook
from sessions_admin.actions import ACTIONS, OF_HELD_FILES, OF_POLICIES
from sessions_admin.actions.action import bytes_of
from sessions_admin.actions.plans import Expectation, Item, new_plan
from sessions_admin.models import ActionPlan, HeldFile, PlanItem

MOST_ITEMS = 20_000

EMPTY = gettext_noop("Nothing was chosen: tick sessions, or choose a filter that some match.")
TOO_MANY = gettext_noop("More than %(most)s sessions match: choose a narrower filter, then go on with the rest.")
BY_POLICY_ONLY = gettext_noop("Refused: a policy alone does this, on its approved terms.")
NOTHING_HELD = gettext_noop("No file of these sessions is held in the quarantine.")
NO_FILES = gettext_noop("None of these sessions names a file that a pass has seen.")


class PlanRefused(Exception):
    """No plan can be made; `message` is a key of the catalogues, `values` fill it."""

    def __init__(self, message: str, values: Mapping[str, object] | None = None) -> None:
        super().__init__(message)
        self.message, self.values = message, dict(values or {})


def keys_of_query(query: str, now: datetime) -> list[str]:
    """Return the ids of all that a list with this query shows, the newest first. Raises PlanRefused."""
    scope = read_scope(dict(parse_qsl(query)))
    found = sessions_in(scope, now).order_by("-listed_at", "-id").values_list("key", flat=True)
    return _bounded(list(islice(found.iterator(chunk_size=2_000), MOST_ITEMS + 1)))


def make_plan(action: str, keys: Sequence[str], scope: Mapping[str, str], actor: User, now: datetime) -> ActionPlan:
    """Look at every item, and keep what was seen and what is expected; nothing else is touched.

    Raises PlanRefused, and what opening the host raises (HostUnavailable, WritingOff).
    """
    if action in OF_POLICIES and scope.get("kind") != "policy":
        raise PlanRefused(BY_POLICY_ONLY)
    wanted = keys_for(action, _bounded(list(dict.fromkeys(keys))), scope)
    with ACTIONS[action].looking() as context:
        items = ACTIONS[action].expect(context, wanted)
    return _kept(action, items, scope, actor, now)


def keys_for(action: str, keys: Sequence[str], scope: Mapping[str, str]) -> list[str]:
    """Return the keys that an action takes: of one on files, where sessions were chosen, the numbers of their files.

    Sessions were chosen where the scope says `of` sessions, or is a filter; whoever has numbers of files says nothing.
    Of `restore` and `expire` these are held files, of any other the files of the ledger that the sessions name. Raises
    PlanRefused where there are none.
    """
    are_sessions = scope.get("of") == "sessions" or (scope.get("kind") == "filter" and scope.get("of") != "files")
    if not (ACTIONS[action].on_files and are_sessions):
        return list(keys)
    named = SessionEntry.objects.filter(gone_at=None).exclude(claim_hash=None)
    rows = (named.filter(key__in=part).values_list("claim_hash", flat=True) for part in parts(keys))
    claims = [claim for numbers in rows for claim in numbers if claim is not None]
    found = _held_of(keys, claims) if action in OF_HELD_FILES else _files_of(claims)
    if not found:
        raise PlanRefused(NOTHING_HELD if action in OF_HELD_FILES else NO_FILES)
    return found


def _held_of(keys: Sequence[str], claims: Sequence[int]) -> list[str]:
    """What is held of these sessions: the file that a row names, or one that was put aside as theirs. The newest of a path."""
    held = HeldFile.objects.filter(state=HeldFile.State.HELD).order_by("pk")
    rows = [row for part in parts(claims) for row in held.filter(path_hash__in=part).values_list("path_hash", "pk")]
    rows += [row for part in parts(keys) for row in held.filter(session__in=part).values_list("path_hash", "pk")]
    return [str(pk) for pk in dict(sorted(rows, key=lambda row: row[1])).values()]


def _files_of(claims: Sequence[int]) -> list[str]:
    known = (LedgerFile.objects.filter(pk__in=part, missed_at=None) for part in parts(claims))
    return [str(number) for rows in known for number in rows.values_list("pk", flat=True)]


def _kept(action: str, items: Sequence[Item], scope: Mapping[str, str], actor: User, now: datetime) -> ActionPlan:
    frozen, kind = new_plan(action, tuple(items), now), ACTIONS[action]
    doing = [item for item in items if item.expectation is Expectation.DO]
    bound = bounds.bound_of(action, scope) if kind.on_files else {}
    over = bounds.OVER if bounds.is_over(len(doing), bytes_of(doing), bound) else ""
    plan = ActionPlan(
        operation=frozen.operation,
        action=action,
        scope={**scope, **bound},
        made_by=actor.get_username(),
        made_at=now,
        digest=frozen.digest,
        to_do=len(doing),
        to_skip=len(items) - len(doing),
        bytes_needed=outlook.bytes_needed([item.key for item in doing]) if kind.is_to_be_picked_up else None,
        bytes_free=outlook.bytes_free(),
        bytes_moved=bytes_of(doing) if kind.on_files else None,
        second_reason=kind.second_person(doing) or over,
        sessions_known=SessionEntry.objects.filter(gone_at=None).count(),
        conditions=standing_conditions(),
    )
    with transaction.atomic():
        plan.save(force_insert=True)
        bulk.insert(_rows(plan, items))
    return plan


def standing_conditions() -> list[str]:
    """Return the codes of what stands above every page, as the passes found it."""
    return sorted(Condition.objects.filter(resolved_at=None).values_list("code", flat=True).distinct())


def item_of(row: PlanItem) -> Item:
    """Return an item as it was frozen."""
    return Item(row.key, row.seen, Expectation(row.expectation), row.why, row.path, row.session, row.values)


def _rows(plan: ActionPlan, items: Sequence[Item]) -> list[PlanItem]:
    return [
        PlanItem(
            plan=plan,
            number=number,
            key=item.key,
            path=item.path,
            session=item.session,
            seen=dict(item.seen),
            expectation=item.expectation,
            why=item.why,
            values=dict(item.told),
        )
        for number, item in enumerate(items)
    ]


def _bounded(keys: list[str]) -> list[str]:
    if not keys:
        raise PlanRefused(EMPTY)
    if len(keys) > MOST_ITEMS:
        raise PlanRefused(TOO_MANY, {"most": MOST_ITEMS})
    return keys
