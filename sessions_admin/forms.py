"""What people fill in: the reason of an action, and the filters of the audit."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from sessions_admin.actions import LONGEST_REASON, SHORTEST_REASON
from sessions_admin.audit_words import audit_words
from sessions_admin.fresh_login import confirm_password, is_fresh, is_locked_out
from sessions_admin.models import AuditEntry


class WhyForm(forms.Form):
    """Why somebody acts: it stands in the audit."""

    reason = forms.CharField(
        label=_("Reason"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 2, "class": "form-control", "autocomplete": "off"}),
        error_messages={
            "required": _("A reason is needed: it stands in the audit."),
            "min_length": _("A few more words, please: the reason stands in the audit."),
            "max_length": _("At most 500 characters, please."),
        },
    )


class ReasonForm(WhyForm):
    """The confirmation of one action: the plan that was seen, and why."""

    plan = forms.CharField(widget=forms.HiddenInput, max_length=100_000)


class PlanForm(WhyForm):
    """The confirmation of a plan for many: why, the number where it must be typed, and how many may wait at a time."""

    typed = forms.CharField(required=False, max_length=12)
    at_once = forms.IntegerField(required=False, min_value=0, max_value=100_000)


class HandleForm(forms.Form):
    """What was done about an incident or a session, and what it looked like when somebody decided so."""

    note = forms.CharField(
        label=_("Note"),
        min_length=SHORTEST_REASON,
        max_length=LONGEST_REASON,
        error_messages={
            "required": _("A note is needed: it tells the others how this was dealt with."),
            "min_length": _("A few more words, please: the note tells the others how this was dealt with."),
            "max_length": _("At most 500 characters, please."),
        },
    )
    seen = forms.CharField(required=False, max_length=40)
    cause = forms.CharField(required=False, max_length=48)

    def seen_at(self, now: datetime) -> datetime:
        """When the page was made on which it was seen; now, where nothing that can be meant tells it."""
        try:
            told = parse_datetime(self.cleaned_data["seen"])
        except ValueError:
            told = None
        return now if told is None or timezone.is_naive(told) else min(told, now)


class FreshLoginForm(forms.Form):
    """Asks for the password where who is signed in did so longer than an hour ago (`is_password_needed`)."""

    password = forms.CharField(
        required=False,
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "current-password"}),
    )

    def __init__(self, *arguments: Any, request: HttpRequest, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.request = request
        self.is_password_needed = not is_fresh(request, timezone.now())

    def clean_password(self) -> None:
        """Nobody needs the password further on; it is not kept."""
        if not self.is_password_needed:
            return
        password = self.cleaned_data.get("password", "")
        if not password:  # the hour passed while the form lay open: that is no guess
            raise forms.ValidationError(_("You signed in over an hour ago: your password is needed once more."))
        is_right = confirm_password(self.request, password)
        if is_locked_out(self.request):
            raise forms.ValidationError(_("Too many wrong passwords. Wait a quarter of an hour, then try again."))
        if not is_right:
            raise forms.ValidationError(
                _("This is not your password. You signed in over an hour ago, so it is asked for again.")
            )
        self.is_password_needed = False


class FreshPlanForm(FreshLoginForm, PlanForm):
    """The same for an action that is hard to undo."""


class ApproveForm(forms.Form):
    """A second person's answer: the digest of the plan that they were shown."""

    digest = forms.CharField(required=False, widget=forms.HiddenInput)


class FreshApproveForm(FreshLoginForm, ApproveForm):
    """The same for an action that is hard to undo."""


class DeclineForm(WhyForm, ApproveForm):
    """The other answer, with its reason."""


class AuditFilter(forms.Form):
    """Which entries of the audit to list; what is not understood filters nothing."""

    actor = forms.CharField(required=False, max_length=150)
    action = forms.ChoiceField(required=False, choices=lambda: [("", _("Any")), *audit_words().items()])
    session = forms.CharField(required=False, max_length=255)
    outcome = forms.ChoiceField(required=False, choices=[("", _("Any")), *AuditEntry.Outcome.choices])
    since = forms.DateField(required=False)
    until = forms.DateField(required=False)

    @property
    def asked(self) -> dict[str, str]:
        """The filters that were given and understood, as a query writes them."""
        self.is_valid()
        return {name: str(value).strip() for name, value in self.cleaned_data.items() if str(value or "").strip()}

    @property
    def scope(self) -> dict[str, object]:
        """The same for a query of the database; days are the viewer's."""
        asked: dict[str, object] = dict(self.asked)
        days = {name: self.cleaned_data[name] for name in ("since", "until") if asked.pop(name, None)}
        if "since" in days:
            asked["at__gte"] = _begin(days["since"])
        if "until" in days:
            asked["at__lt"] = _begin(days["until"] + timedelta(days=1))
        return asked


def _begin(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class SubscribeForm(forms.Form):
    """Where the weekly report goes: one address, as its owner types it, and a language."""

    address = forms.EmailField(
        max_length=254,
        error_messages={
            "required": _("Give the address that the report goes to."),
            "invalid": _("This is no mail address; write one such as eve@example.com."),
        },
    )
    language = forms.ChoiceField(
        choices=settings.LANGUAGES, error_messages={"invalid_choice": _("Choose one of the languages.")}
    )
