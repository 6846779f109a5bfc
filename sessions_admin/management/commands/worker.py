"""Runs the recurring tasks until it is told to stop: passes, snapshots, samples, upkeep."""

from __future__ import annotations

import signal
from argparse import ArgumentParser
from types import FrameType
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_admin.worker.lanes import Worker
from sessions_admin.worker.recurring import schedule


class Command(BaseCommand):
    help = "Run the recurring tasks of config/schedule.py; SIGTERM and Ctrl-C end it within two seconds."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="run every task once, then end, with 1 if one failed")

    def handle(self, *arguments: Any, **options: Any) -> None:
        worker = Worker(schedule())

        def stop(number: int, frame: FrameType | None) -> None:
            worker.shutdown.set()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)
        if options["once"]:
            self._once(worker)
            return
        self.stdout.write(f"The worker {worker.holder} begins; Ctrl-C ends it.")
        worker.run()
        self.stdout.write("The worker has ended.")

    def _once(self, worker: Worker) -> None:
        ends = worker.run_once()
        for task in worker.tasks:
            end = ends.get(task.name)
            self.stdout.write(f"  {task.name:<14} {'another worker has it' if end is None else end or 'done'}")
        if failed := [name for name, end in ends.items() if end]:
            raise CommandError(f"Failed: {', '.join(failed)}.")
