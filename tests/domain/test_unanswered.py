"""What was asked and did not answer is no rule's evidence: neither for a fault nor for its absence."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from diagnostics.domain.chain import chain
from diagnostics.domain.facts import AudioFacts, Evidence, Presence, QueueFacts, StoreFacts
from diagnostics.domain.rules import diagnose
from diagnostics.domain.trouble import Trouble
from diagnostics.domain.wording import LANGUAGES
from diagnostics.domain.wording.troubles import TROUBLES, trouble_sentence
from diagnostics.probes.databases import Problem
from tests.domain.build import NOW, PREFIX, evidence
from tests.domain.test_rules_all import BREAKERS

OTHER = "long_sequence_6_20250825_120316.wav"


def codes(found: Evidence) -> set[str]:
    return {finding.code for finding in diagnose(found).findings}


def result_of(found: Evidence, name: str) -> tuple[str, str]:
    checks = [check for step in chain(found, diagnose(found)) for check in step.checks]
    return next((check.result, check.why) for check in checks if check.name == name)


def test_a_file_that_others_may_claim_is_not_called_anothers() -> None:
    alone = evidence(row={"path": PREFIX + OTHER})
    assert "path.names_other_session" in codes(alone)
    untold = replace(alone, unanswered=frozenset({"claimants"}))
    assert "path.names_other_session" not in codes(untold)
    assert result_of(untold, "file.owner") == ("not_checked", "not_answered")


@pytest.mark.parametrize("silent", ["queue", "memory"])
def test_who_waits_in_an_unknown_queue_waits(silent: str) -> None:
    waiting = BREAKERS["worker.not_picked_up"]
    assert "worker.not_picked_up" in codes(waiting)
    untold = replace(waiting, unanswered=frozenset({silent}), queue=QueueFacts())
    assert (codes(untold), diagnose(untold).verdict) == (set(), "not_ready")


@pytest.mark.parametrize(
    "unseen",
    [
        {"store": StoreFacts("timeout", "", NOW)},
        {"unanswered": frozenset({"memory"})},
        {"growing": AudioFacts("x.tmp", Presence.ERROR, NOW, error="EIO")},
        {"growing": AudioFacts("x.tmp", Presence.UNREADABLE, NOW, error="EACCES")},
        {"growing": AudioFacts("x.tmp", Presence.NOT_A_FILE, NOW, error="ELOOP")},
    ],
)
def test_what_may_grow_unseen_is_not_called_stalled(unseen: dict[str, object]) -> None:
    still = BREAKERS["worker.stalled"]
    assert "worker.stalled" in codes(still)
    untold = replace(still, **unseen)  # type: ignore[arg-type]
    assert (codes(untold), diagnose(untold).state) == (set(), "generating")
    assert result_of(untold, "server.process") == ("not_checked", "not_answered")


def test_every_trouble_of_a_database_is_said() -> None:
    assert {f"host.{problem}" for problem in Problem} <= set(TROUBLES)


@pytest.mark.parametrize("code", TROUBLES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_trouble_is_one_whole_sentence(code: str, language: str) -> None:
    since = datetime(2026, 11, 20, 12, 3, tzinfo=UTC) - timedelta(minutes=1)
    said = trouble_sentence(Trouble(code, values={"since_at": since}), language, UTC)
    assert "{" not in said
    assert said.endswith("。" if language == "zh-hans" else ".")


def test_a_trouble_from_elsewhere_is_its_own_word() -> None:
    assert trouble_sentence(Trouble("no.such"), "en", UTC) == "no.such"
