"""A database server of a test's own, small and quick, that may be stopped, held still and filled up."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import quote

import pytest

from diagnostics.probes.databases import HostUnavailable, connect
from tests.faults.hang import eventually

PASSWORD = "open@sesame/1"
MOST_CONNECTIONS = 10


@dataclass(slots=True)
class OwnServer:
    """`url` has its administrator's password in it."""

    scheme: str
    port: int
    command: Sequence[str]
    user: str | None
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_with(PASSWORD)

    def url_with(self, password: str) -> str:
        database = {"postgres": "postgres", "mysql": "mysql"}[self.scheme]
        return f"{self.scheme}://keeper:{quote(password, safe='')}@127.0.0.1:{self.port}/{database}"

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            user=self.user,
            start_new_session=True,
            cwd="/",
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        assert eventually(self.answers, 30)

    def answers(self) -> bool:
        try:
            connect(self.url, read_only=True, timeout_seconds=2).close()
        except HostUnavailable:
            return False
        return True

    def send(self, number: int) -> None:
        assert self.process is not None
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, number)

    def stop(self) -> None:
        self.send(signal.SIGKILL)
        assert self.process is not None
        self.process.wait()

    def fill(self, stack: ExitStack) -> None:
        """Open connections until it takes no more."""
        with suppress(HostUnavailable):
            for _ in range(2 * MOST_CONNECTIONS):
                stack.enter_context(connect(self.url, read_only=True, timeout_seconds=5))


@contextmanager
def own_server(engine: str) -> Iterator[OwnServer]:
    with tempfile.TemporaryDirectory() as name:
        server = MADE[engine](Path(name))
        try:
            server.start()
            yield server
        finally:
            server.stop()


def _postgres(folder: Path) -> OwnServer:
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        _absent("PostgreSQL")
    user, data, secret = _given_to("postgres", folder), folder / "data", folder / "secret"
    secret.write_text(PASSWORD)
    make: list[str | Path] = [
        programs[-1] / "initdb",
        "-D",
        data,
        "-U",
        "keeper",
        "-A",
        "scram-sha-256",
        f"--pwfile={secret}",
        "-N",
    ]
    subprocess.run(make, user=user, check=True, capture_output=True, cwd="/")
    port = _free_port()
    options = [
        f"max_connections={MOST_CONNECTIONS}",
        "max_wal_senders=0",
        "fsync=off",
        f"unix_socket_directories={folder}",
    ]
    command = [str(programs[-1] / "postgres"), "-D", str(data), "-p", str(port), "-h", "127.0.0.1"]
    return OwnServer("postgres", port, [*command, *(word for each in options for word in ("-c", each))], user)


def _mariadb(folder: Path) -> OwnServer:
    program = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin")
    if not program:
        _absent("MariaDB")
    user, data, begin = _given_to("mysql", folder), folder / "data", folder / "begin.sql"
    begin.write_text(
        f"CREATE OR REPLACE USER keeper@localhost IDENTIFIED BY '{PASSWORD}';\n"
        f"CREATE OR REPLACE USER keeper@'127.0.0.1' IDENTIFIED BY '{PASSWORD}';\n"
        "GRANT ALL ON *.* TO keeper@localhost;\nGRANT ALL ON *.* TO keeper@'127.0.0.1';\n"
    )
    make = ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--skip-test-db", "--skip-name-resolve"]
    subprocess.run(make, user=user, check=True, capture_output=True, cwd="/")
    port = _free_port()
    options = {
        "datadir": data, "socket": folder / "socket", "pid-file": folder / "pid", "port": port, "bind-address": "127.0.0.1",
        "init-file": begin, "max-connections": MOST_CONNECTIONS, "innodb-flush-log-at-trx-commit": 0,
    }  # fmt: skip
    return OwnServer(
        "mysql", port, [program, "--no-defaults", *(f"--{name}={value}" for name, value in options.items())], user
    )


MADE = {"postgresql": _postgres, "mysql": _mariadb}


def _given_to(user: str, folder: Path) -> str | None:
    """These servers refuse to run as root: let root start them as the user whom their packages made."""
    if os.geteuid() != 0:
        return None
    shutil.chown(folder, user)
    return user


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _absent(what: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(f"CI must install {what}")
    pytest.skip(f"{what} is not installed")
