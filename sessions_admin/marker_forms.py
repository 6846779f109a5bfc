"""What a marker is made of, and what is wrong with one: the same for the page, for other machines and for the shell."""

from __future__ import annotations

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from sessions_admin.desk.markers import Wanted
from sessions_admin.models import Marker

LONGEST_TEXT, LONGEST_KEY = 200, 100
KEY = re.compile(r"[!-~]+")
FIRST_YEAR = 2000
AHEAD = timedelta(minutes=5)  # clocks of two machines differ a little


class MarkerForm(forms.Form):
    """As people fill it in: a time without an offset is one of the viewer's zone. `wanted` once it is valid."""

    at = forms.CharField(required=False, max_length=40)
    kind = forms.ChoiceField(
        required=False,
        choices=Marker.Kind.choices,
        error_messages={"invalid_choice": _("“%(value)s” is no kind: use deploy, config or other.")},
    )
    text = forms.CharField(
        max_length=LONGEST_TEXT,
        error_messages={
            "required": _("Say in a few words what happened."),
            "max_length": _("At most 200 characters, please."),
        },
    )
    key = forms.CharField(
        required=False, max_length=LONGEST_KEY, error_messages={"max_length": _("At most 100 characters, please.")}
    )

    def clean_at(self) -> datetime:
        now, text = timezone.now(), self.cleaned_data["at"]
        at = self.read_time(text) if text else now
        if at.year < FIRST_YEAR:
            raise forms.ValidationError(_("This is too long ago to stand on any chart."))
        if at > now + AHEAD:
            raise forms.ValidationError(_("This is still to come: a marker says what happened."))
        return at

    def clean_text(self) -> str:
        text = " ".join(self.cleaned_data["text"].split())
        if not text.isprintable():
            raise forms.ValidationError(_("The text has characters that cannot be shown."))
        return text

    def clean_key(self) -> str | None:
        """Letters count the same in either case: on some databases they are."""
        key = str(self.cleaned_data["key"]).lower()
        if key and not KEY.fullmatch(key):
            raise forms.ValidationError(_("A key is made of letters, digits and signs of ASCII, without spaces."))
        return key or None

    @property
    def wanted(self) -> Wanted:
        told = self.cleaned_data
        return Wanted(told["at"], told["kind"] or Marker.Kind.DEPLOY, told["text"], told["key"])

    def read_time(self, text: str) -> datetime:
        at = _time(text)
        return timezone.make_aware(at) if timezone.is_naive(at) else at


class MachineMarkerForm(MarkerForm):
    """As other machines say it: a time has its offset, for nobody knows their zone."""

    def read_time(self, text: str) -> datetime:
        at = _time(text)
        if timezone.is_naive(at):
            raise forms.ValidationError(_("The time has no offset; write it as 2026-11-24T14:05:00+08:00."))
        return at


def first_values() -> dict[str, Any]:
    """Return what a form begins with; the key makes one marker of it, however often it is sent."""
    return {"kind": Marker.Kind.DEPLOY, "key": f"form-{uuid.uuid4().hex}"}


def _time(text: str) -> datetime:
    try:
        found = parse_datetime(text.strip())
    except ValueError:
        found = None
    if found is None:
        raise forms.ValidationError(_("This is no time; write it as 2026-11-24T14:05."))
    return found
