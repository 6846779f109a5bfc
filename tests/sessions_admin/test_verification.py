"""The audit's chain: whole as it was written, and broken exactly where somebody laid hands on the database."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from io import StringIO
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from pytest_django import Settings

from sessions_admin.actions.results import Kind
from sessions_admin.models import AuditEntry, AuditHead
from sessions_admin.verification import Anchor, Break, note_head, verify

pytestmark = pytest.mark.django_db
TABLE = AuditEntry._meta.db_table


def written(count: int) -> list[AuditEntry]:
    """Entries as actions leave them, with all kinds of text in them."""
    made = []
    for number in range(count):
        entry = AuditEntry(
            at=timezone.now(),
            operation=f"{number:032}",
            actor="sam",
            action="reset",
            session=str(number),
            reason="用户说播放不了 🙈",
            before={"status": "failed", "error_message": None},
            values={"session": str(number)},
            outcome=Kind.DONE,
        )
        entry.save()
        made.append(entry)
    return made


def by_hand(sql: str, *values: str | int | datetime) -> None:
    """What somebody with the database's password could do."""
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("AUDIT", TABLE).replace("HEAD", AuditHead._meta.db_table), values)


def swap(first: int, second: int) -> None:
    for old, new in ((first, 900), (second, first), (900, second)):
        by_hand("UPDATE AUDIT SET seq = %s WHERE seq = %s", new, old)


def forge(seq: int) -> None:
    """Change an entry and give it, and all behind it, hashes as they would be with another key."""
    by_hand("UPDATE AUDIT SET actor = 'max' WHERE seq = %s", seq)
    by_hand("UPDATE AUDIT SET hash = %s WHERE seq = %s", "f" * 64, seq)
    by_hand("UPDATE AUDIT SET prev_hash = %s WHERE seq = %s", "f" * 64, seq + 1)


BREAKS: dict[str, tuple[Callable[[], Any], Break]] = {
    "another actor": (lambda: by_hand("UPDATE AUDIT SET actor = 'max' WHERE seq = 4"), Break("altered", 4)),
    "another reason": (lambda: by_hand("UPDATE AUDIT SET reason = '' WHERE seq = 1"), Break("altered", 1)),
    "another time": (
        lambda: by_hand("UPDATE AUDIT SET at = %s WHERE seq = 9", timezone.now()),
        Break("altered", 9),
    ),
    "another outcome": (lambda: by_hand("UPDATE AUDIT SET outcome = 'failed' WHERE seq = 2"), Break("altered", 2)),
    "what was before": (lambda: by_hand("UPDATE AUDIT SET before = '{}' WHERE seq = 3"), Break("altered", 3)),
    "another hash": (lambda: by_hand("UPDATE AUDIT SET hash = %s WHERE seq = 5", "0" * 64), Break("altered", 5)),
    "forged with another key": (lambda: forge(6), Break("altered", 6)),
    "one missing": (lambda: by_hand("DELETE FROM AUDIT WHERE seq = 4"), Break("missing", 5, 3)),
    "the first missing": (lambda: by_hand("DELETE FROM AUDIT WHERE seq = 1"), Break("missing", 2, 0)),
    "several missing": (lambda: by_hand("DELETE FROM AUDIT WHERE seq IN (3, 4, 5)"), Break("missing", 6, 2)),
    "two that changed places": (lambda: swap(4, 5), Break("reordered", 4, 5)),
    "two that changed places far apart": (lambda: swap(2, 8), Break("reordered", 2, 8)),
    "the end cut off": (lambda: by_hand("DELETE FROM AUDIT WHERE seq > 7"), Break("cut_off", 7, 10)),
    "everything gone": (lambda: by_hand("DELETE FROM AUDIT"), Break("cut_off", 0, 10)),
}


def test_what_was_written_is_whole() -> None:
    last = written(10)[-1]
    found = verify()
    assert (found.entries, found.broken, str(found.head)) == (10, None, f"{last.seq}:{last.hash}")


def test_an_empty_audit_is_whole() -> None:
    assert verify().broken is None


@pytest.mark.parametrize("name", BREAKS)
def test_the_first_break_is_named(name: str) -> None:
    lay_hands_on, expected = BREAKS[name]
    written(10)
    lay_hands_on()
    found = verify()
    assert found.broken == expected
    assert found.entries == (expected.other_seq if expected.kind == "missing" else expected.seq - 1) or name in (
        "the end cut off",
        "everything gone",
    )


def test_every_column_is_covered() -> None:
    first = written(1)[0]
    for name in {field.name for field in AuditEntry._meta.concrete_fields} - {"hash"}:
        entry = AuditEntry.objects.get(pk=first.pk)
        value = getattr(entry, name)
        changed = not value if isinstance(value, bool) else f"{value}x" if isinstance(value, str) else 77
        setattr(entry, name, timezone.now() if name == "at" else changed)
        assert entry.linked_hash != first.hash, name


