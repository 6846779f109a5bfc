"""The pages of passes and of file findings."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from diagnostics.models import Pass
from diagnostics.snapshot import make_snapshot
from diagnostics.views import passes
from tests.diagnostics.rows import HOSTILE, complete_pass, file_finding
from tests.diagnostics.views.pages import (
    is_whole_page,
    refuses_the_anonymous,
    refuses_the_role,
    refuses_unsafe_methods,
    text_of,
)

LIST, PANELS, FILES = "/passes/", "/passes/panels/", "/file-findings/"


def test_it_lists_passes_with_their_numbers(sam: Client) -> None:
    row = complete_pass(rows=123_456, by_verdict={"broken": 7})
    text = text_of(sam, LIST)
    assert f'href="/passes/{row.pk}/"' in text
    assert "123,456" in text
    assert "No pass is running." in text


def test_the_running_pass_shows_its_progress(sam: Client) -> None:
    now = timezone.now()
    Pass.objects.create(started_at=now, heartbeat_at=now, phase="rows", done=25, total=100)
    text = text_of(sam, LIST)
    assert '<progress class="progress-line" max="100" value="25"' in text
    assert "Reading the rows" in text
    assert "No sign of life" not in text


def test_a_pass_without_a_sign_of_life_is_called_so(sam: Client) -> None:
    long_ago = timezone.now() - timedelta(minutes=9)
    Pass.objects.create(started_at=long_ago, heartbeat_at=long_ago)
    assert "No sign of life" in text_of(sam, LIST)


def test_no_pass_yet_is_said(sam: Client) -> None:
    assert "No pass has ended yet." in text_of(sam, LIST)


def test_one_pass_tells_all_it_found(sam: Client) -> None:
    row = complete_pass(
        by_verdict={"playable": 3, "broken": 2},
        by_cause={"file.deleted": 2},
        conditions=[{"code": "storage.listing_incomplete", "detail": {"folder": "old"}}],
        listing_errors=[["old/<2024>", "EACCES"]],
        notes=["no column user_id: what depends on it is not checked"],
    )
    text = text_of(sam, f"/passes/{row.pk}/")
    for told in (
        "File was deleted",
        "Listing of files is incomplete",
        "old/&lt;2024&gt;",
        "EACCES",
        "no column user_id",
    ):
        assert told in text


def test_a_failed_pass_shows_its_error_as_text(sam: Client) -> None:
    row = complete_pass(outcome="failed", error=HOSTILE)
    text = text_of(sam, f"/passes/{row.pk}/")
    assert "<script>alert" not in text


def test_an_unknown_pass_is_not_found(sam: Client) -> None:
    assert sam.get("/passes/999/").status_code == 404
    assert sam.get(f"/passes/{10**30}/").status_code == 404


def test_the_poll_answers_nothing_when_the_viewer_has_it(sam: Client) -> None:
    version = make_snapshot(timezone.now()).content["rows_version"]
    headers = {"HX-Request": "true", "If-None-Match": f'"{version}"'}
    assert sam.get(PANELS, headers=headers).status_code == 204
    complete_pass()
    make_snapshot(timezone.now())
    answer = sam.get(PANELS, headers=headers)
    assert answer.status_code == 200
    assert not is_whole_page(answer.content.decode())


def test_file_findings_are_listed_with_their_paths_to_copy(sam: Client) -> None:
    file_finding("deep/" + "x" * 90 + "/long_sequence_5_20250825_120316.wav")
    text = text_of(sam, FILES)
    assert 'data-copy="deep/xxx' in text
    assert "…" in text


def test_file_names_are_shown_as_text(sam: Client) -> None:
    file_finding(f"{HOSTILE}.wav")
    text = text_of(sam, FILES)
    assert "<script>alert" not in text
    assert "<img src=x" not in text


def test_file_findings_are_filtered_and_paged(sam: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passes, "PAGE_SIZE", 2)
    made = [file_finding(f"orphan-{number}.wav") for number in range(3)]
    file_finding("left.wav.tmp", code="file.leftover")
    assert "left.wav.tmp" not in text_of(sam, f"{FILES}?code=file.orphan")
    first = sam.get(f"{FILES}?code=file.orphan")
    assert [finding.pk for finding in first.context["findings"]] == [made[2].pk, made[1].pk]
    second = sam.get(f"{FILES}?code=file.orphan&after={first.context['older']}")
    assert [finding.pk for finding in second.context["findings"]] == [made[0].pk]
    assert sam.get(f"{FILES}?after=²&code=x").status_code == 200


def test_no_file_findings_is_said(sam: Client) -> None:
    assert "belongs to a session" in text_of(sam, FILES)


@pytest.mark.parametrize("address", [LIST, PANELS, FILES])
def test_only_those_who_may_get_in(sam: Client, manager: Client, address: str) -> None:
    refuses_the_anonymous(address)
    refuses_the_role(manager, address, allowed="Engineer")
    refuses_unsafe_methods(sam, address)
