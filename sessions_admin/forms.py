"""What people fill in: the reason of an action, and the filters of the audit."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sessions_admin.actions import ACTIONS, LONGEST_REASON, SHORTEST_REASON
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


class AuditFilter(forms.Form):
    """Which entries of the audit to list; what is not understood filters nothing."""

    actor = forms.CharField(required=False, max_length=150)
    action = forms.ChoiceField(
        required=False, choices=lambda: [("", _("Any")), *((name, action.title) for name, action in ACTIONS.items())]
    )
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
