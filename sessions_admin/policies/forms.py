"""What people fill in about policies: terms, an answer to proposed ones, the end of one, and the bytes of an emergency."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from sessions_admin.forms import FreshLoginForm, WhyForm
from sessions_admin.planning import MOST_ITEMS
from sessions_admin.policies.terms import Terms

APPROVE, DECLINE = "approve", "decline"
TERMS = ("age_days", "hold_days", "most_files", "most_gigabytes")


class TermsForm(WhyForm, FreshLoginForm):
    """Terms that are proposed, and why."""

    age_days = forms.IntegerField(label=_("Older than so many days"), min_value=1, max_value=36_500)
    hold_days = forms.IntegerField(label=_("Restorable for so many days"), min_value=1, max_value=365)
    most_files = forms.IntegerField(label=_("At most so many files a run"), min_value=1, max_value=MOST_ITEMS)
    most_gigabytes = forms.IntegerField(label=_("At most so many GB a run"), min_value=1, max_value=100_000)

    @property
    def terms(self) -> Terms:
        return Terms(**{name: self.cleaned_data[name] for name in TERMS})


class AnswerForm(WhyForm, FreshLoginForm):
    """Yes or no to exactly the terms that were shown, and why."""

    digest = forms.CharField(widget=forms.HiddenInput, max_length=64)
    answer = forms.ChoiceField(choices=[(APPROVE, ""), (DECLINE, "")])


class EmergencyForm(WhyForm, FreshLoginForm):
    """The bytes that will be gone for good, as they are shown, and why."""

    typed = forms.CharField(max_length=40, error_messages={"required": _("Type the number of bytes as it is shown.")})
