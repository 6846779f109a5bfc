"""The reader of settings: types, defaults, and problems that are told all at once."""

from __future__ import annotations

from pathlib import Path

import pytest

from config import checks
from config.env import Environment, environment
from config.local import leave_for_commands


def test_a_value_that_is_given_goes_before_the_default() -> None:
    assert Environment({"PORT": " 9000 "}).whole("PORT", 8800) == 9000


@pytest.mark.parametrize("values", [{}, {"PORT": ""}, {"PORT": "  "}])
def test_an_absent_or_empty_value_means_the_default(values: dict[str, str]) -> None:
    assert Environment(values).whole("PORT", 8800) == 8800


@pytest.mark.parametrize(("raw", "value"), [("on", True), ("TRUE", True), ("0", False), ("No", False)])
def test_flags_have_plain_words(raw: str, value: object) -> None:
    assert Environment({"DEBUG": raw}).flag("DEBUG", default=not value) is value


def test_a_number_may_have_no_default() -> None:
    env = Environment({"GIVEN": "2.5"})
    assert env.number("AUDIO_RETENTION_DAYS", None) is None
    assert env.number("GIVEN", None) == 2.5
    assert env.problems == {}


def test_lists_and_pairs_are_cut_at_commas() -> None:
    env = Environment({"HOSTS": "a, b,,c", "HOST_COLUMNS": "session_id=id, final_file_path = path"})
    assert env.names("HOSTS", []) == ["a", "b", "c"]
    assert env.pairs("HOST_COLUMNS", {}) == {"session_id": "id", "final_file_path": "path"}


def test_every_problem_is_named_at_once() -> None:
    env = Environment({"DEBUG": "maybe", "PORT": "many", "PERCENT": "101", "HOST_COLUMNS": "session_id"})
    env.flag("DEBUG", default=False)
    env.whole("PORT", 8800)
    env.number("PERCENT", 98.0, check=checks.percent)
    env.pairs("HOST_COLUMNS", {})
    env.text("SECRET_KEY")
    with pytest.raises(SystemExit) as stopped:
        env.refuse_problems()
    lines = str(stopped.value.code).splitlines()
    assert [line.split(":")[0].strip() for line in lines[1:]] == [
        "DEBUG",
        "PORT",
        "PERCENT",
        "HOST_COLUMNS",
        "SECRET_KEY",
    ]
    assert "'maybe' is neither on nor off; use on, off" in lines[1]


def test_nothing_stops_where_nothing_is_wrong() -> None:
    env = Environment({"SECRET_KEY": "x"})
    env.text("SECRET_KEY")
    env.refuse_problems()


def test_the_environment_goes_before_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.env"
    path.write_text("# a comment\nPORT=1\nADDRESS='::1'\nSECRET_KEY=a$b${c}\n")
    monkeypatch.setenv("ENV_FILE", str(path))
    monkeypatch.setenv("PORT", "2")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    values = environment().values
    assert (values["PORT"], values["ADDRESS"], values["SECRET_KEY"]) == ("2", "::1", "a$b${c}")


def test_a_file_that_is_no_text_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "settings.env"
    path.write_bytes(b"PORT=\xff\n")
    monkeypatch.setenv("ENV_FILE", str(path))
    with pytest.raises(SystemExit, match="cannot be read"):
        environment()


@pytest.mark.parametrize(
    ("check", "good", "bad"),
    [
        (checks.time_zone, "Asia/Shanghai", "Shanghai"),
        (checks.web_url, "http://127.0.0.1:8801", "example.com"),
        (checks.absolute_path, "/srv/audio", "srv/audio"),
        (checks.absolute_paths, ["/a", "/b"], ["/a", "b"]),
        (checks.url_prefix, "/static/audio/", "/"),
        (checks.table_name, "app.sessions", "sessions; drop table x"),
        (checks.columns, {"session_id": "id"}, {"session": "id"}),
        (checks.columns, {"session_id": "id"}, {"session_id": "id; drop"}),
        (checks.host_names, ["a.example", "[::1]"], ["http://a.example"]),
        (checks.web_origins, ["https://a.example"], ["a.example"]),
        (checks.percent, 98, 0),
        (checks.port, 8800, 70_000),
        (checks.at_least(1), 1, float("nan")),
        (checks.at_least(1), 1, float("inf")),
        (checks.database_url, "sqlite:////srv/a.sqlite3", "sqlite:///relative.sqlite3"),
        (checks.database_url, "postgres://u:p@db/name", "postgres://u:p@db"),
        (checks.database_url, "mysql://u:p@db:3306/name", "mysql://u:p@db:port/name"),
        (checks.database_url, "mariadb://u:p@db/name", "oracle://u:p@db/name"),
    ],
)
def test_a_check_lets_good_values_pass_and_says_what_is_wrong(check: object, good: object, bad: object) -> None:
    assert callable(check)
    assert check(good) == ""
    assert check(bad)


def test_a_password_is_not_repeated_in_a_problem() -> None:
    assert "secret" not in checks.database_url("mysql://u:secret@db:port/name")
    assert "secret" not in checks.database_url("nosql://u:secret@db/name")


def test_commands_use_what_the_last_run_left_where_nothing_else_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("config.env.LAST_RUN", tmp_path / "run.env")
    monkeypatch.setattr("config.local.LAST_RUN", tmp_path / "run.env")
    monkeypatch.setattr("config.env.BASE_DIR", tmp_path)
    for name in ("ENV_FILE", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    value = "it's a \\ path $HOME #5"
    leave_for_commands({"ENVIRONMENT_NAME": value, "OTHER": "not kept"}, ["ENVIRONMENT_NAME"])
    assert environment().values["ENVIRONMENT_NAME"] == value
    assert "ENVIRONMENT_NAME" not in environment(own_only=True).values
    assert (tmp_path / "run.env").stat().st_mode & 0o777 == 0o600
    (tmp_path / ".env").touch()
    assert "ENVIRONMENT_NAME" not in environment().values
