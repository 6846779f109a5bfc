"""What the chain says of the host's parts, and the words for all that is told of them."""

from __future__ import annotations

import pytest

from diagnostics.domain import host_parts
from diagnostics.domain.chain import Check, chain
from diagnostics.domain.facts import Evidence, ResourceFacts
from diagnostics.domain.parts import BROKER, CACHE, DATABASE, ENGINE, PARTS
from diagnostics.domain.rules import diagnose
from diagnostics.domain.wording import checks
from diagnostics.domain.wording import parts as part_words
from tests.domain.build import NOW, evidence
from tests.domain.build_parts import ALL, failed, now, part, pending

CHECKED = (ENGINE, DATABASE, CACHE, BROKER)


def check(found: Evidence, name: str) -> Check:
    return next(check for step in chain(found, diagnose(found)) for check in step.checks if check.name == name)


@pytest.mark.parametrize("name", CHECKED)
def test_the_chain_tells_how_a_part_stood(name: str) -> None:
    well = evidence(parts=(now(name, "up", values={"queue_length": 7, "consumers": 2}),), watched_parts=ALL)
    found = check(well, f"server.{name}")
    assert (found.result, found.observed_at) == ("ok", NOW)
    assert [(line.fact, line.value) for line in found.evidence][-2:] == [
        ("length of the queue", "7"),
        ("consumers", "2"),
    ]
    assert check(failed(part(name, "down", "refused")), f"server.{name}").result == "bad"
    assert check(failed(part(name, "impaired", "locked")), f"server.{name}").result == "notice"
    unknown = check(failed(part(name, "unknown", "hung")), f"server.{name}")
    assert (unknown.result, unknown.why) == ("not_checked", "part_unknown")
    assert unknown.evidence


@pytest.mark.parametrize("name", CHECKED)
def test_a_part_that_was_down_is_a_notice_beside_a_session_that_plays(name: str) -> None:
    assert check(evidence(parts=(now(name, "down"),), watched_parts=ALL), f"server.{name}").result == "notice"


@pytest.mark.parametrize("name", CHECKED)
def test_the_chain_says_why_a_part_was_not_asked(name: str) -> None:
    settings = {"engine": "ENGINE_COMMAND", "database": "WATCH_HOST_DATABASE", "cache": "HOST_CACHE_URL",
                "broker": "HOST_BROKER_URL"}  # fmt: skip
    off = check(evidence(), f"server.{name}")
    assert (off.result, off.why) == ("not_checked", f"{name}_not_watched")
    for language in ("en", "zh-hans"):
        assert settings[name] in checks.word(checks.REASONS, off.why, language)
    assert check(evidence(watched_parts=ALL), f"server.{name}").why == "no_part_samples"
    assert check(pending(), f"server.{name}").why == "no_recent_part"
    nowhere = evidence(row={"status": "archived"}, watched_parts=ALL)
    assert check(nowhere, f"server.{name}").why == "no_moment"


def test_parts_that_are_off_do_not_make_a_step_look_unchecked() -> None:
    samples = (ResourceFacts(NOW, disk_percent=1.0, memory_percent=1.0),)
    step = next(step for step in chain(evidence(resources=samples), diagnose(evidence())) if step.key == "server")
    assert step.result == "ok"
    silent = evidence(watched_parts=ALL)
    step = next(step for step in chain(silent, diagnose(silent)) if step.key == "server")
    assert step.result == "not_checked"


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_fact_and_part_has_its_words(language: str) -> None:
    for fact in (*PARTS, *host_parts.MEASURED.values(), host_parts.SINCE, host_parts.WORDS):
        assert fact in checks.FACTS
    for table in part_words.TABLES:
        assert all(texts[language].strip() for texts in table.values())


@pytest.mark.parametrize(
    ("name", "state", "problem", "english"),
    [
        (BROKER, "down", "refused", "It refuses connections: nothing listens at its address."),
        (ENGINE, "down", "timeout", "Its smoke test did not end in time, and was stopped."),
        (DATABASE, "unknown", "timeout", "It did not answer in time."),
        (CACHE, "impaired", "of another version", "It answers, but something is wrong with it."),
        (CACHE, "down", "of another version", "It does not work."),
        (CACHE, "elsewhere", "of another version", "How it stands could not be told."),
        (CACHE, "up", "", ""),
    ],
)
def test_every_problem_has_a_sentence(name: str, state: str, problem: str, english: str) -> None:
    assert part_words.problem_sentence(name, state, problem, "en") == english
    assert bool(part_words.problem_sentence(name, state, problem, "zh-hans")) is bool(english)
