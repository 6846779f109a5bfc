"""What is said of every code: complete in both languages, well written, and safe with any value."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone

import pytest

from diagnostics.domain import wording
from diagnostics.domain.causes import CATALOGUE, CONDITION_CODES, FILE_CODES
from diagnostics.domain.diagnosis import Diagnosis, State, Verdict
from diagnostics.domain.facts import Confidence, Finding
from diagnostics.domain.wording import checks, formatting
from diagnostics.domain.wording.conditions import CONDITIONS
from diagnostics.domain.wording.entry import Wording

NOW = datetime(2025, 8, 25, 4, 30, tzinfo=UTC)
CHINA = timezone(timedelta(hours=8))
LANGUAGES = wording.LANGUAGES
CODES = sorted({*CATALOGUE, *FILE_CODES, *CONDITION_CODES, *(str(state) for state in State)})
EVERY = [(code, language) for code in CODES for language in LANGUAGES]

CJK = "\u3400-\u9fff"
HALF_WIDTH_AFTER_CJK = re.compile(rf"[{CJK}][,.;:?!()]|[,;:?!(][{CJK}]")
WITHOUT_SPACE = re.compile(rf"[{CJK}][A-Za-z0-9{{]|[A-Za-z0-9}}%][{CJK}]")
JARGON = re.compile(
    r"\b(codes?|backend|worker|server|CDN|token|queue position|database|row|session|file|path|URL|error|crash\w*|"
    r"unfortunately|simply|technical|soon|shortly)\b|错误码|后端|服务器|任务|崩溃|数据库|记录|会话|编号|路径|文件|[!！]|尽快|稍后|请耐心",
    re.IGNORECASE,
)


def texts(entry: Wording) -> list[str]:
    return [entry.title, entry.sentence, entry.meaning, entry.next_step, entry.tell_user, *entry.variants.values()]


def placeholders(template: str) -> list[str]:
    return sorted(match.group() for match in formatting.PLACEHOLDER.finditer(template))


def diagnosis(state: State, verdict: Verdict, *findings: Finding, **values: object) -> Diagnosis:
    return Diagnosis(5, "completed", verdict, state, findings, (), NOW, values=values)


def found(code: str, **values: object) -> Finding:
    return Finding(code, Confidence.CERTAIN, values=values)


@pytest.mark.parametrize(("code", "language"), EVERY)
def test_every_code_has_every_text(code: str, language: str) -> None:
    entry = wording.EVERYTHING[code][language]
    assert 0 < len(entry.title) <= 40
    assert entry.sentence
    assert entry.meaning
    assert entry.next_step
    assert entry.tell_user or code in FILE_CODES or code.startswith("pass.")


@pytest.mark.parametrize("code", CODES)
def test_both_languages_say_the_same_things(code: str) -> None:
    english, chinese = (wording.EVERYTHING[code][language] for language in LANGUAGES)
    assert set(english.variants) == set(chinese.variants)
    assert placeholders(english.sentence) == placeholders(chinese.sentence)
    for name, template in english.variants.items():
        assert placeholders(template) == placeholders(chinese.variants[name])


@pytest.mark.parametrize(("code", "language"), EVERY)
def test_only_sentences_hold_placeholders(code: str, language: str) -> None:
    entry = wording.EVERYTHING[code][language]
    for text in (entry.title, entry.meaning, entry.next_step, entry.tell_user):
        assert "{" not in text


@pytest.mark.parametrize("code", CODES)
def test_chinese_is_set_as_chinese_is_set(code: str) -> None:
    for text in texts(wording.EVERYTHING[code]["zh-hans"]):
        assert not HALF_WIDTH_AFTER_CJK.search(text), text
        assert not WITHOUT_SPACE.search(text), text


@pytest.mark.parametrize("code", CODES)
def test_what_users_are_told_is_short_and_free_of_jargon(code: str) -> None:
    english, chinese = (wording.EVERYTHING[code][language].tell_user for language in LANGUAGES)
    assert len(english.split()) <= 80
    assert len(chinese) <= 120
    assert not JARGON.search(english), english
    assert not JARGON.search(chinese), chinese
    assert "您" in chinese or not chinese


@pytest.mark.parametrize("code", CODES)
def test_nothing_is_promised_to_users(code: str) -> None:
    for language in LANGUAGES:
        told = wording.EVERYTHING[code][language].tell_user
        assert not re.search(
            r"will (be|let|send|notify|tell)|within|通知您|告诉您|预计|分钟内|已.{0,3}重新排队", told
        ), told


def test_every_variant_can_be_reached() -> None:
    reached = {
        "storage.unavailable": {
            "missing",
            "unreadable",
            "io_error",
            "timeout",
            "empty",
            "other_device",
            "not_configured",
            "no_helper",
            "undecided",
        },
        "path.unsafe": {"link_leaves_root", "nul", "component_too_long", "path_too_long"},
        "file.not_a_file": {"directory", "fifo", "socket", "device", "dangling_link", "looping_link"},
        "file.corrupt": {"not_wave", "no_format", "bad_format", "no_data"},
        "path.bad_name": {"date"},
    }
    name = {"path.unsafe": "reason", "file.not_a_file": "kind"}
    for code, variants in reached.items():
        for variant in variants:
            said = wording.sentence(code, {name.get(code, "problem"): variant}, "en", UTC)
            plain = wording.sentence(code, {}, "en", UTC)
            assert said != plain


@pytest.mark.parametrize(("code", "language"), EVERY)
def test_a_missing_value_is_unknown_and_never_raises(code: str, language: str) -> None:
    said = wording.sentence(code, {}, language, UTC)
    assert said
    assert "{" not in said


HOSTILE = [
    "{size_bytes}",
    "{0.__class__}",
    "%s%n",
    "x" * 1_000_000,
    "a\nb\x1b[31m\u202e",
    "\udcff\ud800",
    b"\xff",
    object(),
    float("nan"),
    float("inf"),
    10**400,
    -1,
    [],
    True,
]


@pytest.mark.parametrize("value", HOSTILE, ids=range(len(HOSTILE)))
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_value_can_spoil_a_sentence(value: object, language: str) -> None:
    for code in CODES:
        names = re.findall(r"[a-z_]+", " ".join(texts(wording.EVERYTHING[code][language])))
        said = wording.sentence(code, dict.fromkeys(names, value), language, CHINA)
        assert len(said) < 1500
        assert said.isprintable()
        said.encode()


def test_a_value_with_braces_is_shown_as_it_is() -> None:
    said = wording.sentence("generation.unrecognised", {"error": "{error} {size_bytes}"}, "en", UTC)
    assert "“{error} {size_bytes}”" in said


def test_a_long_value_is_cut_in_the_middle() -> None:
    cut = formatting.safe("a" * 5000 + "z" * 5000)
    assert len(cut) == 200
    assert cut.startswith("aaa")
    assert cut.endswith("zzz")
    assert "…" in cut


def test_invalid_bytes_and_control_characters_are_escaped() -> None:
    assert formatting.safe("a\udcffb\x00c\nd\u202ee") == "a\\xffb\\x00c\\nd\\u202ee"


def test_a_deletion_names_its_interval_once_and_in_the_zone_given() -> None:
    values = {"seen_at": NOW, "missed_at": NOW + timedelta(minutes=5), "size_bytes": 158_760_044}
    assert wording.sentence("file.deleted", values, "en", CHINA) == (
        "The file was deleted between 25 Aug 2025, 12:30 and 12:35 (UTC+8); it held 158.8 MB when last seen."
    )
    assert wording.sentence("file.deleted", values, "zh-hans", CHINA) == (
        "文件在 2025 年 8 月 25 日 12:30 至 12:35（UTC+8）之间被删除，最后一次看到时大小为 158.8 MB。"
    )


def test_an_unknown_value_leaves_no_space_in_chinese() -> None:
    assert wording.sentence("waiting", {}, "zh-hans", UTC) == "已等待未知，一切正常。"


def test_the_summary_of_a_playable_session_says_that_it_plays_and_the_notice() -> None:
    plays = diagnosis(
        State.OK,
        Verdict.PLAYABLE,
        found("record.stale_error", error="boom"),
        size_bytes=158_760_044,
        duration_seconds=1800.0,
    )
    assert wording.summary(plays, "en", UTC) == (
        "The audio is there and whole: 30 min, 158.8 MB. An old error message still stands in the row: “boom”."
    )
    assert wording.summary(plays, "zh-hans", UTC) == (
        "音频完整无缺：时长 30 分钟，大小 158.8 MB。记录中还留着一条旧的错误信息：“boom”。"
    )


def test_the_summary_of_a_broken_session_is_its_cause() -> None:
    broken = diagnosis(State.FAULTY, Verdict.BROKEN, found("file.empty", path="a.wav"), found("record.progress_odd"))
    assert wording.summary(broken, "en", UTC) == "The file “a.wav” is there, but holds zero bytes."


def test_a_pending_session_with_a_notice_is_told_that_it_waits() -> None:
    waits = diagnosis(State.WAITING, Verdict.NOT_READY, found("record.time_disorder", problem="created_missing"))
    assert wording.tell_user(waits, "en") == wording.tell_user("waiting", "en")
    assert wording.summary(waits, "en", UTC).endswith("The row has no time of creation.")


def test_a_file_older_than_its_session_is_never_called_fine() -> None:
    odd = diagnosis(State.OK, Verdict.PLAYABLE, found("file.predates_session"))
    assert "may not be the one" in wording.tell_user(odd, "en")


@pytest.mark.parametrize("code", CONDITION_CODES)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_condition_is_told_of_all_sessions(code: str, language: str) -> None:
    entry = CONDITIONS[code][language]
    assert wording.condition_sentence(code, {}, language, UTC) == formatting.fill(entry.sentence, {}, language, UTC)
    assert wording.condition_title(code, language) == entry.title
    assert wording.condition_advice(code, language) == entry.next_step
    for text in texts(entry):
        assert not HALF_WIDTH_AFTER_CJK.search(text), text
        assert not WITHOUT_SPACE.search(text), text
    for variant, template in entry.variants.items():
        values = {"problem": variant.removesuffix("_since"), "detail": "EIO"}
        values |= {"since_at": "2026-11-20T12:03:00+00:00"} if variant.endswith("_since") else {}
        said = wording.condition_sentence(code, values, language, UTC)
        assert said == formatting.fill(template, values, language, UTC)


def test_a_code_from_elsewhere_is_its_own_title() -> None:
    assert wording.title("no.such\ncode", "en") == "no.such\\ncode"
    assert wording.meaning("no.such", "en") == wording.tell_user("no.such", "en") == ""


@pytest.mark.parametrize("language", ["zh-hans", "zh-cn", "zh", "ZH-Hans"])
def test_any_form_of_chinese_reads_chinese(language: str) -> None:
    assert wording.title("file.deleted", language) == "文件被删除"


@pytest.mark.parametrize("table", checks.TABLES, ids=lambda table: next(iter(table)))
def test_the_labels_of_the_chain_are_in_both_languages(table: dict[str, dict[str, str]]) -> None:
    for code, words in table.items():
        assert set(words) == set(LANGUAGES), code
        assert not HALF_WIDTH_AFTER_CJK.search(words["zh-hans"]), words
        assert not WITHOUT_SPACE.search(words["zh-hans"]), words


def test_secrets_never_reach_a_sentence() -> None:
    said = wording.sentence("path.unsafe", {"path": "../a.wav?token=abc:def=&x=" + "y" * 500}, "en", UTC)
    assert "abc:def" not in said
    assert "token=[hidden]" in said
