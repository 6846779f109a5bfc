"""manage.py explain_error TEXT: what a player's message or a client's log means, and what it makes suspect."""

from __future__ import annotations

import json
from argparse import ArgumentParser

from django.core.management.base import BaseCommand, CommandError

from diagnostics.domain.client_report import ClientReport, PlayerError
from diagnostics.domain.player_errors import explain
from diagnostics.standard_input import text_or_piped

# More than a pasted text ever needs: the decoder reads the two ends of it.
MOST_CHARACTERS = 16 * 1024 * 1024
_FACTS = ("session_id", "url", "status", "path", "size_bytes", "error_message")


class Command(BaseCommand):
    help = "Explain a player's error message or a client's log: what it means, what is suspected, what confirms it."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("text", help="the message or log as it was pasted; - reads it from standard input")
        parser.add_argument("--json", action="store_true", help="print one JSON object, in ASCII")

    def handle(self, *_: object, **options: object) -> None:
        text = text_or_piped(str(options["text"]), MOST_CHARACTERS)
        if not text.strip():
            raise CommandError("There is no text to explain: give the message itself, or - and standard input.")
        report = explain(text)
        self.stdout.write(json.dumps(_document(report)) if options["json"] else self._printable(report))

    def _printable(self, report: ClientReport) -> str:
        """A terminal that has no Chinese gets escapes for it, not a traceback."""
        encoding = getattr(self.stdout, "encoding", None) or "utf-8"
        return "\n".join(_lines(report)).encode(encoding, "backslashreplace").decode(encoding)


def _document(report: ClientReport) -> dict[str, object]:
    main = report.main_error
    assert main is not None  # noqa: S101  explain() always names one
    first = _error(main)
    return {
        **{key: first[key] for key in ("source", "code", "meaning", "suspects")},
        "session_id": report.session_id,
        "url": report.url,
        "check": first["check"],
        "outer_code": main.outer_code,
        "errors": [_error(error) for error in report.errors],
    }


def _error(error: PlayerError) -> dict[str, object]:
    return {
        "source": error.source,
        "code": error.code,
        "outer_code": error.outer_code,
        "meaning": dict(error.meaning),
        "suspects": list(error.suspects),
        "check": dict(error.check),
        "text": error.text,
    }


def _lines(report: ClientReport) -> list[str]:
    lines: list[str] = []
    for error in report.errors:
        outer = f" (errCode {error.outer_code})" if error.outer_code not in ("", error.code) else ""
        lines += [
            f"{error.source} {error.code}".strip() + outer,
            f"  {error.meaning['en']}",
            f"  {error.meaning['zh-hans']}",
        ]
        lines.append(f"  suspects: {', '.join(error.suspects) or 'none on the server'}")
        lines += [f"  check: {error.check['en']}", f"  {error.check['zh-hans']}"]
    facts = {name: getattr(report, name) for name in _FACTS}
    return lines + [f"{name.replace('_', ' ')}: {value}" for name, value in facts.items() if value is not None]
