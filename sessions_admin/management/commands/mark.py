"""manage.py mark TEXT: sets a marker on the charts from the shell, a deploy's script for one."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import override

from sessions_admin.desk import markers
from sessions_admin.marker_forms import MachineMarkerForm
from sessions_admin.models import Marker


class Command(BaseCommand):
    help = "Set a marker on the charts: what happened, and when."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="what happened, in a few words")
        parser.add_argument("--at", default="", metavar="TIME", help="when, as 2026-11-24T14:05:00+08:00; default now")
        parser.add_argument("--kind", default=Marker.Kind.DEPLOY, choices=Marker.Kind.values)
        parser.add_argument("--key", default="", help="by which a marker that is set twice is known to be the same")

    @override("en")
    def handle(self, *_: object, **options: Any) -> None:
        form = MachineMarkerForm({name: options[name] for name in ("text", "at", "kind", "key")})
        if not form.is_valid():
            raise CommandError(" ".join(f"{name}: {texts[0]}" for name, texts in form.errors.items()))
        marker, is_new = markers.add(form.wanted, markers.By(markers.SHELL, ""), timezone.now())
        at = timezone.localtime(marker.at).isoformat(timespec="seconds")
        self.stdout.write(
            f"Marker {marker.pk} is set at {at}." if is_new else f"It was set already, as {marker.pk}, at {at}."
        )
