"""manage.py doctor: what it says of a healthy set-up, and of each thing that can be wrong with one."""

from __future__ import annotations

import json
import os
import pwd
import time
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from pytest_django import Settings

from diagnostics import doctor
from diagnostics.doctor import Check, Result, run_checks
from diagnostics.doctor.audio import check_audio
from diagnostics.doctor.clock import check_clock
from diagnostics.doctor.host import check_host
from diagnostics.doctor.own import check_own_database
from diagnostics.doctor.settings import check_settings
from diagnostics.doctor.write_grant import check_write_grant
from diagnostics.models import Pass, RecurringTask
from diagnostics.probes.databases import connect
from tests.another_user import open_folder
from tests.host_database import TABLE, HostDatabase

pytestmark = pytest.mark.django_db


def found(family: Callable[..., object] | None = None) -> dict[str, Check]:
    checks = run_checks(timezone.now()) if family is None else family(timezone.now())
    assert hasattr(checks, "__iter__")
    return {check.name: check for check in checks}


def results(checks: dict[str, Check], *names: str) -> list[str]:
    return [checks[name].result.value for name in names]


@pytest.fixture
def healthy(host_database: HostDatabase, settings: Settings) -> HostDatabase:
    """A host with a row, audio with a file, a worker that works, and a pass that ended just now."""
    now = timezone.now()
    written = (now - timedelta(minutes=5)).strftime("%Y-%m-%d %H:%M:%S")
    host_database.insert_failed(1, created_at=written, updated_at=written)
    settings.HOST_TIME_ZONE = "UTC"
    settings.QUARANTINE_ROOT = f"{settings.AUDIO_ROOT}/.quarantine"
    Path(settings.AUDIO_ROOT, "long_sequence_1_20261120_100000.wav").write_bytes(b"RIFF")
    RecurringTask.objects.create(name="pass", next_at=now, outcome="done")
    Pass.objects.create(started_at=now, heartbeat_at=now, finished_at=now, outcome=Pass.Outcome.COMPLETE)
    return host_database


def test_a_healthy_set_up_has_no_errors_beside_the_test_settings(healthy: HostDatabase) -> None:
    checks = found()
    wrong = {name for name, check in checks.items() if check.result is Result.ERROR and not name.startswith("setting.")}
    assert wrong == set()
    assert results(checks, "host.connection", "host.read_only", "host.columns", "host.time_zone") != ["error"] * 4
    assert results(checks, "audio.root", "audio.quarantine", "own.migrations", "worker", "pass.last") == ["ok"] * 5


def test_every_check_that_is_not_well_says_what_to_do() -> None:
    silent = [
        check.name
        for check in run_checks(timezone.now())
        if check.result in (Result.ERROR, Result.WARNING) and not check.advice
    ]
    assert silent == []


def test_it_answers_when_everything_is_broken(settings: Settings, tmp_path: Path) -> None:
    settings.HOST_DATABASE_URL = f"sqlite:///{tmp_path}/nowhere/host.sqlite3"
    settings.HOST_WRITE_DATABASE_URL = "mysql://user:hunter2@127.0.0.1:1/app"
    settings.AUDIO_ROOT = str(tmp_path / "gone")
    settings.QUARANTINE_ROOT = str(tmp_path / "gone" / ".quarantine")
    checks = found()
    assert results(checks, "host.connection", "host.write_grant", "audio.root", "pass.last") == ["error"] * 4
    assert "hunter2" not in str(checks)


def test_a_check_that_breaks_does_not_silence_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def check_broken(_now: object) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr(doctor, "CHECKS", (check_broken, check_own_database))
    checks = found()
    assert checks["broken"].value == "RuntimeError: boom"
    assert checks["own.database"].result is Result.OK


def test_the_json_has_the_agreed_shape_and_the_exit_code_tells(healthy: HostDatabase, settings: Settings) -> None:
    out = StringIO()
    settings.AUDIO_ROOT = "/nowhere/at/all"
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", "--json", stdout=out)
    told = json.loads(out.getvalue())
    assert ended.value.code == 1
    assert told["ok"] is False
    assert {frozenset(check) for check in told["checks"]} == {frozenset({"name", "result", "value", "advice"})}
    assert {check["result"] for check in told["checks"]} <= {"ok", "warning", "error", "unknown"}


