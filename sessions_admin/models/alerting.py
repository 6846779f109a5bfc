"""Who is told of alerts and how, what is silenced, and the outbox of what is to be sent."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy

from diagnostics.models import Episode


class Channel(models.Model):
    """One receiver. `target` is a mail address, a web address, or an address of apprise; it may hold secrets and is never shown whole.

    `rules` None: it is told of every rule; else of these. `switched_off_at`: the receiver refused for good, nothing is sent
    until somebody tests it anew; `error` is what came of the last attempt ('': well).
    """

    class Kind(models.TextChoices):
        MAIL = "mail", gettext_lazy("mail")
        WEBHOOK = "webhook", gettext_lazy("webhook")
        APPRISE = "apprise", gettext_lazy("chat (apprise)")

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind.choices)
    target = models.TextField()
    secret = models.CharField(max_length=200, default="", blank=True)  # signs what a webhook is told
    language = models.CharField(max_length=10, default="en")
    rules = models.JSONField(null=True)
    is_on = models.BooleanField(default=True)
    repeat_seconds = models.IntegerField(default=4 * 3600)
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    sent_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)
    switched_off_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Silence(models.Model):
    """Until `ends_at` nobody is told of a rule (of one subject, where it names one); it is evaluated and shown all the same."""

    rule = models.CharField(max_length=32)
    subject = models.CharField(max_length=120, default="", blank=True)
    reason = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.CharField(max_length=150)
    ends_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        default_permissions = ()
        ordering = ["-made_at", "-id"]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject} until {self.ends_at}"


class Notification(models.Model):
    """One message of the outbox: to one channel, or (of a report) to one mail address; over once sent or given up.

    `claimed_until`: some worker is sending it. `content` holds what it is made of, worded when it is sent, in `language`.
    """

    class Kind(models.TextChoices):
        ALERTS = "alerts", gettext_lazy("alerts")
        TEST = "test", gettext_lazy("test")
        REPORT = "report", gettext_lazy("weekly report")

    kind = models.CharField(max_length=8, choices=Kind.choices)
    key = models.CharField(max_length=120, unique=True)  # what it is for: the same message is made once
    channel = models.ForeignKey(Channel, models.CASCADE, null=True, related_name="notifications")
    address = models.EmailField(default="", blank=True)
    language = models.CharField(max_length=10, default="en")
    content = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    made_at = models.DateTimeField()
    attempts = models.IntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claimed_until = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    given_up_at = models.DateTimeField(null=True)
    error = models.TextField(default="", blank=True)

    class Meta:
        default_permissions = ()
        indexes = [
            models.Index(fields=["next_at"], name="notification_by_next"),
            models.Index(fields=["channel", "-id"], name="notification_by_channel"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Notified(models.Model):
    """That a channel is told of an episode, and what: written in one transaction with the notification that says so.

    `kind`: firing, repeat (`number` counts them), flapping, resolved. Unique, so that no channel is told a thing twice.
    """

    class Kind(models.TextChoices):
        FIRING = "firing"
        REPEAT = "repeat"
        FLAPPING = "flapping"
        RESOLVED = "resolved"

    episode = models.ForeignKey(Episode, models.CASCADE, related_name="notified")
    channel = models.ForeignKey(Channel, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    number = models.IntegerField(default=0)
    notification = models.ForeignKey(Notification, models.CASCADE, related_name="told")
    at = models.DateTimeField()

    class Meta:
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["episode", "channel", "kind", "number"], name="notified_once"),
        ]

    def __str__(self) -> str:
        return f"{self.episode_id} {self.kind} to {self.channel_id}"
