"""What is concluded from what a server answered: which answers are faults, of whom, and which say nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, timedelta
from typing import Any

import pytest

from diagnostics.domain import wording
from diagnostics.domain.chain import Check, chain
from diagnostics.domain.delivery import DeliveryFacts
from diagnostics.domain.facts import Evidence, Finding, Source
from diagnostics.domain.sharing import shared
from tests.domain.build import ABSENT, AUDIO, LAYOUT, NAME, NOW, PREFIX, codes, diagnosed, evidence

URL = f"https://app.example.cn{PREFIX}{NAME}"
ASKED = NOW - timedelta(minutes=3)
SIZE = AUDIO.size_bytes
WELL = DeliveryFacts(
    URL,
    ASKED,
    status=206,
    content_type="audio/wav",
    content_range=f"bytes 0-1/{SIZE}",
    length_bytes=SIZE,
    is_partial=True,
    content="wave",
    address="1.2.3.4",
)
WHOLE = replace(WELL, status=200, content_range="", is_partial=False)
PAGE = replace(WHOLE, content_type="text/html", length_bytes=9, content="html")


def refusing(status: int) -> DeliveryFacts:
    return DeliveryFacts(URL, ASKED, status=status, content_type="text/html", length_bytes=9, content="html")


def silent(problem: str) -> DeliveryFacts:
    return DeliveryFacts(URL, ASKED, problem=problem, detail="its own words")


def asked(delivery: DeliveryFacts | None, **changes: Any) -> Evidence:
    return evidence(delivery=delivery, **changes)


def cause(found: Evidence) -> Finding:
    return diagnosed(found).findings[0]


def check(found: Evidence, name: str = "file.delivery") -> Check:
    steps = chain(found, diagnosed(found))
    return next(check for step in steps for check in step.checks if check.name == name)


FAULTS: dict[str, tuple[DeliveryFacts, str, str, str]] = {
    "404": (refusing(404), "delivery.not_served", "certain", "does not find it"),
    "410": (refusing(410), "delivery.not_served", "certain", "answers 410: it does not find it"),
    "403": (refusing(403), "delivery.not_served", "certain", "may not send it"),
    "500": (refusing(500), "delivery.not_served", "certain", "itself fails"),
    "503": (refusing(503), "delivery.not_served", "certain", "itself fails"),
    "416": (refusing(416), "delivery.not_served", "certain", "answers 416 and does not deliver"),
    "another length": (replace(WELL, length_bytes=77), "delivery.not_served", "certain", "77 bytes"),
    "401": (refusing(401), "delivery.link_expired", "likely", "app.example.cn answers 401"),
    "a page": (PAGE, "delivery.not_audio", "certain", "a web page"),
    "JSON": (replace(PAGE, content="json"), "delivery.not_audio", "certain", "sends JSON"),
    "XML": (replace(PAGE, content="xml"), "delivery.not_audio", "certain", "sends XML"),
    "MP3": (replace(WELL, content="other", content_type="audio/mpeg"), "delivery.not_audio", "certain", "audio/mpeg"),
    "nothing": (replace(WHOLE, content="empty", length_bytes=0), "delivery.not_audio", "certain", "sends nothing"),
    "gzip": (replace(PAGE, content="other", content_encoding="gzip"), "delivery.not_audio", "certain", "(gzip)"),
    "the whole": (WHOLE, "delivery.no_range", "certain", "ignores Range"),
    "the whole in chunks": (replace(WHOLE, length_bytes=None), "delivery.no_range", "certain", "ignores Range"),
    "another part": (
        replace(WELL, is_partial=False, content_range=f"bytes 0-9/{SIZE}"), "delivery.no_range", "certain", "bytes 0-9/"
    ),
    "expired": (silent("certificate_expired"), "delivery.bad_certificate", "certain", "not valid at this time"),
    "other name": (silent("certificate_name"), "delivery.bad_certificate", "certain", "another name"),
    "untrusted": (silent("certificate_untrusted"), "delivery.bad_certificate", "possible", "not trusted"),
}  # fmt: skip


@pytest.mark.parametrize(("delivery", "code", "confidence", "words"), FAULTS.values(), ids=FAULTS)
def test_what_the_right_url_answers_is_the_cause(
    delivery: DeliveryFacts, code: str, confidence: str, words: str
) -> None:
    found = diagnosed(asked(delivery))
    assert [finding.code for finding in found.findings] == [code]
    assert (found.verdict, found.findings[0].confidence) == ("broken", confidence)
    assert words in wording.finding_sentence(found.findings[0], "en", UTC)
    assert "unknown" not in wording.finding_sentence(found.findings[0], "en", UTC)
    assert "未知" not in wording.finding_sentence(found.findings[0], "zh-hans", UTC)
    line = found.findings[0].evidence[0]
    assert (line.source, line.fact, line.value, line.observed_at) == (Source.HTTP, "URL asked", URL, ASKED)


def test_a_well_answer_is_no_finding_and_proof_in_the_chain() -> None:
    assert codes(asked(WELL)) == set()
    found = check(asked(WELL))
    assert (found.result, found.observed_at) == ("ok", ASKED)
    told = {line.fact: line.value for line in found.evidence}
    assert told["answer"] == "206"
    assert told["length told"] == f"{SIZE} bytes"
    assert told["answered by"] == "1.2.3.4"


def test_a_part_of_a_length_that_is_not_told_is_well() -> None:
    assert codes(asked(replace(WELL, length_bytes=None, content_range="bytes 0-1/*"))) == set()


def test_what_is_well_is_what_no_rule_finds_fault_with() -> None:
    answers = [WELL, replace(WELL, length_bytes=None), *(delivery for delivery, *_ in FAULTS.values())]
    assert [answer.is_well_for(SIZE) for answer in answers] == [not codes(asked(answer)) for answer in answers]


def test_the_whole_of_another_length_is_both() -> None:
    assert codes(asked(replace(WHOLE, length_bytes=77))) == {"delivery.not_served", "delivery.no_range"}


SILENCES = (
    "not_allowed", "bad_url", "no_name", "private_address", "refused", "unreachable", "timeout", "closed", "not_http", "tls",
    "busy",
)  # fmt: skip


@pytest.mark.parametrize("problem", SILENCES)
def test_a_server_that_is_silent_is_no_finding_and_not_checked(problem: str) -> None:
    assert codes(asked(silent(problem))) == set()
    found = check(asked(silent(problem)))
    assert (found.result, found.why) == ("not_checked", f"delivery_{problem}")
    assert found.evidence[1].value == f"{problem} its own words"


@pytest.mark.parametrize(
    ("status", "why"), [(301, "redirect"), (307, "redirect"), (304, "redirect"), (408, "put_off"), (429, "put_off"),
                        (101, "odd_status"), (600, "odd_status"), (999, "odd_status")]
)  # fmt: skip
def test_a_status_that_tells_nothing_of_the_file_is_no_finding(status: int, why: str) -> None:
    assert codes(asked(refusing(status))) == set()
    assert (check(asked(refusing(status))).result, check(asked(refusing(status))).why) == (
        "not_checked", f"delivery_{why}"
    )  # fmt: skip


UNJUDGED: dict[str, dict[str, Any]] = {
    "no file": {"audio": ABSENT},
    "not whole": {"audio": replace(AUDIO, header=replace(AUDIO.header, data_present=9))},  # type: ignore[type-var]
    "another size than the row says": {"row": {"size_bytes": 7}},
    "failed": {"row": {"status": "failed", "error_message": "boom"}},
    "generating": {"row": {"status": "generating"}},
    "an end in the past": {"row": {"path": f"https://m.example.cn{PREFIX}{NAME}?e=1&token=x"}},
}


@pytest.mark.parametrize("changes", UNJUDGED.values(), ids=UNJUDGED)
@pytest.mark.parametrize("delivery", [refusing(404), refusing(401), PAGE, WHOLE, silent("certificate_expired")])
def test_delivery_is_judged_only_of_a_completed_session_whose_file_is_in_order(
    delivery: DeliveryFacts, changes: dict[str, Any]
) -> None:
    without = codes(evidence(**changes))
    assert codes(asked(delivery, **changes)) == without


def test_a_link_that_is_over_is_expired_once_and_its_delivery_is_not_checked() -> None:
    found = asked(refusing(401), **UNJUDGED["an end in the past"])
    assert [finding.code for finding in diagnosed(found).findings] == ["delivery.link_expired"]
    assert cause(found).confidence == "certain"
    assert (check(found).result, check(found).why) == ("not_checked", "link_over")


def test_an_unauthorised_link_leaves_its_delivery_unchecked() -> None:
    assert check(asked(refusing(401)), "file.url").result == "bad"
    assert (check(asked(refusing(401))).result, check(asked(refusing(401))).why) == ("not_checked", "link_over")


def test_a_file_that_is_not_in_order_says_nothing_of_its_delivery() -> None:
    assert check(asked(WELL, audio=ABSENT)).why == "not_in_order"
    assert check(asked(None, row={"status": "pending"})).why == "not_completed"
    assert check(asked(None)).why == "not_asked"
    assert check(asked(None, row={"path": "https://cdn.other.cn/a.wav"}, audio=None)).why == "remote"


BARE = {"row": {"path": NAME}}


def test_a_wrong_url_that_answers_404_has_the_answer_in_its_evidence() -> None:
    found = diagnosed(asked(refusing(404), **BARE))
    assert [finding.code for finding in found.findings] == ["delivery.wrong_url"]
    assert ("answer", "404") in {(line.fact, line.value) for line in found.findings[0].evidence}
    assert check(asked(refusing(404), **BARE)).why == "wrong_url"


@pytest.mark.parametrize(
    "delivery", [None, silent("timeout"), PAGE, replace(WELL, length_bytes=77), replace(WELL, length_bytes=None)]
)
def test_a_url_that_looks_wrong_stays_wrong_unless_just_this_audio_comes(delivery: DeliveryFacts | None) -> None:
    assert codes(asked(delivery, **BARE)) == {"delivery.wrong_url"}


def test_a_url_that_looks_wrong_is_right_where_the_server_leads_to_the_file() -> None:
    found = asked(WELL, **BARE)
    assert codes(found) == set()
    assert (check(found).result, check(found, "file.url").result) == ("ok", "ok")
    assert codes(asked(WHOLE, **BARE)) == {"delivery.no_range"}


def key(delivery: DeliveryFacts) -> str:
    found = asked(delivery)
    told = shared(diagnosed(found), found, LAYOUT)
    assert told is not None
    assert told.kind == "delivery"
    assert told.values["host"] == "app.example.cn"
    return told.key


def test_sessions_share_one_server_that_answers_them_alike() -> None:
    elsewhere = replace(refusing(404), url=URL.replace("app.", "m."))
    alike = [refusing(404), replace(refusing(404), url=URL + "x", length_bytes=8)]
    assert len({key(found) for found in alike}) == 1
    lengths = [replace(WELL, length_bytes=77), replace(WELL, length_bytes=78)]
    assert len({key(found) for found in lengths}) == 1
    others = [
        refusing(404),
        refusing(403),
        PAGE,
        WHOLE,
        silent("certificate_expired"),
        silent("certificate_name"),
        lengths[0],
    ]
    assert len({key(found) for found in others}) == len(others)
    found = asked(elsewhere)
    told = shared(diagnosed(found), found, LAYOUT)
    assert told is not None
    assert told.key != key(refusing(404))


def test_sessions_whose_links_a_server_refuses_share_the_server() -> None:
    found = asked(refusing(401))
    told = shared(diagnosed(found), found, LAYOUT)
    assert told is not None
    assert (told.kind, told.values) == ("host", {"host": "app.example.cn"})
