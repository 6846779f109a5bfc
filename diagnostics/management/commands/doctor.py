"""Checks the set-up and says what to do: manage.py doctor [--json]. Ends with 1 where anything is an error."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from diagnostics.doctor import Check, Result, run_checks

MARKS = {Result.OK: "ok     ", Result.WARNING: "WARNING", Result.ERROR: "ERROR  ", Result.UNKNOWN: "unknown"}


class Command(BaseCommand):
    help = "Checks settings, host, audio folder, clocks, database and worker, and says what to do."
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")

    def handle(self, *_arguments: Any, **options: Any) -> None:
        checks = []
        for check in run_checks(timezone.now()):
            checks.append(check)
            if not options["json"]:
                self.stdout.write(self._line(check))
        is_well = all(check.result is not Result.ERROR for check in checks)
        self.stdout.write(_document(checks, is_well=is_well) if options["json"] else _sum(checks))
        if not is_well:
            sys.exit(1)

    def _line(self, check: Check) -> str:
        style = {Result.ERROR: self.style.ERROR, Result.WARNING: self.style.WARNING}.get(check.result, str)
        advice = f"\n{' ' * 8}{check.advice}" if check.advice and check.result is not Result.OK else ""
        return f"{style(MARKS[check.result])} {check.name}: {check.value}{advice}"


def _document(checks: list[Check], *, is_well: bool) -> str:
    return json.dumps({"ok": is_well, "checks": [asdict(check) for check in checks]}, ensure_ascii=False, indent=1)


def _sum(checks: list[Check]) -> str:
    numbers = {result: sum(check.result is result for check in checks) for result in Result}
    return ", ".join(f"{number} {result.value}" for result, number in numbers.items() if number)
