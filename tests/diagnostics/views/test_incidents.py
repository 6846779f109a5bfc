"""The list of incidents, the page of one, and where else they are shown: overview, session, list of sessions."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from diagnostics.models import Incident
from diagnostics.snapshot import make_snapshot
from diagnostics.views import incidents as views
from tests.diagnostics.rows import HOSTILE, complete_pass, failed_session, finding, incident, session, sharing
from tests.diagnostics.views.pages import (
    is_whole_page,
    refuses_the_anonymous,
    refuses_the_role,
    refuses_unsafe_methods,
    text_of,
)

PAGE = "/incidents/"


def queries_of(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        text_of(client, address)
    return len(captured)


def one_of(number: int = 3, **fields: object) -> Incident:
    row = incident(**fields)  # type: ignore[arg-type]
    sharing(row, number)
    return row


def test_it_ranks_broken_before_unknown_and_many_before_few(sam: Client) -> None:
    complete_pass()
    remote: dict[str, Any] = {
        "kind": "host",
        "code": "path.remote",
        "verdict": "unknown",
        "values": {"host": "cdn.example.cn"},
    }
    rows = [incident(sessions=900, **remote), incident(sessions=3), incident(sessions=214)]
    text = text_of(sam, PAGE)
    places = [text.index(f'href="/incidents/{row.pk}/"') for row in (rows[2], rows[1], rows[0])]
    assert places == sorted(places)
    assert "214 sessions failed with the same error: “OSError: [Errno 28] No space left on device”" in text
    assert "Disk was full" in text


def test_each_state_has_its_tab(sam: Client) -> None:
    complete_pass()
    now = timezone.now()
    rows = {
        "new": incident(),
        "ongoing": incident(age=timedelta(days=3)),
        "regressed": incident(times_opened=2),
        "resolved": incident(age=timedelta(days=3), resolved_at=now, seen_at=now, sessions=0),
    }

    def listed(query: str) -> set[str]:
        text = text_of(sam, PAGE + query)
        return {name for name, row in rows.items() if f'href="/incidents/{row.pk}/"' in text}

    assert listed("") == listed("?state=open") == {"new", "ongoing", "regressed"}
    assert listed("?state=new") == {"new"}
    assert listed("?state=regressed") == {"regressed"}
    assert listed("?state=resolved") == {"resolved"}
    assert listed("?state=nonsense") == listed("")


def test_what_three_sessions_never_shared_is_not_listed_and_has_no_page(sam: Client) -> None:
    complete_pass()
    row = incident(opened_at=None, first_seen_at=None, sessions=2)
    assert f"/incidents/{row.pk}/" not in text_of(sam, PAGE)
    assert sam.get(f"/incidents/{row.pk}/").status_code == 404


def test_never_checked_nothing_yet_and_nothing_matches_are_three_things(sam: Client) -> None:
    assert "Nothing has been checked yet." in text_of(sam, PAGE)
    complete_pass()
    assert "There has been no incident yet." in text_of(sam, PAGE)
    incident(resolved_at=timezone.now(), sessions=0)
    assert "No incident is open." in text_of(sam, PAGE)
    assert "No incident matches." in text_of(sam, f"{PAGE}?state=new")


def test_pages_hold_every_incident_once(sam: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 2)
    complete_pass()
    for state, ended in (("open", None), ("resolved", timezone.now())):
        wanted = {incident(sessions=sessions, resolved_at=ended).pk for sessions in (9, 5, 5, 5, 3)}
        seen, after = [], ""
        while True:
            context = sam.get(PAGE, {"state": state, "after": after}).context
            seen += [shown.row.pk for shown in context["incidents"]]
            if not (after := context["older"]):
                break
        assert (len(seen), set(seen)) == (5, wanted)


def test_a_damaged_cursor_shows_the_first_page(sam: Client) -> None:
    complete_pass()
    row = incident()
    for cursor in ("x", "²", "9" * 40, "-1", "0"):
        assert f"/incidents/{row.pk}/" in text_of(sam, f"{PAGE}?after={cursor}")


def test_it_takes_as_many_queries_at_100_rows_as_at_10(sam: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(views, "PAGE_SIZE", 200)
    complete_pass()
    make_snapshot(timezone.now())
    for _number in range(10):
        incident()
    at_ten = queries_of(sam, PAGE)
    for _number in range(90):
        incident()
    assert queries_of(sam, PAGE) == at_ten


def test_a_page_takes_as_many_queries_at_100_sessions_as_at_10(sam: Client) -> None:
    complete_pass()
    make_snapshot(timezone.now())
    small, large = one_of(10), one_of(100)
    assert queries_of(sam, f"{PAGE}{small.pk}/") == queries_of(sam, f"{PAGE}{large.pk}/")


def test_the_page_tells_what_is_shared_who_is_concerned_and_what_to_do(sam: Client) -> None:
    complete_pass()
    row = incident(age=timedelta(days=3), users=2)
    newest = sharing(row, 12)[0]
    line = {"source": "record", "fact": "error_message", "value": "OSError 28", "observed_at": None}
    finding(newest, age=timedelta(hours=1), evidence=[line])
    text = text_of(sam, f"{PAGE}{row.pk}/")
    assert "12 sessions failed with the same error" in text
    assert "Free space on the disk of the audio folder" in text
    assert 'data-copy="OSError: [Errno 28] No space left on device"' in text
    assert f'href="/sessions/?incident={row.pk}"' in text
    assert "All 12 sessions" in text
    assert "OSError 28" in text
    assert "Ongoing" in text
    assert text.count('href="/sessions/10') >= 10  # the newest ones, and no more
    assert text.count('class="incident-session"') == 10


def test_the_course_has_a_table_twin_by_hour_or_by_day(sam: Client) -> None:
    complete_pass()
    hours = one_of(5)
    context = sam.get(f"{PAGE}{hours.pk}/").context
    assert (context["course"].unit, sum(number for _word, number in context["course"].rows)) == ("hour", 5)
    days = incident()
    for age in (1, 1, 5, 40):
        failed_session(age=timedelta(days=age), shared_hash=days.shared_hash)
    course = sam.get(f"{PAGE}{days.pk}/").context["course"]
    assert (course.unit, [number for _word, number in course.rows]) == ("day", [1, 1, 2])
    assert len(course.stacks) == 40
    assert 'class="chart-bars"' in text_of(sam, f"{PAGE}{days.pk}/")


def test_a_course_of_years_is_cut_to_what_can_be_seen(sam: Client) -> None:
    complete_pass()
    row = incident()
    for age in (1, 2, 900):
        failed_session(age=timedelta(days=age), shared_hash=row.shared_hash)
    course = sam.get(f"{PAGE}{row.pk}/").context["course"]
    assert (len(course.stacks), len(course.rows)) == (60, 2)


def test_one_that_is_over_says_so_and_how_many_it_had(sam: Client) -> None:
    complete_pass()
    now = timezone.now()
    row = incident(resolved_at=now, seen_at=now, sessions=0, most_sessions=214)
    text = text_of(sam, f"{PAGE}{row.pk}/")
    assert "214 sessions had failed with the same error" in text
    assert "No session has this fault any more." in text
    assert "/sessions/?incident=" not in text


def test_an_unknown_number_is_not_found(sam: Client) -> None:
    for number in ("999", "9" * 30):
        assert sam.get(f"{PAGE}{number}/").status_code == 404


def test_the_list_of_sessions_is_filtered_by_incident_and_says_so(sam: Client) -> None:
    row = one_of(3)
    session("stranger")
    response = sam.get(f"/sessions/?incident={row.pk}&status=failed")
    assert response.context["count"].number == 3
    text = response.content.decode()
    assert f"Incident {row.pk} · Same error" in text
    assert f'href="/incidents/{row.pk}/"' in text
    assert 'href="/sessions/?status=failed"' in text  # without this filter
    assert f'<input type="hidden" name="incident" value="{row.pk}">' in text
    assert sam.get("/sessions/", {"incident": "4711"}).context["count"].number == 0
    assert sam.get("/sessions/", {"incident": "x'"}).context["count"].number == 4


def test_a_session_leads_to_its_incident(sam: Client) -> None:
    row = incident()
    entry = sharing(row, 3)[0]
    text = text_of(sam, f"/sessions/{entry.key}")
    assert f'href="/incidents/{row.pk}/"' in text
    assert "3 sessions have this same fault" in text
    assert "/incidents/" not in text_of(sam, f"/sessions/{session().key}").split("<main")[1]


def test_the_overview_ranks_them_with_their_pages(sam: Client) -> None:
    complete_pass()
    row = one_of(4)
    text = text_of(sam, "/")
    assert f'href="/incidents/{row.pk}/"' in text
    assert "4 sessions failed with the same error" in text


def test_the_overview_says_that_there_is_none_only_when_it_is_known(sam: Client) -> None:
    assert "No fault is shared" not in text_of(sam, "/")
    complete_pass()
    assert "No fault is shared by three sessions or more." in text_of(sam, "/")


def test_managers_see_kinds_and_numbers_and_nothing_that_names_somebody(manager: Client) -> None:
    complete_pass()
    one_of(4, values={"error": "the secret path of user-77"})
    text = text_of(manager, "/")
    assert "Same error" in text
    assert "secret path" not in text
    assert 'href="/incidents/' not in text


def test_a_snapshot_of_an_older_version_has_none(sam: Client) -> None:
    snapshot = make_snapshot(timezone.now())
    del snapshot.content["incidents"]
    snapshot.save()
    text_of(sam, "/")


def test_hostile_values_are_shown_as_text(sam: Client) -> None:
    complete_pass()
    rows = [
        one_of(kind=kind, values={name: HOSTILE + "\u202e"})
        for kind, name in (("error", "error"), ("folder", "folder"), ("base", "base"), ("no_such_kind", "x"))
    ]
    addresses = [PAGE, "/", *(f"{PAGE}{row.pk}/" for row in rows), *(f"/sessions/?incident={r.pk}" for r in rows)]
    for address in addresses:
        text = text_of(sam, address)
        assert "<script>alert" not in text
        assert "<img src=x" not in text


@pytest.mark.parametrize("is_one", [False, True], ids=["list", "page"])
def test_it_is_one_poll_that_answers_nothing_when_nothing_is_new(sam: Client, *, is_one: bool) -> None:
    row = one_of()
    address = f"{PAGE}{row.pk}/" if is_one else PAGE
    version = make_snapshot(timezone.now()).content["rows_version"]
    headers = {"HX-Request": "true", "If-None-Match": f'"{version}"'}
    assert sam.get(address, headers=headers).status_code == 204
    assert text_of(sam, address).count("data-live") == 1
    complete_pass()
    make_snapshot(timezone.now())
    fragment = sam.get(address, headers=headers).content.decode()
    assert not is_whole_page(fragment)
    assert 'id="live"' in fragment
    assert 'id="conditions"' in fragment


def test_only_those_who_may_see_sessions_get_in(sam: Client, manager: Client) -> None:
    row = one_of()
    for address in (PAGE, f"{PAGE}{row.pk}/"):
        refuses_the_anonymous(address)
        refuses_the_role(manager, address, allowed="Support")
        refuses_unsafe_methods(sam, address)
