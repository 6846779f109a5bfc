"""manage.py pause on|off|show: the switch from the shell, with the same checks and the same audit as the page."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import datetime, timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import override

from sessions_admin import availability_file, pause_texts, pausing
from sessions_admin.actors import By
from sessions_admin.availability import document_of, written
from sessions_admin.models import Pause
from sessions_admin.pausing import PauseRefused, Terms


class Command(BaseCommand):
    help = "Pause long sequences (on), make them available again (off), or print what the host reads (show)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("on", "off", "show"))
        parser.add_argument("--actor", metavar="USER", help="the login in whose name it is done")
        parser.add_argument("--reason", default="", help="why; for the staff and the audit, never for users")
        parser.add_argument("--review", default="4h", metavar="WHEN", help="30m, 4h, 2d, or a time; default 4h")
        parser.add_argument(
            "--ready", choices=sorted(pause_texts.READY), default=pause_texts.FIRST, help="a ready text"
        )
        parser.add_argument("--text-en", metavar="TEXT", help="in its place, the English text for users")
        parser.add_argument("--text-zh", metavar="TEXT", help="in its place, the Chinese text for users")
        parser.add_argument("--contact", help="whom users may ask; default that of the last pause")

    @override("en")
    def handle(self, *_: object, **options: Any) -> None:
        if options["what"] == "show":
            self.stdout.write(written(document_of(Pause.standing())).decode(), ending="")
            return
        now, by = timezone.now(), By(_actor(options["actor"]), options["reason"], "shell")
        try:
            self._begin(options, by, now) if options["what"] == "on" else self._end(by, now)
        except PauseRefused as refused:
            raise CommandError(refused.sentence) from None
        if problem := availability_file.write_now():
            self.stderr.write(f"The file for the host cannot be written ({problem}); the worker tries again.")

    def _begin(self, options: dict[str, Any], by: By, now: datetime) -> None:
        pause = pausing.begin(_terms(options, now), by, now)
        self.stdout.write(f"Long sequences are paused, to be looked at again by {pause.review_at.isoformat()}.")

    def _end(self, by: By, now: datetime) -> None:
        standing = Pause.standing()
        pausing.end(standing.seen if standing else "", by, now)
        self.stdout.write("Long sequences are available again.")


def _actor(name: str | None) -> User:
    found = User.objects.filter(username=name, is_active=True).first() if name else None
    if found is None:
        raise CommandError(f"There is no login {name}." if name else "Say in whose name it is done: --actor USER.")
    return found


def _terms(options: dict[str, Any], now: datetime) -> Terms:
    ready, last = pause_texts.READY[options["ready"]], Pause.objects.order_by("-begun_at").first()
    contact = options["contact"] or (last.contact if last else "")
    if not contact:
        raise CommandError("Say whom users may ask: --contact TEXT.")
    texts = (options["text_en"] or ready.english, options["text_zh"] or ready.chinese)
    if wrong := [found for text in texts for found in pause_texts.unknown_placeholders(text)]:
        raise CommandError(f"{', '.join(wrong)}: only {pause_texts.TIME} stands for something in a text.")
    return Terms(_review(options["review"], now), *texts, contact)


def _review(text: str, now: datetime) -> datetime:
    """Return the time that 30m, 4h, 2d or a written time means."""
    units = {"m": timedelta(minutes=1), "h": timedelta(hours=1), "d": timedelta(days=1)}
    if text[:-1].isdecimal() and len(text) < 6 and text[-1] in units:
        at = now + int(text[:-1]) * units[text[-1]]
    else:
        try:
            found = parse_datetime(text)
        except ValueError:
            found = None
        if found is None:
            raise CommandError(f"{text!r} is no time: use 30m, 4h, 2d, or 2026-01-31T09:00.")
        at = found if found.tzinfo else timezone.make_aware(found)
    if not now < at <= now + timedelta(days=31):
        raise CommandError("Choose a time that is still to come, within a month: --review.")
    return at
