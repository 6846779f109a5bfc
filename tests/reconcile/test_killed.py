"""A pass killed before any of its writes: the next one ends with what an undisturbed one would have found."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.reconcile.outside import said, started, surroundings

Result = dict[str, Any]


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> list[Result]:
    folder = tmp_path_factory.mktemp("killed") / "here"
    process = started(surroundings(folder), "-m", "tests.reconcile.killing", str(folder))
    return [json.loads(line) for line in said(process).splitlines()]


def test_the_first_pass_resumes(results: list[Result]) -> None:
    assert results[0]["kills"] > 10
    assert results[0]["differing"] == {}


def test_a_later_pass_resumes_and_forgets_no_change(results: list[Result]) -> None:
    assert results[1]["kills"] > 20
    assert results[1]["differing"] == {}


def test_there_was_something_to_forget(results: list[Result]) -> None:
    expected = results[1]["expected"]
    assert expected["conditions"] == ["storage.mass_missing"]
    assert sorted(expected["gone"]) == ["30", "40"]
    assert {path.split("_")[2] for path, _code in expected["strays"]} == {"61", "62"}
    codes = {code for _key, code, _confidence in expected["findings"]}
    assert {"file.deleted", "file.name_collision", "file.misplaced", "file.corrupt"} <= codes
    assert expected["timeline"]["52"][-1] == ["generating", "generating", ""]
