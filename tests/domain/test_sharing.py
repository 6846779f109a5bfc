"""What causes share: the same key for what has one thing behind it, another for everything else."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.facts import AudioFacts, Evidence, FormerFile, Presence, QueueFacts, StoreFacts
from diagnostics.domain.sharing import Shared, base_of, shared
from tests.domain.build import ABSENT, AUDIO, HEADER, LAYOUT, NAME, NOW, diagnosed, evidence, moment
from tests.domain.reports import reported

OLD = "/srv/old"
TAIL = "/static/generated_music/long_sequences"


def of(found: Evidence) -> Shared | None:
    return shared(diagnosed(found), found, LAYOUT)


def key(found: Evidence) -> str:
    told = of(found)
    assert told is not None
    return told.key


def failed(message: str | None, number: int = 5) -> Evidence:
    return evidence(row={"key": number, "status": "failed", "error_message": message, "path": None}, audio=None)


def completed(number: int, path: str, **changes: Any) -> Evidence:
    row = {"key": number, "path": path}
    return evidence(row=row, **changes)


def named(number: int) -> str:
    return NAME.replace("_5_", f"_{number}_")


def at(path: str, presence: Presence, **known: object) -> AudioFacts:
    return replace(AUDIO, path=path, presence=presence, header=None, **known)  # type: ignore[arg-type]


def unreadable(number: int, path: str, blocked: str, owner: str = "root", mode: str = "drwx------") -> Evidence:
    audio = at(path, Presence.UNREADABLE, blocked_at=blocked, owner=owner, mode=mode)
    return completed(number, f"{TAIL}/{path}", audio=audio)


def test_a_healthy_session_shares_nothing() -> None:
    assert of(evidence()) is None


def test_errors_share_a_fingerprint_and_show_none_of_the_numbers_of_one_session() -> None:
    one = failed("OSError: [Errno 28] No space left on device: '/srv/app/long/a_5.wav'", 5)
    other = failed("OSError: [Errno 28] No space left on device: '/srv/app/long/a_6123.wav'", 6123)
    assert key(one) == key(other)
    told = of(one)
    assert told is not None
    assert told.values == {"error": "OSError: [Errno 28] No space left on device: …"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("OSError: No space left on device", "IOError: No space left on device"),
        ("MemoryError", "ValueError: ratio"),
        # One last line, yet two reasons: what is to be done differs.
        ("MemoryError\nFailed.", "PermissionError\nFailed."),
    ],
)
def test_other_errors_are_other_incidents(one: str, other: str) -> None:
    assert key(failed(one)) != key(failed(other))


@pytest.mark.parametrize("message", [None, "", "   "])
def test_no_message_is_nothing_in_common(message: str | None) -> None:
    assert of(failed(message)) is None


def test_a_secret_in_an_error_is_hidden() -> None:
    told = of(failed("ValueError: password=hunter2secret is wrong"))
    assert told is not None
    assert "hunter2" not in str(told.values["error"])


def test_files_below_one_closed_folder_share_it() -> None:
    one, other = unreadable(5, f"2025-08/{named(5)}", "2025-08"), unreadable(6, f"2025-08/a/{named(6)}", "2025-08")
    assert key(one) == key(other)
    told = of(one)
    assert told is not None
    assert (told.kind, told.values["folder"]) == ("folder", "2025-08")
    assert key(one) != key(unreadable(7, f"2025-09/{named(7)}", "2025-09"))


def test_unreadable_files_share_owner_and_mode_and_no_folder() -> None:
    modes = ["-rw-------", "-rw-------", "-r--------"]
    keys = [key(unreadable(n, named(n), named(n), mode=mode)) for n, mode in enumerate(modes, start=5)]
    assert keys[0] == keys[1] != keys[2]


def test_a_failing_device_is_shared_by_folder_and_error() -> None:
    def failing(path: str, error: str) -> Evidence:
        return completed(5, f"{TAIL}/{path}", audio=at(path, Presence.ERROR, error=error))

    assert key(failing("a/x.wav", "EIO")) == key(failing("a/y.wav", "EIO"))
    assert len({key(failing(*it)) for it in [("a/x.wav", "EIO"), ("b/x.wav", "EIO"), ("a/x.wav", "ESTALE")]}) == 3


def test_a_store_that_is_away_is_a_condition_and_no_incident() -> None:
    assert of(evidence(store=StoreFacts("missing", "", NOW), audio=None)) is None


@pytest.mark.parametrize(
    ("path", "base"),
    [
        (f"{OLD}{TAIL}/{NAME}", OLD),
        (f"{OLD}/{NAME}", OLD),
        (f"{OLD}{TAIL}/2025-08/{NAME}", f"{OLD}{TAIL}/2025-08"),
        (f"https://app.example.cn/api{TAIL}/{NAME}?x=1", "https://app.example.cn/api"),
        (f"{OLD}/a%20b/{NAME}#t=1", f"{OLD}/a b"),
        (NAME, ""),
        (f"{TAIL}/{NAME}", TAIL),
    ],
)
def test_a_base_is_what_stands_in_front(path: str, base: str) -> None:
    assert base_of(path, LAYOUT) == base


def test_rows_with_one_old_base_share_it_whether_or_not_their_files_are_found() -> None:
    lost = completed(5, f"{OLD}{TAIL}/{named(5)}", audio=None)
    found = replace(AUDIO, path=named(6))
    misplaced = completed(6, f"{OLD}/{named(6)}", audio=None, candidates=(found,))
    assert [diagnosed(one).cause for one in (lost, misplaced)] == ["path.unsafe", "file.misplaced"]
    assert key(lost) == key(misplaced)
    assert key(lost) != key(completed(7, f"/srv/older/{named(7)}", audio=None))


def test_a_url_that_only_a_client_reports_shares_nothing() -> None:
    given = reported(ClientReport(url=f"https://app.example.cn/api/{NAME}"))
    assert diagnosed(given).cause == "delivery.wrong_url"
    assert of(given) is None


def test_a_path_that_can_name_no_file_shares_nothing() -> None:
    assert of(completed(5, f"{TAIL}/a\0b.wav", audio=None)) is None


def test_files_that_were_moved_share_from_where_to_where() -> None:
    def moved(number: int, found: str) -> Evidence:
        path = f"2025-08/{named(number)}"
        other = replace(AUDIO, path=f"{found}{named(number)}")
        return completed(number, f"{TAIL}/{path}", audio=replace(ABSENT, path=path), candidates=(other,))

    assert key(moved(5, "archive/")) == key(moved(6, "archive/")) != key(moved(7, ""))


def test_a_name_that_differs_in_the_same_folder_shares_nothing() -> None:
    other = replace(AUDIO, path=NAME.replace(".wav", ".WAV"))
    assert of(evidence(audio=ABSENT, candidates=(other,))) is None


def test_links_out_of_the_root_share_where_they_lead() -> None:
    def linked(number: int, target: str) -> Evidence:
        path = f"x/{named(number)}"
        audio = at(path, Presence.OUTSIDE, link_target=target)
        return completed(number, f"{TAIL}/{path}", audio=audio)

    files = [key(linked(number, f"/mnt/old/{named(number)}")) for number in (5, 6)]
    assert files[0] == files[1] == key(linked(7, "/mnt/old/"))
    assert key(linked(8, "/mnt/other")) != files[0]


def test_hosts_are_shared_by_what_is_wrong_with_them() -> None:
    remote = completed(5, "https://cdn.example.cn/a.wav", audio=None)
    other = completed(6, "https://cdn.example.cn/b.wav", audio=None)
    expired = completed(7, "https://cdn.example.cn/c.wav?e=1600000000&token=x", audio=None)
    assert key(remote) == key(other) != key(expired)


def test_a_deletion_is_one_by_the_pass_that_saw_the_files_last() -> None:
    def deleted(number: int, seen_seconds_ago: float, missed_seconds_ago: float) -> Evidence:
        seen, missed = NOW - timedelta(seconds=seen_seconds_ago), NOW - timedelta(seconds=missed_seconds_ago)
        former = FormerFile(named(number), 24_044, seen, missed)
        audio = replace(ABSENT, path=named(number))
        return completed(number, f"{TAIL}/{named(number)}", audio=audio, former=former)

    # A pass that was killed half-way leaves the rest to be missed by the next.
    assert key(deleted(5, 600, 300)) == key(deleted(6, 600, 200)) != key(deleted(7, 300, 200))


def test_files_alike_to_the_byte_share_their_flaw() -> None:
    def corrupt(number: int, size: int, problem: str = "not_wave") -> Evidence:
        header = replace(HEADER, problem=problem)
        audio = replace(AUDIO, path=named(number), size_bytes=size, header=header)
        return completed(number, f"{TAIL}/{named(number)}", audio=audio)

    assert key(corrupt(5, 1234)) == key(corrupt(6, 1234))
    assert len({key(corrupt(5, 1234)), key(corrupt(5, 1235)), key(corrupt(5, 1234, "no_data"))}) == 3


def test_empty_files_and_missing_ones_share_nothing() -> None:
    assert of(evidence(audio=replace(AUDIO, size_bytes=0, header=None))) is None
    assert of(evidence(audio=ABSENT)) is None


def test_a_status_of_the_hosts_own_is_shared_by_its_name() -> None:
    keys = [key(evidence(row={"status": status})) for status in ("archived", "archived", "paused", None)]
    assert keys[0] == keys[1]
    assert len(set(keys)) == 3


def test_one_queue_stands_still_whoever_waits_in_it() -> None:
    waits = [
        evidence(
            row={"key": number, "status": "pending", "path": None, "created": moment(ago), "updated": moment(ago)},
            audio=None,
            queue=QueueFacts(position=number),
        )
        for number, ago in ((5, 9_000), (6, 8_000))
    ]
    told = of(waits[0])
    assert told is not None
    assert (told.kind, told.values) == ("queue", {})
    assert key(waits[0]) == key(waits[1])


def test_a_notice_beside_a_playable_session_is_no_incident() -> None:
    assert of(evidence(row={"error_message": "old"})) is None


def test_no_placeholder_of_a_fingerprint_is_shown() -> None:
    message = (
        "ValueError: “第 3 段” of long_5.wav at 2026-11-20 10:00:00 in 'segment 7' of https://a.cn/x failed, task a1b2"
    )
    told = of(failed(message, 5))
    assert told is not None
    assert "<" not in str(told.values["error"])