def test_without_errors_it_ends_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "CHECKS", (check_own_database,))
    out = StringIO()
    call_command("doctor", stdout=out)
    assert "own.migrations: all applied" in out.getvalue()


def test_secrets_are_not_shown(settings: Settings) -> None:
    settings.ENVIRONMENT.values = {"SECRET_KEY": "s3cret" * 10, "HOST_DATABASE_URL": "mysql://user:hunter2@db/app"}
    text = str(found(check_settings))
    assert "s3cret" not in text
    assert "hunter2" not in text
    assert "user@db/app" in text


@pytest.fixture(autouse=True)
def same_environment(settings: Settings) -> object:
    """What a test says of the environment's values is forgotten after it."""
    before = settings.ENVIRONMENT.values
    yield
    settings.ENVIRONMENT.values = before


@pytest.mark.parametrize(
    ("name", "values", "result"),
    [
        ("SECRET_KEY", {"SECRET_KEY": "short"}, "error"),
        ("SECRET_KEY", {"SECRET_KEY": "abcdefghij" * 6}, "ok"),
        ("READING_USER", {"READING_USER": "nobody-of-that-name"}, "error"),
        ("READING_USER", {"READING_USER": "33"}, "ok"),
        ("HOST_DATABASE_URL", {}, "error"),
        ("HOST_WRITE_DATABASE_URL", {}, "warning"),
        ("HOST_TIME_ZONE", {}, "warning"),
        ("PORT", {"PORT": "9000"}, "ok"),
    ],
)
def test_settings_are_judged(settings: Settings, name: str, values: dict[str, str], result: str) -> None:
    settings.DEBUG = False
    settings.ENVIRONMENT.values = values
    assert found(check_settings)[f"setting.{name}"].result.value == result


def test_times_in_the_future_mean_a_wrong_zone(healthy: HostDatabase, settings: Settings) -> None:
    ahead = (timezone.now() + timedelta(hours=8)).strftime("%Y-%m-%d %H:%M:%S")
    healthy.insert_failed(2, created_at=ahead, updated_at=ahead)
    check = found(check_host)["host.time_zone"]
    assert (check.result, "8.0 h in the future" in check.value) == (Result.ERROR, True)
    settings.HOST_TIME_ZONE = "Asia/Shanghai"
    assert found(check_host)["host.time_zone"].result is Result.OK


def test_without_readable_times_the_zone_is_unknown(host_database: HostDatabase) -> None:
    assert found(check_host)["host.time_zone"].result is Result.UNKNOWN
    host_database.insert_failed(1, created_at="yesterday", updated_at="soon")
    assert found(check_host)["host.time_zone"].result is Result.UNKNOWN


def test_missing_columns_say_what_they_switch_off(tmp_path: Path, settings: Settings) -> None:
    columns = "session_id, status, created_at, updated_at, error_message, final_file_path, duration_seconds"
    settings.HOST_DATABASE_URL = _host_with(tmp_path, columns)
    check = found(check_host)["host.columns"]
    assert check.result is Result.WARNING
    assert "user_id" in check.value
    assert "sessions cannot be found by their user" in check.advice
    assert "total_duration_minutes" not in check.value


def test_a_missing_needed_column_names_the_setting_that_maps_it(tmp_path: Path, settings: Settings) -> None:
    settings.HOST_DATABASE_URL = _host_with(
        tmp_path, "id, status, created_at, updated_at, error_message, final_file_path"
    )
    check = found(check_host)["host.columns"]
    assert (check.result, "session_id" in check.value, "HOST_COLUMNS" in check.advice) == (Result.ERROR, True, True)
    settings.HOST_COLUMNS = {"session_id": "id"}
    assert found(check_host)["host.columns"].result is Result.WARNING


def test_a_missing_table_names_its_setting(tmp_path: Path, settings: Settings) -> None:
    settings.HOST_DATABASE_URL = _host_with(tmp_path, "id")
    settings.HOST_SESSION_TABLE = "elsewhere"
    assert "HOST_SESSION_TABLE" in found(check_host)["host.columns"].advice


