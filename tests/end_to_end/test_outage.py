"""The audio folder goes away and comes back: everything is unknown meanwhile, and afterwards as it was before."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from diagnostics.models import Condition, FileFinding, Finding, LedgerFile, SessionEntry
from tests.end_to_end.demo_host import DemoHost

pytestmark = pytest.mark.django_db

WAYS = {
    "passes": ([], [], []),
    "passes_with_documents": (["--output"], ["--output"], ["--output"]),
    "both_in_turn": ([], ["--output"], [], ["--output", "--all"], []),
    "documents_of_all": (["--output", "--all"], ["--all"], ["--output"]),
}


def reconcile(options: list[str], documents: Path) -> dict[str, object]:
    """Run the command as an operator would; return its summary."""
    found = StringIO()
    given = [f"--output={documents}" if option == "--output" else option for option in options]
    call_command("reconcile", "--json", *given, stdout=found)
    summary: dict[str, object] = json.loads(found.getvalue())
    return summary


def sessions() -> list[tuple[object, ...]]:
    """What a pass concluded of every session, and what it keeps aside."""
    told = ("key", "verdict", "state", "cause", "confidence", "further", "is_whole", "gone_at")
    return list(SessionEntry.objects.order_by("pk").values_list(*told, "held_verdict", "held_state", "held_cause"))


def findings() -> list[tuple[object, ...]]:
    """Every finding with its life: opened, resolved, how often."""
    return [*Finding.objects.order_by("pk").values_list(), *FileFinding.objects.order_by("pk").values_list()]


def matching(client: Client, query: str) -> int:
    """The number above the list of sessions."""
    text = client.get(f"/sessions/?{query}").content.decode()
    found = re.search(r'class="list-count"><strong data-flash>([\d,]+)</strong>', text)
    assert found
    return int(found[1].replace(",", ""))


def tile(client: Client, verdict: str) -> int:
    """The number on a tile of the overview."""
    text = client.get("/").content.decode()
    found = re.search(rf'id="tile-{verdict}".*?class="tile-number"[^>]*>\s*(?:<a[^>]*>)?\s*([\d,]+)', text, re.DOTALL)
    assert found, text
    return int(found[1].replace(",", ""))


@pytest.mark.parametrize("way", WAYS)
def test_all_is_unknown_while_it_lasts_and_as_before_when_it_is_over(
    host: DemoHost, sam: Client, tmp_path: Path, way: str
) -> None:
    documents = tmp_path / "documents.jsonl"
    reconcile([], documents)
    reconcile(["--all"], documents)  # what the first pass could not know yet: since when files are watched
    before, known, counts = sessions(), findings(), {name: tile(sam, name) for name in ("playable", "broken")}
    completed = matching(sam, "status=completed")
    assert counts["broken"] > 0
    assert tile(sam, "unknown") < completed
    host.do("break", "storage.unavailable")
    for options in WAYS[way]:
        summary = reconcile(options, documents)
        assert (summary["complete"], summary["conditions"]) == (True, ["storage.unavailable"])
        assert findings() == known
        assert matching(sam, "status=completed&verdict=unknown") == tile(sam, "unknown") == completed
        assert matching(sam, "verdict=playable") == tile(sam, "playable") == 0
        assert matching(sam, "status=completed&verdict=broken") == 0
        if "--output" in options:
            assert unknown_in(documents) == completed
    host.do("break", "storage.unavailable", "--undo")
    for options in WAYS[way]:
        reconcile(options, documents)
        assert (sessions(), findings()) == (before, known)
        assert {name: tile(sam, name) for name in counts} == counts
    assert not Condition.objects.filter(resolved_at=None).exists()
    assert not LedgerFile.objects.exclude(missed_at=None).exists()


def unknown_in(documents: Path) -> int:
    lines = [json.loads(line) for line in documents.read_text(encoding="utf-8").splitlines()]
    return sum(line.get("status") == "completed" and line["verdict"] == "unknown" for line in lines)


def cause_of(session_id: int | None) -> tuple[str, str]:
    entry = SessionEntry.objects.get(key=str(session_id))
    return entry.verdict, entry.cause


def test_what_happens_to_the_host_meanwhile_is_told_afterwards(host: DemoHost, tmp_path: Path) -> None:
    """A session breaks while nobody can look: the outage is told first, the fault as soon as the folder is back."""
    reconcile([], tmp_path)
    session_id = host.break_("record.progress_odd")
    host.do("break", "storage.unavailable")
    reconcile([], tmp_path)
    assert cause_of(session_id) == ("unknown", "storage.unavailable")
    host.do("break", "storage.unavailable", "--undo")
    reconcile([], tmp_path)
    assert cause_of(session_id) == ("playable", "record.progress_odd")


def test_a_failure_keeps_its_reason_through_an_outage(host: DemoHost, tmp_path: Path) -> None:
    reconcile([], tmp_path)
    session_id = host.break_("generation.out_of_memory")
    host.do("break", "storage.unavailable")
    reconcile([], tmp_path)
    assert cause_of(session_id) == ("broken", "generation.out_of_memory")
    host.do("break", "storage.unavailable", "--undo")
    reconcile([], tmp_path)
    assert cause_of(session_id) == ("broken", "generation.out_of_memory")
