"""Our own tables on PostgreSQL and MariaDB: migrations, roles, logins, and one round of the worker over a real host."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from sessions_admin.roles import ROLES
from tests.conftest import CAST
from tests.host_database import SERVERS, HostDatabase, made_on

pytestmark = pytest.mark.databases
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=SERVERS)
def own(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[HostDatabase]:
    with made_on(request.param, tmp_path) as database:
        yield database


def test_it_carries_the_whole_dashboard(own: HostDatabase, host_database: HostDatabase, tmp_path: Path) -> None:
    host_database.insert_failed(5, error_message="内存不足 🙈")
    host_database.insert_failed(6, status="odd ⚠")
    environment = {
        **{name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")},
        "ENV_FILE": os.devnull,
        "SECRET_KEY": "only-for-the-tests-of-databases-0123456789-abcdefghij",
        "DEBUG": "on",
        "DATABASE_URL": own.url,
        "HOST_DATABASE_URL": host_database.url,
        "AUDIO_ROOT": str(tmp_path / "audio"),
    }

    def manage(*arguments: str) -> str:
        command = [sys.executable, "manage.py", *arguments]
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
        return done.stdout

    manage("migrate", "--verbosity=0")
    assert {login["role"] for login in json.loads(manage("make_logins", "--json"))} == set(CAST.values())
    for _ in range(2):
        rounds = manage("worker", "--once").split()
        assert rounds.count("done") == len(rounds) / 2
    with own.connected() as connection:
        assert connection.rows("SELECT COUNT(*) FROM diagnostics_sessionentry") == [(2,)]
        granted = sum(len(names) for names in ROLES.values())
        assert connection.rows("SELECT COUNT(*) FROM auth_group_permissions") == [(granted,)]