def _host_with(folder: Path, columns: str) -> str:
    url = f"sqlite:///{folder}/host.sqlite3"
    Path(folder, "host.sqlite3").touch()
    with connect(url, read_only=False, timeout_seconds=5) as connection:
        connection.change(f"CREATE TABLE {TABLE} ({columns})")
    return url


def test_the_rights_are_told_on_every_engine(host_on_each_engine: HostDatabase) -> None:
    reset, correct = (found(check_write_grant)[f"host.write_grant.{name}"] for name in ("reset", "correct"))
    assert (reset.result, correct.result) == (Result.OK, Result.OK)
    expected = Result.OK if host_on_each_engine.engine == "sqlite" else Result.WARNING
    assert found(check_host)["host.read_only"].result is expected
    assert found(check_clock)["clock.host_database"].result is Result.OK


def test_an_empty_root_is_a_warning_and_a_lost_one_an_error(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(tmp_path), str(tmp_path / ".quarantine")
    assert results(found(check_audio), "audio.root", "audio.content") == ["ok", "warning"]
    settings.AUDIO_ROOT = str(tmp_path / "gone")
    assert results(found(check_audio), "audio.root") == ["error"]


def test_a_quarantine_on_another_device_is_an_error(settings: Settings, tmp_path: Path) -> None:
    elsewhere = Path("/dev/shm")
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("this machine has no second file system at hand")
    settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(tmp_path), str(elsewhere / "quarantine")
    assert results(found(check_audio), "audio.quarantine") == ["error"]


def test_a_user_who_may_not_pass_is_named_with_the_component_that_blocks(settings: Settings, tmp_path: Path) -> None:
    root = tmp_path / "closed" / "audio"
    root.mkdir(parents=True)
    settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(root), str(root / ".quarantine")
    settings.READING_USER, settings.GENERATOR_USER = "nobody", "nobody"
    for name in ("audio.reading_user", "audio.generator_user"):
        check = found(check_audio)[name]
        assert (check.result, "keeps it out" in check.value) == (Result.ERROR, True), name
        assert "Mend owner or mode of" in check.advice


def test_both_users_are_led_from_the_root_to_the_folder(settings: Settings) -> None:
    """By name and number; the reader need not list the folder, and the generator must write and enter at once."""
    settings.READING_USER, settings.GENERATOR_USER = str(pwd.getpwnam("nobody").pw_uid), "nobody"
    with open_folder() as folder:
        (folder / "audio").mkdir()
        settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(folder / "audio"), str(folder / "audio" / ".quarantine")
        for mode, told in ((0o711, ["ok", "error"]), (0o772, ["error", "error"]), (0o733, ["ok", "ok"])):
            (folder / "audio").chmod(mode)
            assert results(found(check_audio), "audio.reading_user", "audio.generator_user") == told, oct(mode)
        folder.chmod(0o700)
        value = found(check_audio)["audio.generator_user"].value
    assert f"{folder} keeps it out" in value
    assert "drwx------" in value


def test_what_cannot_be_told_of_a_user_is_unknown(settings: Settings) -> None:
    settings.READING_USER, settings.GENERATOR_USER = "nobody-of-that-name", "3999999"
    with open_folder() as folder:
        settings.AUDIO_ROOT, settings.QUARANTINE_ROOT = str(folder), str(folder / ".quarantine")
        folder.chmod(0o775)
        checks = found(check_audio)
    assert results(checks, "audio.reading_user", "audio.generator_user") == ["unknown", "unknown"]
    assert "knows no such user" in checks["audio.reading_user"].value
    assert "which groups it is in is not known here" in checks["audio.generator_user"].value


def test_a_file_from_the_future_is_a_wrong_clock(settings: Settings, tmp_path: Path) -> None:
    settings.AUDIO_ROOT = str(tmp_path)
    assert results(found(check_clock), "clock.audio_root") == ["unknown"]
    path = tmp_path / "a.wav"
    path.touch()
    assert results(found(check_clock), "clock.audio_root") == ["ok"]
    os.utime(path, (time.time() + 900, time.time() + 900))
    assert results(found(check_clock), "clock.audio_root") == ["error"]
