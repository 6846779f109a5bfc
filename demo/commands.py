"""What `python -m demo` understands, and its one-line answers."""

from __future__ import annotations

import argparse
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from demo import breaking, clock, conditions, engine, fill, history, holder, processes, server, supervisor, worker
from demo.faults.scene import Impossible
from demo.place import Place, from_environment

Command = Callable[[Place, argparse.Namespace], int]


class Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        """One line instead of the whole usage."""
        self.exit(breaking.WRONG_USE, f"{self.prog}: {message}\n")


def main(arguments: list[str]) -> int:
    options = parser().parse_args(arguments)
    command: Command = options.run
    try:
        return command(from_environment(), options)
    except Impossible as problem:
        return breaking.complain(str(problem))
    except KeyboardInterrupt:
        return breaking.complain("interrupted", 130)
    except PermissionError as error:
        return breaking.complain(f"cannot write to {error.filename}: set DEMO_ROOT to a folder of yours")
    except (OSError, sqlite3.Error) as error:
        return breaking.complain(f"{type(error).__name__}: {error}")


def parser() -> Parser:
    top = Parser(
        prog="python -m demo", description="A small host application with its worker, its server and its faults."
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_setup(commands.add_parser("setup", help="make the demo host with five weeks of history, once"), setup)
    add_setup(commands.add_parser("reset", help="remove the demo host and set it up again"), reset)
    add_serve(commands.add_parser("serve", help="run the demo host: worker, server, new sessions"))
    add_break(commands.add_parser("break", help="do to the host what a code of the catalogue describes"))
    commands.add_parser("mend", help="undo all that `break` did").set_defaults(run=breaking.mend)
    add_say(commands.add_parser("say", help="what a user would paste who met this fault"))
    add_fill(commands.add_parser("fill", help="add completed, healthy sessions"))
    add_worker(commands.add_parser("worker", help="the generator process (started by serve)"))
    add_server(commands.add_parser("server", help="the static and API server (started by serve)"))
    add_engine(commands.add_parser("engine", help="try the engine: one second of audio, exit code 0 where it plays"))
    add_hold(commands.add_parser("hold", help="hold the database (started by break)"))
    return top


def add_setup(command: argparse.ArgumentParser, run: Command) -> None:
    command.add_argument(
        "--sessions", type=positive, default=history.SESSIONS, metavar="N", help="how many in its history"
    )
    command.set_defaults(run=run)


def add_serve(command: argparse.ArgumentParser) -> None:
    plan = supervisor.Plan(Place(Path()))
    add_address(command)
    command.add_argument(
        "--rate", type=float, default=plan.rate_seconds, metavar="SECONDS", help="between two new sessions; 0: none"
    )
    command.add_argument(
        "--most", type=int, default=plan.most_sessions, metavar="N", help="new sessions in one run, at most"
    )
    command.add_argument(
        "--pace", type=float, default=plan.pace_seconds, metavar="SECONDS", help="the worker's rest after each segment"
    )
    command.add_argument(
        "--grace",
        type=float,
        default=plan.grace_seconds,
        metavar="SECONDS",
        help="before a dead worker is started again",
    )
    command.set_defaults(run=serve)


def add_address(command: argparse.ArgumentParser) -> None:
    command.add_argument("--address", default="127.0.0.1")
    command.add_argument("--port", type=int, default=8801)


def add_break(command: argparse.ArgumentParser) -> None:
    command.add_argument("code", nargs="?", metavar="CODE")
    command.add_argument("session_id", nargs="?", type=int, metavar="SESSION_ID")
    command.add_argument("--list", action="store_true", help="the codes, with one line each")
    command.add_argument("--json", action="store_true", help="the answer as one JSON object")
    command.add_argument("--undo", action="store_true", help="take back what this code did")
    command.set_defaults(run=breaking.break_it)


def add_say(command: argparse.ArgumentParser) -> None:
    command.add_argument("code", metavar="CODE")
    command.add_argument("session_id", nargs="?", type=int, metavar="SESSION_ID")
    command.add_argument("--line", action="store_true", help="the error alone, without the client's log around it")
    command.set_defaults(run=breaking.say)


def add_fill(command: argparse.ArgumentParser) -> None:
    command.add_argument("--sessions", type=positive, required=True, metavar="N")
    command.add_argument("--rows-only", action="store_true", help="no files")
    command.add_argument("--into", type=Path, metavar="DIR", help="another folder than DEMO_ROOT; made where absent")
    command.set_defaults(run=fill_it)


def add_worker(command: argparse.ArgumentParser) -> None:
    command.add_argument("--root", type=Path, metavar="DIR", help="another folder than DEMO_ROOT")
    command.add_argument("--pace", type=float, default=3.0, metavar="SECONDS")
    command.add_argument("--parent", type=int, metavar="PID", help="end when this is no longer the parent")
    command.add_argument("--only", type=int, metavar="SESSION_ID", help="this session, then end")
    command.add_argument("--under", choices=conditions.CONDITIONS, help="an adverse condition")
    command.add_argument("--told", action="store_true", help="take what a webhook tells of, instead of polling")
    command.add_argument("--started", type=clock.as_moment, metavar="TIME", help="the worker's clock says this")
    command.set_defaults(run=work)


def add_server(command: argparse.ArgumentParser) -> None:
    add_address(command)
    command.add_argument("--parent", type=int, metavar="PID")
    command.set_defaults(run=serve_files)


def add_engine(command: argparse.ArgumentParser) -> None:
    command.add_argument("--root", type=Path, metavar="DIR", help="another folder than DEMO_ROOT")
    command.set_defaults(run=try_engine)


def add_hold(command: argparse.ArgumentParser) -> None:
    command.add_argument("--root", type=Path, metavar="DIR", help="another folder than DEMO_ROOT")
    command.add_argument("--seconds", type=float, default=holder.HOLD_SECONDS, metavar="SECONDS")
    command.set_defaults(run=hold)


def positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise ValueError(text)
    return number


def setup(place: Place, options: argparse.Namespace) -> int:
    is_new = history.set_up(place, options.sessions)
    print(f"demo host {'set up' if is_new else 'is there already'}: {history.figures(place)}")
    return 0


def reset(place: Place, options: argparse.Namespace) -> int:
    if pid := processes.alive(place.serve_pid):
        return breaking.complain(f"the demo host is running (process {pid}): stop it first")
    history.clear(place)
    history.set_up(place, options.sessions)
    print(f"demo host reset: {history.figures(place)}")
    return 0


def serve(place: Place, options: argparse.Namespace) -> int:
    plan = supervisor.Plan(
        place, options.address, options.port, options.rate, options.most, options.pace, options.grace
    )  # fmt: skip
    place.root.mkdir(parents=True, exist_ok=True)
    if problem := supervisor.problem(plan):
        return breaking.complain(problem)
    history.set_up(place)
    supervisor.serve(plan)
    return 0


def named(place: Place, options: argparse.Namespace) -> Place:
    return Place(options.root.absolute()) if options.root else place


def work(place: Place, options: argparse.Namespace) -> int:
    shift = worker.Shift(
        named(place, options), processes.StopFlag(options.parent), options.pace, options.under, options.started, options.told
    )  # fmt: skip
    if options.only is None:
        worker.run(shift)
    else:
        worker.run_one(shift, options.only)
    return 0


def serve_files(place: Place, options: argparse.Namespace) -> int:
    stop = processes.StopFlag(options.parent)
    with server.HostServer((options.address, options.port), place, stop) as running:
        running.serve_until_stopped()
    return 0


def try_engine(place: Place, options: argparse.Namespace) -> int:
    try:
        print(engine.try_out(named(place, options)))
    except (ImportError, engine.Unfit) as problem:
        return breaking.complain(f"{type(problem).__name__}: {problem}")
    return 0


def hold(place: Place, options: argparse.Namespace) -> int:
    holder.hold(named(place, options), processes.StopFlag(), options.seconds)
    return 0


def fill_it(place: Place, options: argparse.Namespace) -> int:
    there = Place(options.into.absolute()) if options.into else place
    first_id = fill.fill(there, options.sessions, rows_only=options.rows_only)
    kind = "rows" if options.rows_only else "sessions with their files"
    print(f"{options.sessions} {kind} added to {there.root}, from id {first_id} on")
    return 0
