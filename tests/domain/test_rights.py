"""Another user's rights as evidence: when they are a finding, what is said of whom, and what the chain makes of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest

from diagnostics.domain import wording
from diagnostics.domain.access import Access
from diagnostics.domain.chain import Check, chain
from diagnostics.domain.facts import Evidence, Presence
from diagnostics.domain.rules import AT_EVERY_LOOK, diagnose
from diagnostics.domain.wording import checks
from tests.domain.build import AUDIO, NAME, NOW, codes, evidence

KEPT_OUT = Access("www-data", False, NAME, "root:root", "-rw-r----- + ACL")
ALLOWED = Access("www-data", True)
UNTOLD = [
    Access("12345", None, NAME, "root:staff", "-rw-r-----", problem="groups_unknown"),
    Access("www", None, problem="no_such_user"),
    Access("www-data", None, problem="acl_unknown"),
    Access("www-data", None, error="ENOENT"),
]
GENERATOR_KEPT_OUT = Access("celery", False, "/srv/audio", "root:root", "drwxr-xr-x")


def check(given: Evidence, name: str) -> Check:
    return next(check for step in chain(given, diagnose(given)) for check in step.checks if check.name == name)


def test_a_reader_who_is_kept_out_is_a_finding() -> None:
    found = diagnose(evidence(reader=KEPT_OUT))
    assert (found.verdict, found.cause, found.confidence) == ("broken", "file.unreadable", "certain")
    assert [(line.fact, line.value, line.observed_at) for line in found.evidence] == [
        ("kept out", "www-data", NOW),
        ("blocked at", f"{NAME} (owner root:root, mode -rw-r----- + ACL)", NOW),
    ]
    assert found.findings[0].values["user"] == "www-data"


@pytest.mark.parametrize("reader", [None, ALLOWED, *UNTOLD])
def test_a_reader_who_is_let_in_or_not_known_of_is_none(reader: Access | None) -> None:
    assert codes(evidence(reader=reader)) == set()


@pytest.mark.parametrize("status", ["failed", "pending", "generating"])
def test_only_completed_sessions_have_a_file_to_read(status: str) -> None:
    assert "file.unreadable" not in codes(evidence(row={"status": status}, reader=KEPT_OUT))


def test_what_keeps_this_process_out_is_told_of_this_process() -> None:
    shut = replace(AUDIO, presence=Presence.UNREADABLE, header=None, blocked_at="a", owner="root", mode="drwx------")
    found = diagnose(evidence(audio=shut, reader=KEPT_OUT)).findings
    assert [(finding.code, finding.values["user"]) for finding in found] == [("file.unreadable", "")]


@pytest.mark.parametrize(
    ("language", "of_reader", "of_dashboard"),
    [("en", "the user www-data, who serves the audio", "this dashboard"), ("zh-hans", "www-data", "本系统")],
)
def test_the_sentence_says_which_of_the_two_is_kept_out(language: str, of_reader: str, of_dashboard: str) -> None:
    values = {"path": NAME, "blocked": "sub", "owner": "root:root", "mode": "drwx------"}
    ours = wording.sentence("file.unreadable", {**values, "user": ""}, language, UTC)
    theirs = wording.sentence("file.unreadable", {**values, "user": "www-data"}, language, UTC)
    assert (of_reader in theirs, of_dashboard in theirs) == (True, False)
    assert (of_reader in ours, of_dashboard in ours) == (False, True)
    assert all("sub" in said and "root:root" in said and "drwx------" in said for said in (ours, theirs))


def test_a_finding_that_every_pass_would_see_end_is_not_looked_at_again_for_it() -> None:
    assert diagnose(evidence(reader=KEPT_OUT)).due_at == AT_EVERY_LOOK
    assert diagnose(evidence(reader=replace(KEPT_OUT, is_watched=True))).due_at is None


def test_the_right_to_read_is_shown_with_its_user() -> None:
    made = replace(AUDIO, owner="root", mode="-rw-r--r--")
    found = check(evidence(audio=made, reader=ALLOWED, reader_at_root=ALLOWED), "file.permission")
    assert found.result == "ok"
    assert [(line.fact, line.value) for line in found.evidence] == [
        ("mode", "root -rw-r--r--"), ("readable for", "www-data"),
    ]  # fmt: skip


def test_a_reader_who_cannot_reach_the_root_is_a_notice_and_no_finding() -> None:
    at_root = replace(GENERATOR_KEPT_OUT, user="www-data")
    given = evidence(reader=ALLOWED, reader_at_root=at_root)
    found = check(given, "file.permission")
    assert (codes(given), found.result) == (set(), "notice")
    assert found.evidence[-1].value == "/srv/audio (owner root:root, mode drwxr-xr-x)"


@pytest.mark.parametrize("untold", UNTOLD)
def test_a_right_that_is_not_known_is_not_checked_and_says_why(untold: Access) -> None:
    for given, name in (
        (evidence(reader=untold), "file.permission"),
        (evidence(reader=ALLOWED, reader_at_root=untold), "file.permission"),
        (evidence(writer=untold), "server.permission"),
    ):
        found = check(given, name)
        assert found.result == "not_checked"
        assert found.why in checks.REASONS
        assert found.evidence[-1].fact in checks.FACTS
        assert untold.user in found.evidence[-1].value


@pytest.mark.parametrize(
    ("writer", "result", "facts"),
    [
        (replace(ALLOWED, user="celery"), "ok", {"writable for": "celery"}),
        (GENERATOR_KEPT_OUT, "notice",
         {"kept out": "celery", "blocked at": "/srv/audio (owner root:root, mode drwxr-xr-x)"}),
        (Access("celery", False, "/srv/audio", problem="read_only"), "notice",
         {"kept out": "celery", "blocked at": "/srv/audio (read-only file system)"}),
        (None, "not_checked", {}),
    ],
)  # fmt: skip
def test_the_right_to_write_is_the_generator_s(writer: Access | None, result: str, facts: dict[str, str]) -> None:
    given = evidence(row={"status": "failed"}, audio=None, writer=writer)
    found = check(given, "server.permission")
    assert (found.result, {line.fact: line.value for line in found.evidence}) == (result, facts)
    assert codes(given) == {"generation.unexplained"}


def test_a_message_of_missing_rights_is_borne_out_by_the_folder() -> None:
    row = {"status": "failed", "error_message": "PermissionError: [Errno 13] Permission denied"}
    lines = {
        name: [line.fact for line in diagnose(evidence(row=row, audio=None, writer=writer)).evidence]
        for name, writer in (("out", GENERATOR_KEPT_OUT), ("in", ALLOWED), ("untold", UNTOLD[0]), ("unset", None))
    }
    alone = ["error_message"]
    assert lines == {"out": [*alone, "kept out", "blocked at"], "in": alone, "untold": alone, "unset": alone}


def test_no_other_message_is() -> None:
    row = {"status": "failed", "error_message": "OSError: [Errno 28] No space left on device"}
    found = diagnose(evidence(row=row, audio=None, writer=GENERATOR_KEPT_OUT))
    assert (found.cause, len(found.evidence)) == ("generation.disk_full", 1)
