"""Why the rate changed: which causes moved it, when nothing is said, and the sentences in both languages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from diagnostics.domain.rates.figures import CauseCount, LeftOut, Rates, Times, Users
from diagnostics.domain.rates.patience import longer_wait
from diagnostics.domain.rates.reasons import reasons_of
from diagnostics.domain.wording.rates import PATIENCE, WHY, patience_sentence, share_of, signed_points, why_sentence
from tests.domain.test_wording import HALF_WIDTH_AFTER_CJK, WITHOUT_SPACE

DAY = timedelta(days=1)
SINCE = datetime(2026, 11, 1, tzinfo=UTC)
DISK, TIME, MEMORY = "generation.disk_full", "generation.timed_out", "generation.out_of_memory"


def figures(playable: int, **causes: int) -> Rates:
    """A period in which all that was not playable failed, with these causes."""
    counted = tuple(CauseCount(f"generation.{name}", number) for name, number in causes.items())
    failed = sum(causes.values())
    return Rates(SINCE, SINCE + DAY, playable, failed, 0, playable, 0, 0, LeftOut(), Users(0), Times(), {}, counted, ())


def test_the_cause_that_grew_most_explains_a_fall_and_its_points_are_its_share() -> None:
    change = reasons_of(figures(80, disk_full=17, timed_out=3), figures(95, disk_full=1, timed_out=4))
    assert change is not None
    assert change.points == pytest.approx(-15)
    assert [(reason.code, reason.number, reason.before) for reason in change.reasons] == [(DISK, 17, 1)]
    assert change.reasons[0].points == pytest.approx(-16)


def test_a_rise_is_explained_by_what_went_away() -> None:
    change = reasons_of(figures(99, timed_out=1), figures(80, disk_full=20))
    assert change is not None
    assert [(reason.code, reason.number, reason.before) for reason in change.reasons] == [(DISK, 0, 20)]


def test_a_second_cause_is_told_where_it_moved_the_rate_much_too() -> None:
    change = reasons_of(figures(70, disk_full=16, timed_out=13, out_of_memory=1), figures(100))
    assert change is not None
    assert [reason.code for reason in change.reasons] == [DISK, TIME]


@pytest.mark.parametrize(("now", "before"), [((3, 6), (100, 0)), ((100, 0), (3, 6))])
def test_nine_samples_explain_nothing_and_ten_may(now: tuple[int, int], before: tuple[int, int]) -> None:
    few = [figures(good, disk_full=bad) for good, bad in (now, before)]
    assert reasons_of(*few) is None
    enough = [figures(good, disk_full=bad + (good < 10)) for good, bad in (now, before)]
    assert reasons_of(*enough) is not None


def test_what_chance_does_is_given_no_reason() -> None:
    assert reasons_of(figures(18, disk_full=2), figures(20)) is None
    assert reasons_of(figures(1800, disk_full=200), figures(2000)) is not None


def test_a_change_that_nobody_would_see_is_none() -> None:
    assert reasons_of(figures(99_600, disk_full=400), figures(100_000)) is None
    assert reasons_of(figures(99_500, disk_full=500), figures(100_000)) is not None


def test_the_sentence_names_cause_numbers_and_points() -> None:
    change = reasons_of(figures(80, disk_full=20), figures(99, disk_full=1))
    assert change is not None
    assert why_sentence(change, "en") == (
        "The playable rate fell by 19.0 points, mostly by “Disk was full”: 20 now, 1 in the period before (−19.0 points)."
    )
    assert why_sentence(change, "zh-hans") == (
        "可播放率下降了 19.0 个百分点，主要原因是“磁盘空间不足”：本期 20 次，上一期 1 次（−19.0 个百分点）。"
    )


def test_a_rise_and_a_second_cause_have_their_sentences() -> None:
    change = reasons_of(figures(100), figures(70, disk_full=16, timed_out=14))
    assert change is not None
    said = why_sentence(change, "en")
    assert said.startswith(
        "The playable rate rose by 30.0 points, mostly because there was less of “Disk was full”: 0 now, 16"
    )
    assert said.endswith("before (+14.0 points).")
    assert "也有影响" in why_sentence(change, "zh-hans")


@pytest.mark.parametrize("table", [WHY, PATIENCE])
def test_every_sentence_is_in_both_languages_and_set_as_chinese_is(table: dict[str, dict[str, str]]) -> None:
    for words in table.values():
        assert set(words) == {"en", "zh-hans"}
        assert not HALF_WIDTH_AFTER_CJK.search(words["zh-hans"]), words
        assert not WITHOUT_SPACE.search(words["zh-hans"]), words


def test_patience_names_the_first_wait_that_leaves_few() -> None:
    shares = {120: 38.2, 180: 12.0, 300: 4.4, 600: 0.4}
    assert patience_sentence(shares, 120, "en") == (
        "With a wait of 120 s, 38 % of good sessions looked failed to their users; 300 s would leave 4 %."
    )
    assert patience_sentence(shares, 120, "zh-hans") == (
        "等待 120 秒时，有 38 % 的正常会话在用户看来是失败的；改为等待 300 秒，则只剩 4 %。"
    )
    assert longer_wait({**shares, 180: 5.0}, 120) == 180
    assert longer_wait({**shares, 180: 5.1}, 120) == 300


def test_a_wait_that_is_long_enough_asks_for_no_longer_one() -> None:
    assert patience_sentence({120: 5.0}, 120, "en") == (
        "With a wait of 120 s, 5 % of good sessions looked failed to their users."
    )


def test_where_no_wait_is_long_enough_the_longest_is_told() -> None:
    shares = dict.fromkeys((120, 180, 300, 600, 900, 1200), 40.0)
    assert patience_sentence(shares, 120, "en").endswith("even 1200 s would leave 40 %.")


@pytest.mark.parametrize("wait", [0, 90])
def test_patience_that_is_not_known_is_not_told(wait: int) -> None:
    assert patience_sentence({120: 38.0}, wait, "en") == ""


def test_shares_and_points_are_said_as_people_say_them() -> None:
    assert [share_of(value, "en") for value in (0.0, 0.4, 1.0, 37.6, 99.7, 100.0)] == [
        "0 %", "less than 1 %", "1 %", "38 %", "99 %", "100 %",
    ]  # fmt: skip
    assert share_of(0.4, "zh-hans") == "不到 1 %"
    assert [signed_points(value) for value in (1.42, -3.96, 0.04, -0.04)] == ["+1.4", "−4.0", "0.0", "0.0"]
