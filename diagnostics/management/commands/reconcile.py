"""manage.py reconcile: one pass over all rows and files, with its documents and its summary."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from django.core.management.base import BaseCommand, CommandError

from diagnostics.models import Pass
from diagnostics.reconcile import PassRunningError, run_pass

BAR = 30


class Command(BaseCommand):
    requires_system_checks: list[str] = []  # they would load every page before the first file is looked at
    help = "Compare the host's table with the audio folder, once. Exit 0 when the pass is complete, 1 when it could not be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--output", metavar="FILE", help="write one diagnosis document a line (JSON lines)")
        parser.add_argument(
            "--all", action="store_true", help="examine every session, also those that nothing is wrong with"
        )
        parser.add_argument("--json", action="store_true", help="print the summary as one JSON object")
        parser.add_argument(
            "--accept-store",
            action="store_true",
            help="trust an audio folder that is suddenly empty, or on another device than before",
        )
        parser.add_argument("--wait", type=float, default=60.0, metavar="SECONDS", help="for another pass to end (60)")

    def handle(self, *_: object, **options: object) -> None:
        with ExitStack() as stack:
            output = _opened(options["output"], stack)
            try:
                row = run_pass(
                    trigger="command",
                    sink=output.write if output else None,
                    everything=bool(options["all"]),
                    accept_store=bool(options["accept_store"]),
                    wait_seconds=float(str(options["wait"])),
                    progress=_bar if sys.stderr.isatty() and not options["json"] else None,
                )
            except PassRunningError as error:
                raise CommandError(str(error)) from None
        if sys.stderr.isatty():
            self.stderr.write("\r" + " " * 70, ending="\r")
        summary = summary_of(row)
        self.stdout.write(json.dumps(summary, ensure_ascii=False) if options["json"] else _sentence(summary, row))
        if row.outcome != Pass.Outcome.COMPLETE:
            sys.exit(1)


def summary_of(row: Pass) -> dict[str, object]:
    """Return a pass as `--json` prints it."""
    return {
        "pass": row.pk,
        "complete": row.outcome == Pass.Outcome.COMPLETE,
        "rows": row.rows,
        "files": row.files,
        "by_verdict": row.by_verdict,
        "by_cause": row.by_cause,
        "by_state": row.by_state,
        "conditions": [condition["code"] for condition in row.conditions],
        "changed": row.changed,
        "seconds": row.seconds,
        **({"error": row.error} if row.error else {}),
    }


@dataclass(frozen=True, slots=True)
class _Output:
    """The file of the documents. What the disk does to it is said in one line."""

    path: str
    file: TextIO

    def write(self, document: dict[str, object]) -> None:
        line = json.dumps(document, ensure_ascii=False)
        with _said(self.path):
            self.file.write(line.encode(errors="backslashreplace").decode() + "\n")

    def close(self) -> None:
        with _said(self.path):
            self.file.close()


def _opened(path: object, stack: ExitStack) -> _Output | None:
    if not path:
        return None
    with _said(str(path)):
        output = _Output(str(path), Path(str(path)).open("w", encoding="utf-8"))  # noqa: SIM115  the stack closes it
    stack.callback(output.close)
    return output


@contextmanager
def _said(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise CommandError(f"--output {path}: {error.strerror}") from None


def _bar(row: Pass) -> None:
    share = min(1.0, row.done / row.total) if row.total else 0.0
    filled = "#" * int(share * BAR)
    count = f"{row.done:,} of {row.total:,}" if row.total else f"{row.done:,}"
    sys.stderr.write(f"\r{row.phase:<9} [{filled:<{BAR}}] {count:<24}")
    sys.stderr.flush()


def _sentence(summary: dict[str, object], row: Pass) -> str:
    verdicts = ", ".join(f"{count:,} {name}" for name, count in sorted(row.by_verdict.items())) or "no sessions"
    lines = [
        f"Pass {row.pk}: {row.rows:,} rows, {row.files:,} files, {row.changed:,} changed, in {row.seconds} s: {verdicts}."
    ]
    lines += [f"  {count:>8,}  {cause}" for cause, count in sorted(row.by_cause.items(), key=lambda item: -item[1])]
    lines += [f"  condition: {code}" for code in summary["conditions"]]  # type: ignore[attr-defined]
    if row.error:
        lines.append(f"  not complete: {row.error}")
    return "\n".join(lines)
