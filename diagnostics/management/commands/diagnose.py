"""manage.py diagnose ID: examine one session live."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from collections.abc import Mapping
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from diagnostics import sources
from diagnostics.domain import observations, wording
from diagnostics.domain.client_document import client_section
from diagnostics.domain.client_report import ClientReport
from diagnostics.domain.document import document
from diagnostics.domain.player_errors import explain
from diagnostics.domain.sound import SoundFacts
from diagnostics.domain.trouble import Trouble
from diagnostics.domain.wording.troubles import trouble_sentence
from diagnostics.examine import Examination, examine
from diagnostics.standard_input import text_or_piped

MOST_BYTES = 16 * 1024 * 1024  # far more than is read of a pasted text


class Command(BaseCommand):
    help = "Examine one session live: its row, its file, and what is wrong with them. Exit 1 where it could not be."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", help="the session's id, as the host has it")
        parser.add_argument("--json", action="store_true", help="print the diagnosis document")
        parser.add_argument(
            "--listen", action="store_true", help="listen to the audio as well, for silence; takes seconds"
        )

        parser.add_argument(
            "--player-error",
            metavar="TEXT",
            help="what the client said: a player's error or its log, weighed with the rest; - reads standard input",
        )

    def handle(self, *_: object, **options: object) -> None:
        report = self._report(options["player_error"])
        found = examine(str(options["id"]), listen=bool(options["listen"]), report=report)
        if not found.found:
            raise CommandError(
                f"There is no session {options['id']} in the host's table {sources.host_source().table}."
            )
        if found.diagnosis is None:
            raise CommandError("; ".join(map(_told, found.problems)) or "The session could not be examined.")
        if options["json"]:
            self.stdout.write(json.dumps(document(found.diagnosis, sources.host_zone()) | _client(found)))
        else:
            self._print(found)

    def _report(self, text: object) -> ClientReport | None:
        if text is None:
            return None
        pasted = text_or_piped(str(text), MOST_BYTES)
        if not pasted.strip():
            raise CommandError("--player-error is empty: give what the user or the ticket holds.")
        return explain(pasted, at=timezone.now())

    def _print(self, found: Examination) -> None:
        diagnosis = found.diagnosis
        assert diagnosis is not None  # noqa: S101  handle() saw it
        zone = sources.host_zone()
        self.stdout.write(f"{diagnosis.verdict} ({diagnosis.state}, {diagnosis.confidence})")
        self.stdout.write(wording.summary(diagnosis, "en", zone))
        for finding in diagnosis.findings:
            self.stdout.write(f"\n{finding.code}: {wording.finding_sentence(finding, 'en', zone)}")
            for line in finding.evidence:
                self.stdout.write(f"  {line.source}: {line.fact}: {line.value}")
        if found.evidence and found.evidence.sound:
            self._print_sound(found.evidence.sound)
        self._print_client(_client(found).get("client"))
        for trouble in found.problems:
            self.stdout.write(f"not checked: {_told(trouble)}")

    def _print_client(self, client: Mapping[str, Any] | None) -> None:
        if client is None:
            return
        self.stdout.write("\nThe client says:")
        if client["other_session"]:
            self.stdout.write(f"  It is about session {client['other_session']}, so nothing of it counts here.")
        for error in client["errors"]:
            self.stdout.write(f"  {' '.join(filter(None, (error['source'], error['code'])))}: {error['meaning']['en']}")
        for suspect in client["suspects"]:
            self.stdout.write(f"    {suspect['code']}: {suspect['state'].replace('_', ' ')}")
        for one in client["statements"]:
            against = f", but the row says {one['known']}" if one["outcome"] == "differs" else ""
            self.stdout.write(f"  {one['fact']}: {one['said']}{against}")

    def _print_sound(self, sound: SoundFacts) -> None:
        if sound.problem:
            self.stdout.write(f"\nnot listened to: {sound.problem}")
            return
        line = observations.sounding(sound) if sound.silent_from_seconds is None else observations.silence(sound)
        heard = f"{sound.heard_at:%Y-%m-%d %H:%M:%S %Z}" if sound.heard_at else ""
        self.stdout.write(f"\nlistened to {heard}: {line.fact}: {line.value}")


def _client(found: Examination) -> dict[str, Any]:
    """The document's section of what the client said; none where nobody said anything."""
    if found.evidence is None or found.diagnosis is None or found.evidence.report is None:
        return {}
    return {"client": client_section(found.evidence, found.diagnosis)}


def _told(trouble: Trouble) -> str:
    sentence = trouble_sentence(trouble, "en", sources.host_zone())
    return f"{sentence} ({trouble.detail})" if trouble.detail else sentence
