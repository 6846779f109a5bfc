"""Tells the host once more of what could not be delivered; the worker sends it within a second."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from sessions_admin.models import Telling
from sessions_admin.telling.outbox import POLL


class Command(BaseCommand):
    help = "Put what is undelivered back into the outbox, as if it had never been tried."

    def handle(self, *arguments: Any, **options: Any) -> None:
        if settings.HOST_PICKUP == POLL:
            raise CommandError("HOST_PICKUP is poll: the host's worker looks into its table by itself.")
        undelivered = Telling.objects.filter(given_up_at__isnull=False)
        number = undelivered.update(next_at=timezone.now(), given_up_at=None, attempts=0)
        self.stdout.write(f"{number} to be told again.")
