"""manage.py audit verify|head|export: is the audit whole, where does it end, and all of it as a file."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from sessions_admin.export import FORMATS
from sessions_admin.models import AuditEntry
from sessions_admin.verification import Anchor, AnchorUnreadable, Break, Verification, verify

SENTENCES = {
    "altered": "Entry {seq} is not as it was written.",
    "missing": "What stood between entry {other_seq} and entry {seq} is missing.",
    "reordered": "Entry {seq} stands where entry {other_seq} belongs.",
    "cut_off": "Entries are missing at the end: there were {other_seq}, the last that is left is {seq}.",
    "rewritten": "Entry {seq} is not the one that the anchor knows: the audit was written anew.",
}
SHOWN_INTENTS = 20


class Command(BaseCommand):
    help = "Verify the audit (exit 1 where it is broken), print where it ends, or export all of it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("what", choices=("verify", "head", "export"))
        parser.add_argument("--anchor", metavar="SEQ:HASH", help="an end noted earlier (`audit head`, or the log)")
        parser.add_argument("--format", choices=sorted(FORMATS), default="jsonl", help="of the export")
        parser.add_argument("--json", action="store_true", help="the verification as one JSON object")

    def handle(self, *_: object, **options: Any) -> None:
        if options["what"] == "export":
            self._export(options["format"])
            return
        found = verify(_anchor(options["anchor"]))
        if options["what"] == "verify":
            self._report(found, is_json=options["json"])
        if found.broken is not None:
            raise CommandError(_sentence(found.broken))
        if options["what"] == "head":
            self.stdout.write(str(found.head))

    def _report(self, found: Verification, *, is_json: bool) -> None:
        if is_json:
            self.stdout.write(json.dumps({**asdict(found), "head": str(found.head)}))
            return
        if found.broken is None:
            self.stdout.write(f"The audit is whole: {found.entries} entries, its end is {found.head}")
        else:
            self.stdout.write(f"{found.entries} entries are whole, up to {found.head}")
        if found.open_intents:
            shown = ", ".join(map(str, found.open_intents[:SHOWN_INTENTS]))
            more = " …" if len(found.open_intents) > SHOWN_INTENTS else ""
            self.stdout.write(f"Intents without an outcome: {shown}{more} (the worker looks again within minutes)")

    def _export(self, name: str) -> None:
        write = FORMATS[name][1]
        for line in write(AuditEntry.objects.order_by("seq").iterator(chunk_size=500)):
            self.stdout.write(line, ending="")


def _anchor(text: str | None) -> Anchor | None:
    try:
        return Anchor.read(text) if text else None
    except AnchorUnreadable:
        raise CommandError(f"{text!r} is no anchor; give SEQ:HASH as `audit head` prints it.") from None


def _sentence(broken: Break) -> str:
    return SENTENCES[broken.kind].format(seq=broken.seq, other_seq=broken.other_seq)
