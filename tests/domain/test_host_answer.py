"""Where the host's own answer and the row disagree, and where they say the same in other words: pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC
from typing import Any

import pytest

from diagnostics.domain import paths, wording
from diagnostics.domain.facts import Confidence, Evidence
from diagnostics.domain.rules import diagnose
from diagnostics.domain.rules.host_answer import api_disagrees
from diagnostics.domain.ticket import as_text
from tests.domain.build import LAYOUT, NAME, NOW, PREFIX, evidence, moment
from tests.domain.told import (
    ASKED,
    CDN,
    CODE,
    FAILED,
    SAME,
    answer,
    found,
    lines,
    said,
    the,
    told,
)


def test_the_same_told_is_no_finding_and_the_session_plays() -> None:
    given = told(**SAME)
    assert found(given) is None
    assert (diagnose(given).verdict, diagnose(given).findings) == ("playable", ())


def test_nothing_is_found_where_nobody_asked() -> None:
    assert found(evidence()) is None


@pytest.mark.parametrize("status", ["completed", "pending", "generating", "failed"])
@pytest.mark.parametrize("other", ["completed", "pending", "generating", "failed", "COMPLETED", "done", "", None])
def test_another_status_leads_the_client_astray(status: str, other: str | None) -> None:
    row = {**FAILED, "status": status} if status == "failed" else {"status": status, "updated": moment(120)}
    given = told(row=row, status=other)
    assert (found(given) is None) is (status == other)
    if status != other:
        assert the(given).values["is_misleading"] is True
        assert diagnose(given).verdict == "broken"


def test_a_status_that_differs_is_said_from_both_sides() -> None:
    given = told(status="generating")
    assert lines(the(given)) == [("record", "status", "completed"), ("http", "status", "generating")]
    assert [line.observed_at for line in the(given).evidence] == [NOW, ASKED]
    assert the(given).confidence is Confidence.CERTAIN
    assert said(given) == "The host's API tells the client the status “generating”, and the row says “completed”."
    assert said(given, "zh-hans") == "主系统接口返回给客户端的状态是“generating”，记录中是“completed”。"
    assert "“NULL”" in said(told(status=None))
    assert "“''”" in said(told(status=""))


EQUAL_IN_EFFECT = [
    (PREFIX + NAME, PREFIX + NAME),
    (PREFIX + NAME, PREFIX[1:] + NAME),
    (PREFIX[1:] + NAME, PREFIX + NAME),
    (PREFIX + NAME, "https://app.example.cn" + PREFIX + NAME),
    (PREFIX + NAME, PREFIX + NAME + "?e=1759046400&token=abc"),
    (PREFIX + NAME + "?token=abc", PREFIX + NAME + "?token=other"),
    (CDN, CDN),
    (CDN, CDN + "?e=1&token=new"),
    (CDN + "?e=1&token=old", CDN + "?e=2&token=new"),
    (NAME, NAME),
    ("/etc/passwd", "/etc/passwd"),
    (None, ""),
    ("", None),
    (" ", None),
    (None, "?"),
]


@pytest.mark.parametrize(("recorded", "other"), EQUAL_IN_EFFECT)
def test_paths_that_lead_to_the_same_are_the_same(recorded: str | None, other: str | None) -> None:
    assert found(told(row={"path": recorded}, path=other)) is None


DIFFERENT = [
    (PREFIX + NAME, "/api" + PREFIX + NAME),
    (PREFIX + NAME, PREFIX + "long_sequence_6_20250825_120316.wav"),
    (PREFIX + NAME, NAME),
    (PREFIX + NAME, None),
    (PREFIX + NAME, ""),
    (PREFIX + NAME, CDN.replace("sequence_5", "sequence_6")),
    (PREFIX + NAME, CDN + "?e=1&token=expired"),
    (PREFIX + NAME, "/srv/app" + PREFIX + NAME),
    (None, CDN),
    (CDN, PREFIX + NAME),
    (CDN + "?e=1&token=old", CDN),
    (CDN, CDN.replace("cdn", "other")),
    (CDN, CDN.replace("https", "http")),
    (NAME, "../" + NAME),
    ("/etc/passwd", "/etc/shadow"),
]


@pytest.mark.parametrize(("recorded", "other"), DIFFERENT)
def test_paths_that_lead_elsewhere_lead_the_client_astray(recorded: str | None, other: str | None) -> None:
    finding = the(told(row={"path": recorded}, path=other))
    assert finding.values["difference"] == "path"
    assert finding.values["is_misleading"] is True


@pytest.mark.parametrize(
    ("recorded", "other"),
    [
        (NAME, PREFIX + NAME),
        ("/srv/app" + PREFIX + NAME, PREFIX + NAME),
        (PREFIX + NAME, "https://m.example.cn" + PREFIX + NAME),
        (PREFIX + NAME, "http://app.example.cn" + PREFIX + NAME),
        (PREFIX + NAME + "?token=abc", PREFIX + NAME),
        (PREFIX + NAME, CDN),
        (PREFIX + NAME, CDN + "?e=1856123456&token=new"),
    ],
)
def test_another_path_that_may_lead_to_the_same_file_leads_nobody_astray(recorded: str, other: str) -> None:
    finding = the(told(row={"path": recorded}, path=other))
    assert finding.values["is_misleading"] is False


def test_where_the_servers_origin_is_not_set_that_of_the_api_stands_for_it() -> None:
    bare = replace(LAYOUT, base_url="")
    of_api = replace(LAYOUT, base_url="https://api.example.cn/v1")

    def given(path: str) -> Evidence:
        row_claim = paths.understand(PREFIX + NAME, bare)
        return evidence(claim=row_claim, host_answer=answer(of_api, path=path))

    assert found(given("https://api.example.cn" + PREFIX + NAME)) is None
    assert found(given(PREFIX[1:] + NAME)) is None
    assert found(given(CDN)) is not None
    assert found(given("https://api.example.cn/api" + PREFIX + NAME)) is not None


def test_a_path_that_differs_is_said_with_the_address_that_the_client_builds_from_it() -> None:
    given = told(path="/api" + PREFIX + NAME + "?token=GEHEIM")
    assert lines(the(given)) == [
        ("record", "final_file_path", PREFIX + NAME),
        ("http", "final_file_path", "/api" + PREFIX + NAME + "?…"),
        ("http", "URL the client builds", "https://app.example.cn/api" + PREFIX + NAME),
    ]
    assert said(given) == (
        f"The host's API tells the client the path “/api{PREFIX}{NAME}?…”, and the row says “{PREFIX}{NAME}”."
    )
    assert "GEHEIM" not in repr(the(given))


def test_no_path_builds_no_address() -> None:
    assert [fact for _source, fact, _value in lines(the(told(path=None)))] == ["final_file_path", "final_file_path"]


@pytest.mark.parametrize("status", ["pending", "generating", "failed"])
def test_a_path_alone_leads_nobody_astray_before_there_is_anything_to_play(status: str) -> None:
    row = {**FAILED, "status": status} if status == "failed" else {"status": status, "updated": moment(120)}
    finding = the(told(row={**row, "path": PREFIX + NAME}, path=None))
    assert finding.values["is_misleading"] is False


@pytest.mark.parametrize(("recorded", "other"), [(24_044, 24_044), (None, None), (None, 0), (0, None)])
def test_sizes_that_say_the_same(recorded: int | None, other: int | None) -> None:
    assert found(told(row={"size_bytes": recorded}, size_bytes=other)) is None


@pytest.mark.parametrize(("recorded", "other"), [(24_044, 24_043), (24_044, None), (None, 24_044), (24_044, 0)])
def test_another_size_is_a_notice_and_the_session_plays(recorded: int | None, other: int | None) -> None:
    given = told(row={"size_bytes": recorded}, size_bytes=other)
    assert the(given).values["is_misleading"] is False
    assert (diagnose(given).verdict, diagnose(given).cause) == ("playable", CODE)


def test_a_size_that_differs_is_said_to_the_byte() -> None:
    given = told(size_bytes=158_760_044)
    assert said(given) == (
        "The host's API tells the client a size of 158.8 MB (158,760,044 bytes), and the row says 24 KB (24,044 bytes)."
    )
    assert said(given, "zh-hans") == (
        "主系统接口返回给客户端的大小是 158.8 MB（158,760,044 字节），记录中是 24 KB（24,044 字节）。"
    )
    assert "a size of NULL" in said(told(size_bytes=None))


def test_a_table_without_sizes_has_none_to_compare() -> None:
    absent = frozenset({"final_file_size"})
    assert found(told(row={"size_bytes": None, "absent": absent}, size_bytes=5)) is None


@pytest.mark.parametrize(
    ("recorded", "other"),
    [
        ("boom", "boom"),
        ("boom", "  boom\r\n"),
        ("a\n  b", "a b"),
        ("a long error, told in full", "a long error"),
        ("a long error", "a long error, told in full"),
        ("a long error, told in full", "a long err..."),
        ("a long error, told in full", "a long err …"),
        (None, ""),
        ("", None),
        (" \n", None),
        ("错" * 50_000, "错" * 20_000 + "another end"),
    ],
)
def test_errors_that_say_the_same(recorded: str | None, other: str | None) -> None:
    assert found(told(row={**FAILED, "error_message": recorded}, error_message=other)) is None


@pytest.mark.parametrize(
    ("recorded", "other"), [("boom", "bang"), ("boom", None), ("boom", " "), (None, "boom"), ("boom", "a boom")]
)
def test_another_error_of_a_failed_session_is_a_notice(recorded: str | None, other: str | None) -> None:
    finding = the(told(row={**FAILED, "error_message": recorded}, error_message=other))
    assert (finding.values["difference"], finding.values["is_misleading"]) == ("error", False)


@pytest.mark.parametrize("status", ["completed", "pending", "generating"])
def test_an_error_is_compared_of_failed_sessions_only(status: str) -> None:
    assert found(told(row={"status": status, "error_message": "boom"}, error_message="bang")) is None


def test_a_long_error_is_cut_and_its_secrets_are_hidden() -> None:
    long = f"{'x' * 47} Bearer GEHEIM-und-lang {'y' * 50_000} token=GEHEIM-und-lang"
    given = told(row={**FAILED, "error_message": "boom"}, status="completed", error_message=long)
    alone = told(row={**FAILED, "error_message": "boom"}, error_message=long)
    for one in (given, alone):
        for language in wording.LANGUAGES:
            assert "GEH" not in said(one, language)
            assert len(said(one, language)) < 500
        assert "GEHEIM" not in repr(the(one).evidence)
    assert "GEHEIM" not in as_text(diagnose(given), "en", UTC)


@pytest.mark.parametrize("field", SAME)
def test_only_what_was_told_can_disagree(field: str) -> None:
    """All that the API left out reads as none here, and is held against nothing."""
    other: dict[str, Any] = dict.fromkeys(SAME)
    whole = answer(**{**other, field: SAME[field]})
    assert found(evidence(host_answer=replace(whole, told=frozenset({field})))) is None
    assert found(evidence(host_answer=whole)) is not None


def test_several_differences_are_one_finding_that_names_them_all() -> None:
    given = told(status="generating", path=None, size_bytes=None)
    assert the(given).values["difference"] == "several"
    assert len(list(api_disagrees(given))) == 1
    assert said(given) == (
        "The host's API tells the client: status generating, final_file_path NULL, final_file_size NULL. "
        f"The row says: status completed, final_file_path {PREFIX}{NAME}, final_file_size 24044."
    )
    assert said(given, "zh-hans").startswith("主系统接口返回给客户端：status generating, final_file_path NULL")
    assert len(the(given).evidence) == 6
