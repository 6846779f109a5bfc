"""What people fill in to pause long sequences, to change the pause, and to end it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sessions_admin import pause_texts
from sessions_admin.forms import FreshLoginForm, WhyForm
from sessions_admin.models import Pause
from sessions_admin.pausing import Terms

LONGEST_TEXT, LONGEST_CONTACT = 600, 200
LATEST = timedelta(days=31)
MORNING = time(9, 0)
KEEP = "keep"
KEPT_FIELDS = ("reason", "review", "review_at", "text_en", "text_zh", "contact")
AREA = {"class": "form-control", "rows": 4, "autocomplete": "off"}


def _tomorrow(now: datetime) -> datetime:
    day = timezone.localtime(now).date() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(day, MORNING))


# When somebody looks again: the word of the form, and the time that it means.
REVIEWS: dict[str, Callable[[datetime], datetime]] = {
    "1h": lambda now: now + timedelta(hours=1),
    "4h": lambda now: now + timedelta(hours=4),
    "tomorrow": _tomorrow,
}
WORDS = {"1h": _("in 1 hour"), "4h": _("in 4 hours"), "tomorrow": _("tomorrow at 09:00"), "at": _("at this time:")}


class EndForm(WhyForm, FreshLoginForm):
    """Why the pause ends, and which one was seen."""

    seen = forms.CharField(required=False, max_length=64)


class PauseForm(EndForm):
    """What the pause tells; `seen` is empty where none was there when the form was made. `terms` once it is valid."""

    review = forms.ChoiceField(
        choices=[(KEEP, ""), *WORDS.items()], error_messages={"required": _("Choose when somebody looks again.")}
    )
    review_at = forms.DateTimeField(required=False, error_messages={"invalid": _("Give day and time.")})
    text_en = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs=AREA))
    text_zh = forms.CharField(max_length=LONGEST_TEXT, widget=forms.Textarea(attrs=AREA))
    contact = forms.CharField(max_length=LONGEST_CONTACT)

    def __init__(self, *arguments: Any, standing: Pause | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.standing = standing
        for name in ("text_en", "text_zh", "contact"):
            self.fields[name].error_messages["required"] = _("Users need this: they read nothing else.")

    def clean_text_en(self) -> str:
        return self._text("text_en")

    def clean_text_zh(self) -> str:
        return self._text("text_zh")

    def clean(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        if "review" in cleaned and "review_at" in cleaned:
            self._check_review(timezone.now())
        return cleaned

    @property
    def terms(self) -> Terms:
        cleaned = self.cleaned_data
        return Terms(cleaned["due"], cleaned["text_en"], cleaned["text_zh"], cleaned["contact"])

    def _text(self, name: str) -> str:
        text: str = self.cleaned_data[name]
        if wrong := pause_texts.unknown_placeholders(text):
            raise forms.ValidationError(
                _("%(wrong)s is not known here: only {time} stands for something, the time of the next look."),
                params={"wrong": ", ".join(wrong)},
            )
        return text

    def _check_review(self, now: datetime) -> None:
        due = due_at(self.cleaned_data["review"], self.cleaned_data["review_at"], now, self.standing)
        if due is None:
            self.add_error("review_at", _("Give day and time."))
        elif not now < due <= now + LATEST:
            self.add_error("review_at", _("Choose a time that is still to come, within a month."))
        else:
            self.cleaned_data["due"] = due


def due_at(word: str, at: datetime | None, now: datetime, standing: Pause | None) -> datetime | None:
    """Return the time that is meant; None where none is."""
    if word == KEEP:
        return standing.review_at if standing else None
    return REVIEWS[word](now) if word in REVIEWS else at


def kept(posted: QueryDict) -> dict[str, str]:
    """Return what was typed, for a form that shows it again and finds no fault with it; never the password."""
    return {name: str(posted.get(name, "")) for name in KEPT_FIELDS}


def first_values(standing: Pause | None) -> dict[str, Any]:
    """Return what the form begins with: what stands, else a ready text and the contact of the last pause."""
    if standing:
        told = {name: getattr(standing, name) for name in ("text_en", "text_zh", "contact")}
        return {**told, "review": KEEP, "seen": standing.seen}
    last = Pause.objects.order_by("-begun_at").first()
    ready = pause_texts.READY[pause_texts.FIRST]
    contact = last.contact if last else ""
    return {"text_en": ready.english, "text_zh": ready.chinese, "contact": contact, "review": "4h"}
