"""What people fill in about notifications: a channel, and a silence."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from diagnostics.domain.alerts.rules import RULES
from diagnostics.domain.wording import alerts
from sessions_admin.alerting import silences, targets
from sessions_admin.forms import WhyForm
from sessions_admin.models import Channel

LONGEST_TARGET = 2000
SHORTEST_SECRET = 32
LONGEST_HOURS = int(silences.LONGEST.total_seconds() // 3600)
LONGEST_REPEAT_HOURS = 168
Kind = Channel.Kind


def rule_choices() -> list[tuple[str, str]]:
    language = get_language() or "en"
    return [(rule.name, alerts.title(rule.name, language)) for rule in RULES]


class ChannelForm(forms.Form):
    """A receiver. Of one that exists (`channel`) the address and the secret are asked for only to be changed."""

    name = forms.CharField(
        max_length=80, error_messages={"required": _("A name is needed: it tells the channels apart.")}
    )
    kind = forms.ChoiceField(choices=Kind.choices)
    target = forms.CharField(required=False, max_length=LONGEST_TARGET)
    secret = forms.CharField(required=False, max_length=200, strip=True)
    language = forms.ChoiceField(choices=settings.LANGUAGES)
    repeat_hours = forms.IntegerField(min_value=1, max_value=LONGEST_REPEAT_HOURS)
    rules = forms.MultipleChoiceField(required=False, choices=rule_choices)

    def __init__(self, *arguments: Any, channel: Channel | None = None, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.channel = channel
        if channel:
            self.fields["kind"].required = False

    @property
    def is_chosen(self) -> list[tuple[str, str, bool]]:
        """The rules with their titles, and whether each is ticked."""
        ticked = self["rules"].value() or []
        return [(name, title, name in ticked) for name, title in rule_choices()]

    def clean_name(self) -> str:
        name = str(self.cleaned_data["name"])
        others = Channel.objects.filter(name=name)
        if self.channel:
            others = others.exclude(pk=self.channel.pk)
        if others.exists():
            raise ValidationError(_("Another channel has this name."))
        return name

    def clean_kind(self) -> str:
        return self.channel.kind if self.channel else str(self.cleaned_data["kind"])

    def clean_target(self) -> str:
        target, kind = str(self.cleaned_data["target"]).strip(), self.cleaned_data.get("kind")
        if not target and self.channel:
            return self.channel.target
        if kind and (problem := _problem_of(str(kind), target)):
            raise ValidationError(problem)
        return target

    def clean_secret(self) -> str:
        secret, kind = str(self.cleaned_data["secret"]), self.cleaned_data.get("kind")
        if kind != Kind.WEBHOOK:
            return ""
        if not secret and self.channel:
            return self.channel.secret
        if len(secret) < SHORTEST_SECRET:
            raise ValidationError(_("At least 32 characters that nobody can guess: they sign what is sent."))
        return secret


def _problem_of(kind: str, target: str) -> str:
    if kind == Kind.MAIL:
        try:
            validate_email(target)
        except ValidationError:
            return gettext("This is no mail address; use one such as ops@example.com.")
    if kind == Kind.WEBHOOK and not targets.is_web_address(target):
        return gettext("This is no web address; use one such as https://hooks.example.com/alerts, without a user name.")
    if kind == Kind.APPRISE and not targets.is_chat_address(target):
        return gettext("This is no address of a chat that is allowed here; use one such as wecombot://key.")
    return ""


class SilenceForm(WhyForm):
    """What nobody is to be told of, why, and for how long."""

    rule = forms.ChoiceField(choices=rule_choices)
    subject = forms.CharField(required=False, max_length=120)
    hours = forms.IntegerField(
        min_value=1,
        max_value=LONGEST_HOURS,
        error_messages={
            "required": _("Say for how many hours."),
            "invalid": _("Say for how many hours, as a number."),
            "min_value": _("At least an hour."),
            "max_value": _("At most 168 hours, which is a week: whatever lasts longer is to be mended."),
        },
    )

    def ends_at(self, now: datetime) -> datetime:
        return now + timedelta(hours=int(self.cleaned_data["hours"]))
