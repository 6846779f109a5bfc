"""Alerts: the levels in force, where each rule stands, what happened (episodes, flips), and the rounds that looked."""

from __future__ import annotations

from django.db import models


class AlertLevels(models.Model):
    """What an administrator set of one rule; a None means the rule's own default (`domain.alerts.rules`).

    Written by `sessions_admin.alerting.levels` alone, with its decision in the audit; `revision` counts the changes.
    """

    rule = models.CharField(max_length=32, primary_key=True)
    is_on = models.BooleanField(default=True)
    raise_at = models.FloatField(null=True)
    clear_at = models.FloatField(null=True)
    window_seconds = models.IntegerField(null=True)
    smallest_sample = models.IntegerField(null=True)
    for_seconds = models.IntegerField(null=True)
    keep_seconds = models.IntegerField(null=True)
    revision = models.IntegerField(default=1)
    changed_at = models.DateTimeField()
    changed_by = models.CharField(max_length=150)

    def __str__(self) -> str:
        return self.rule


class Episode(models.Model):
    """One time that a rule was out of order for one subject, from the first breach to the end; kept for a year.

    `kind` is firing, or error where the rule could not be evaluated. `begun_at` is the first breach, `fired_at` when it had
    held long enough (an episode is stored from then on), `ended_at` None while it lasts. `peak` is the worst value.
    `levels` are those in force when it fired; `evidence` lists what was known then: `{"fact": …, "value": …}`, texts to be
    worded when shown. `incident` is the number of the incident that it tells of, if any.
    """

    class Kind(models.TextChoices):
        FIRING = "firing"
        ERROR = "error"

    rule = models.CharField(max_length=32)
    subject = models.CharField(max_length=120, default="", blank=True)
    kind = models.CharField(max_length=6, choices=Kind.choices, default=Kind.FIRING)
    begun_at = models.DateTimeField()
    fired_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    peak = models.FloatField(null=True)
    last_value = models.FloatField(null=True)
    levels = models.JSONField(default=dict)
    evidence = models.JSONField(default=list)
    sessions = models.IntegerField(null=True)
    users = models.IntegerField(null=True)
    incident = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-fired_at", "-id"]
        indexes = [
            models.Index(fields=["ended_at", "-fired_at"], name="episode_open"),
            models.Index(fields=["-fired_at"], name="episode_newest"),
            models.Index(fields=["rule", "-fired_at"], name="episode_by_rule"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject} {self.fired_at}"


class AlertState(models.Model):
    """Where one rule stands for one subject ('' where it has only one: a file system, a part, a condition, an incident).

    `state` since `since`; `episode` is the open one, also in no_data and error, which resolve nothing. `muted_by` is the
    rule whose episode explains this one: it is shown and not told. `version` goes up with each write, and every write asks
    for the version that was read: of two evaluators one wins.
    """

    class State(models.TextChoices):
        OK = "ok"
        PENDING = "pending"
        FIRING = "firing"
        RECOVERING = "recovering"
        NO_DATA = "no_data"
        ERROR = "error"

    rule = models.CharField(max_length=32)
    subject = models.CharField(max_length=120, default="", blank=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.OK)
    since = models.DateTimeField()
    breached_since = models.DateTimeField(null=True)
    cleared_since = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    value = models.FloatField(null=True)
    sample = models.IntegerField(null=True)
    problem = models.CharField(max_length=300, default="", blank=True)
    detail = models.JSONField(default=dict)
    evaluated_at = models.DateTimeField()
    episode = models.ForeignKey(Episode, models.SET_NULL, null=True, related_name="+")
    muted_by = models.CharField(max_length=32, default="", blank=True)
    version = models.IntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "subject"], name="alert_state_once")]

    def __str__(self) -> str:
        return f"{self.rule} {self.subject} {self.state}"


class Flip(models.Model):
    """One change of a state, written in one transaction with it."""

    rule = models.CharField(max_length=32)
    subject = models.CharField(max_length=120, default="", blank=True)
    at = models.DateTimeField()
    old = models.CharField(max_length=10)
    new = models.CharField(max_length=10)
    value = models.FloatField(null=True)
    episode = models.ForeignKey(Episode, models.SET_NULL, null=True, related_name="flips")

    class Meta:
        indexes = [
            models.Index(fields=["rule", "subject", "-at"], name="flip_by_rule"),
            models.Index(fields=["-at"], name="flip_newest"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.old} -> {self.new}"


class AlertRound(models.Model):
    """One round over all rules; `finished_at` None: it runs, or ended without a word. Kept for eight days.

    `pinged_at` is when the outside watcher was told that it was done, `ping_error` why it was not.
    """

    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    rules = models.IntegerField(default=0)
    errors = models.IntegerField(default=0)
    seconds = models.FloatField(null=True)
    pinged_at = models.DateTimeField(null=True)
    ping_error = models.CharField(max_length=300, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["-finished_at"], name="round_finished")]

    def __str__(self) -> str:
        return f"round {self.pk} at {self.started_at}"
