"""`make run`: sets everything up, then runs web, worker and (where no host is named) the demo host together."""

from __future__ import annotations

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from config.children import Child, stop_all
from config.env import BASE_DIR, environment
from config.local import POLL, VAR_DIR, WEBHOOK, is_demo, leave_for_commands, local_settings

LOGS = VAR_DIR / "log"
START_SECONDS = 90
TICK_SECONDS = 0.2
MANAGE = [sys.executable, "manage.py"]
DEMO = [sys.executable, "-m", "demo"]


class CannotRun(Exception):
    """Why it does not run and what to do, in one line."""


def main() -> int:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, interrupt)
    try:
        run()
    except CannotRun as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped.")
    return 0


def interrupt(_number: int, _frame: object) -> None:
    raise KeyboardInterrupt


def run() -> None:
    os.chdir(BASE_DIR)
    prepare_folders()
    given = environment(own_only=True).values
    values = local_settings(given)
    os.environ.update(values)
    # Imported here, with the values in place: bad settings end the start with their own message.
    from config import settings

    check_port("PORT", settings.ADDRESS, settings.PORT)
    if is_demo(given):
        check_port("DEMO_PORT", "127.0.0.1", demo_port(values))
        check_ports_differ(settings.PORT, demo_port(values))
        check_demo_pickup(values)
    leave_for_commands(values, (setting.name for setting in settings.ENVIRONMENT.asked))
    logins = set_up(values, with_demo=is_demo(given))
    with running(commands(with_demo=is_demo(given), values=values), values) as children:
        wait_for_web(settings.ADDRESS, settings.PORT, children)
        greet(settings.ADDRESS, settings.PORT, logins)
        watch(children)


def prepare_folders() -> None:
    try:
        LOGS.mkdir(parents=True, exist_ok=True)
        (LOGS / "setup.log").write_text("")
    except OSError as error:
        raise CannotRun(
            f"{LOGS} cannot be written ({error.strerror}): make this folder yours, then try again."
        ) from None


def demo_port(values: Mapping[str, str]) -> int:
    try:
        return int(values["DEMO_PORT"])
    except ValueError:
        raise CannotRun(f"DEMO_PORT: {values['DEMO_PORT']!r} is no port; use a number such as 8801.") from None


def check_port(name: str, address: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as error:
            reason = error.strerror or str(error)
            advice = f"stop what runs there, or choose another: {name}={port + 10} make run"
            raise CannotRun(f"Cannot listen on {address} port {port} ({reason}): {advice}") from None


def check_ports_differ(port: int, demo: int) -> None:
    if port == demo:
        raise CannotRun(f"PORT and DEMO_PORT are both {port}: choose another, such as DEMO_PORT={port + 1} make run")


def check_demo_pickup(values: Mapping[str, str]) -> None:
    if (given := values.get("DEMO_PICKUP", POLL)) not in (POLL, WEBHOOK):
        raise CannotRun(f"DEMO_PICKUP: {given!r} is not known; use {POLL} or {WEBHOOK}.")


def set_up(values: Mapping[str, str], *, with_demo: bool) -> str:
    """Bring the database, the static files and the logins up to date; return what is said of the logins."""
    if with_demo:
        if not Path(values["DEMO_ROOT"], "host.sqlite3").exists():
            print("Setting up the demo host, once …", flush=True)
        step("the demo host", [*DEMO, "setup"], values)
    print("Preparing the dashboard …", flush=True)
    step("the database", [*MANAGE, "migrate", "--no-input", "--verbosity=0"], values)
    step("the static files", [*MANAGE, "collectstatic", "--no-input", "--verbosity=0"], values)
    return step("the logins", [*MANAGE, "make_logins"], values, is_secret=True)


def step(what: str, arguments: Sequence[str], values: Mapping[str, str], *, is_secret: bool = False) -> str:
    """Run one command to its end; its output is returned and, unless it is secret, kept in the log."""
    done = subprocess.run(
        arguments, env=dict(values), stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        start_new_session=True,
    )  # fmt: skip
    with (LOGS / "setup.log").open("a") as log:
        log.write(f"$ {' '.join(arguments)}\n{'' if is_secret else done.stdout}{done.stderr}")
    if done.returncode:
        last = (done.stderr or done.stdout).strip().splitlines() or [f"exit code {done.returncode}"]
        raise CannotRun(f"Could not set up {what}: {last[-1]} (all of it: {LOGS / 'setup.log'})")
    return done.stdout.strip("\n")


def commands(*, with_demo: bool, values: Mapping[str, str]) -> dict[str, list[str]]:
    started = {
        "web": [sys.executable, "-m", "gunicorn"],
        "worker": [*MANAGE, "worker"],
    }
    return started | ({"demo": [*DEMO, "serve", "--port", values["DEMO_PORT"]]} if with_demo else {})


@contextmanager
def running(started: Mapping[str, list[str]], values: Mapping[str, str]) -> Iterator[list[Child]]:
    """Start all; whatever ends the block ends them, and a second signal does not disturb that."""
    children: list[Child] = []
    try:
        for name, arguments in started.items():
            children.append(Child(name, arguments, environment=values, log=LOGS / f"{name}.log"))
        yield children
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        for child in stop_all(children):
            print(f"The {child.name} did not stop by itself and was ended.", file=sys.stderr)


def wait_for_web(address: str, port: int, children: Sequence[Child]) -> None:
    end = time.monotonic() + START_SECONDS
    while not answers(address, port):
        refuse_ended(children)
        if time.monotonic() > end:
            raise CannotRun(f"The web server did not answer within {START_SECONDS} s: see {LOGS / 'web.log'}")
        time.sleep(TICK_SECONDS)


def answers(address: str, port: int) -> bool:
    connection = http.client.HTTPConnection(reachable(address), port, timeout=5)
    try:
        connection.request("GET", "/login/")
        return connection.getresponse().status < http.HTTPStatus.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def reachable(address: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(address, address)  # noqa: S104 - compared, not listened on


def greet(address: str, port: int, logins: str) -> None:
    host = reachable(address)
    print(logins)
    if "unchanged" in logins:
        print("  (new passwords: make logins)")
    print(
        f"Open http://{f'[{host}]' if ':' in host else host}:{port} (logs in var/log; Ctrl-C stops everything)",
        flush=True,
    )


def watch(children: Sequence[Child]) -> None:
    while True:
        refuse_ended(children)
        time.sleep(TICK_SECONDS)


def refuse_ended(children: Sequence[Child]) -> None:
    for child in children:
        if child.has_ended:
            lines = "\n".join(f"  {line}" for line in child.last_lines())
            raise CannotRun(f"The {child.name} {child.end}. Last lines of {child.log}:\n{lines}")


if __name__ == "__main__":
    sys.exit(main())
