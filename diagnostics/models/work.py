"""What the worker keeps: its recurring tasks with their leases, resource samples, and the snapshots that pages read."""

from __future__ import annotations

from django.db import models


class RecurringTask(models.Model):
    """One recurring task. Who holds the lease (`holder`, until `lease_until`) runs it; nobody else does.

    `outcome` and `error` are those of the last end; `failed_at` and `failure` those of the last one that failed, and
    `taken_over_at` when another worker last took it from one that was gone.
    """

    name = models.CharField(max_length=64, primary_key=True)
    holder = models.CharField(max_length=128, default="", blank=True)
    lease_until = models.DateTimeField(null=True)
    next_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=16, default="", blank=True)  # "", running, done, failed
    error = models.TextField(default="", blank=True)
    seconds = models.FloatField(null=True)
    failed_at = models.DateTimeField(null=True)
    failure = models.TextField(default="", blank=True)
    taken_over_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class WorkerLife(models.Model):
    """One worker: alive from `started_at`, seen last at `seen_at`; `ended_at` is None for one that runs, or was killed."""

    holder = models.CharField(max_length=128, primary_key=True)
    started_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.holder

    @property
    def machine(self) -> str:
        return self.holder.rsplit(":", 2)[0]

    @property
    def pid(self) -> str:
        return self.holder.rsplit(":", 2)[-2]


class ResourceSample(models.Model):
    """The gauges at one time: `values` maps a gauge's name to its number (percent, bytes, load)."""

    at = models.DateTimeField(db_index=True)
    values = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"gauges at {self.at}"


class GeneratorSighting(models.Model):
    """One process of the generator as the samples saw it: alive last at `seen_at`, first missed at `missed_at`.

    Its number and its start tell it from another that was given the same number. Secrets in `command` are hidden.
    """

    pid = models.BigIntegerField()
    started_at = models.DateTimeField()
    name = models.CharField(max_length=64)
    command = models.CharField(max_length=200, default="", blank=True)
    first_seen_at = models.DateTimeField()
    seen_at = models.DateTimeField(db_index=True)
    missed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} {self.pid}"


class Snapshot(models.Model):
    """What the polled fragments show, left by each round of the worker; `version` changes when the content does."""

    name = models.CharField(max_length=32, primary_key=True)
    version = models.CharField(max_length=32)
    made_at = models.DateTimeField()
    content = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.version}"