def test_an_anchor_tells_of_a_chain_that_was_written_anew(settings: Settings) -> None:
    old = written(3)[-1]
    anchor = Anchor.read(f"{old.seq}:{old.hash}")
    assert verify(anchor).broken is None
    by_hand("DELETE FROM AUDIT")
    by_hand("DELETE FROM HEAD")
    written(5)
    assert verify().broken is None
    assert verify(anchor).broken == Break("rewritten", 3)
    by_hand("DELETE FROM AUDIT")
    by_hand("DELETE FROM HEAD")
    assert verify(anchor).broken == Break("cut_off", 0, 3)


def test_with_another_key_nothing_is_whole(settings: Settings) -> None:
    written(2)
    settings.AUDIT_KEY = "another-key-of-the-audit-0123456789-0123456789-0123456789"
    assert verify().broken == Break("altered", 1)


def test_a_lost_head_goes_on_behind_the_last_entry() -> None:
    written(3)
    by_hand("DELETE FROM HEAD")
    AuditEntry(at=timezone.now(), operation="x", actor="sam", action="reset", outcome=Kind.DONE).save()
    assert (verify().entries, verify().broken) == (4, None)


def test_entries_from_before_the_chain_are_linked_in_their_order() -> None:
    """As the migration finds them: numbers with gaps, and no hash."""
    written(4)
    by_hand("DELETE FROM AUDIT WHERE seq = 2")
    by_hand("UPDATE AUDIT SET hash = '', prev_hash = ''")
    by_hand("DELETE FROM HEAD")
    apps = MigrationExecutor(connection).loader.project_state(("sessions_admin", "0003_audit_chain")).apps
    migration = import_module("sessions_admin.migrations.0003_audit_chain")
    migration.link_entries(apps, SimpleNamespace(connection=connection))
    written_later = AuditEntry(at=timezone.now(), operation="x", actor="sam", action="reset", outcome=Kind.DONE)
    written_later.save()
    assert (written_later.seq, verify().entries, verify().broken) == (5, 4, None)


def test_entries_are_appended_all_or_none() -> None:
    written(2)
    twice = [
        AuditEntry(at=timezone.now(), operation="o", number=0, actor="sam", action="reset", outcome=Kind.DONE)
        for _ in range(2)
    ]
    with pytest.raises(Exception, match=r"(?i)unique"):
        AuditEntry.objects.append(twice)
    assert (verify().entries, verify().broken) == (2, None)


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("audit", *arguments, stdout=out)
    return out.getvalue()


class TestTheCommand:
    def test_it_says_that_all_is_whole_and_where_it_ends(self) -> None:
        last = written(3)[-1]
        assert f"whole: 3 entries, its end is 3:{last.hash}" in command("verify")
        assert command("head").strip() == f"3:{last.hash}"
        assert command("verify", "--anchor", f"3:{last.hash}")

    @pytest.mark.parametrize(("name", "words"), [("another actor", "Entry 4 is not as it was written")])
    def test_it_fails_and_names_the_break(self, name: str, words: str) -> None:
        written(10)
        BREAKS[name][0]()
        with pytest.raises(CommandError, match=words):
            command("verify")
        with pytest.raises(CommandError, match=words):
            command("head")

    def test_it_tells_open_intents(self) -> None:
        entry = AuditEntry(
            at=timezone.now(), operation="o", is_intent=True, actor="sam", action="reset", outcome="intent"
        )
        entry.save()
        assert "Intents without an outcome: 1" in command("verify")
        assert json.loads(command("verify", "--json"))["open_intents"] == [1]

    @pytest.mark.parametrize("anchor", ["5", "x:y", "1:abc", ":" + "0" * 64])
    def test_an_anchor_that_is_none_is_refused(self, anchor: str) -> None:
        with pytest.raises(CommandError, match="is no anchor"):
            command("verify", "--anchor", anchor)

    def test_it_exports_everything(self) -> None:
        written(3)
        lines = [json.loads(line) for line in command("export").splitlines()]
        assert [line["seq"] for line in lines] == [1, 2, 3]
        assert lines[0]["reason"] == "用户说播放不了 🙈"


def test_the_end_is_left_in_the_log_every_day(caplog: pytest.LogCaptureFixture) -> None:
    last = written(2)[-1]
    logging.getLogger("sessions_admin").propagate = True
    with caplog.at_level("INFO"):
        note_head(timezone.now())
        by_hand("UPDATE AUDIT SET actor = 'max' WHERE seq = 1")
        note_head(timezone.now())
    assert f"2:{last.hash}" in caplog.text
    assert "broken at entry 1: altered" in caplog.text
