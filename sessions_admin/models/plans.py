"""Plans for many items, and the runs that carry them out: what was shown, who confirmed it, and how each item ended."""

from __future__ import annotations

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext, gettext_lazy

from sessions_admin.models.audit import AuditEntry


class ActionPlan(models.Model):
    """The exact items of one action, frozen as they were seen; nothing but these is ever touched.

    `scope` tells where they came from (ids, a filter of the list, an incident), for people only. `digest` covers action
    and items. `bytes_needed` is what the host will write if all goes well; None: not known. `conditions` stood when it was
    made, and have to be acknowledged. `bytes_moved` is the size of the files that are its items (None: they are none);
    `second_reason` says why another person must approve it (a key of the catalogues), '' where nobody need.
    """

    operation = models.CharField(max_length=32, primary_key=True)
    action = models.CharField(max_length=48)
    scope = models.JSONField(default=dict)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(db_index=True)
    digest = models.CharField(max_length=64)
    to_do = models.IntegerField()
    to_skip = models.IntegerField()
    bytes_needed = models.BigIntegerField(null=True)
    bytes_free = models.BigIntegerField(null=True)
    sessions_known = models.IntegerField(default=0)
    conditions = models.JSONField(default=list)
    bytes_moved = models.BigIntegerField(null=True)
    second_reason = models.TextField(default="", blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.action} of {self.to_do} ({self.operation})"

    @property
    def second_sentence(self) -> str:
        """Why another person must approve it, in the reader's language and with its numbers; '' where nobody need."""
        told = {"files": self.to_do, "gigabytes": f"{(self.bytes_moved or 0) / 10**9:.1f}", **self.scope}
        return gettext(self.second_reason) % told if self.second_reason else ""


class PlanItem(models.Model):
    """One item: what was seen of it, what is expected, and, once it was reached, how it ended (`outcome` '': not yet)."""

    Outcome = AuditEntry.Outcome

    plan = models.ForeignKey(ActionPlan, models.CASCADE, related_name="items", db_index=False)
    number = models.IntegerField()
    key = models.CharField(max_length=255)
    path = models.TextField(default="", blank=True)
    session = models.CharField(max_length=255, null=True)
    seen = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    expectation = models.CharField(max_length=8)
    why = models.TextField(default="", blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome.choices, default="", blank=True)
    message = models.TextField(default="", blank=True)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["plan", "number"], name="item_once")]
        indexes = [models.Index(fields=["plan", "outcome", "number"], name="item_by_outcome")]

    def __str__(self) -> str:
        return f"{self.number} {self.key} {self.outcome or self.expectation}"

    @property
    def of_session(self) -> str:
        """The session whose item this is; '' for a file of nobody's."""
        return self.key if self.session is None else self.session

    @property
    def sentence(self) -> str:
        """How it ended, or what is expected to keep it as it is, in the reader's language."""
        status = (self.seen.get("status") or "=")[1:]
        told = {"session": self.of_session, "status": status, "path": self.path, **self.values}
        text = self.message or self.why
        return gettext(text) % told if text else ""


class Run(models.Model):
    """One plan being carried out, once. `at_once` is how many of its sessions may wait for the host's worker (0: all).

    Where the plan needs a second person it is `asked` by its actor, and queued once `approved_by` somebody else. The actor
    is a login, or BY_POLICY with a policy's name, which no login can have, for its space.
    """

    BY_POLICY = "policy "

    class State(models.TextChoices):
        ASKED = "asked", gettext_lazy("waiting for a second person")
        QUEUED = "queued", gettext_lazy("waiting for the worker")
        RUNNING = "running", gettext_lazy("running")
        DONE = "done", gettext_lazy("done")
        ABORTED = "aborted", gettext_lazy("aborted")
        HALTED = "halted", gettext_lazy("stopped by a condition")

    plan = models.OneToOneField(ActionPlan, models.CASCADE, primary_key=True, related_name="run")
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    actor = models.CharField(max_length=150)
    roles = models.CharField(max_length=255, default="", blank=True)
    address = models.CharField(max_length=45, default="", blank=True)
    reason = models.TextField()
    acknowledged = models.JSONField(default=list)
    at_once = models.IntegerField(default=0)
    approved_by = models.CharField(max_length=150, default="", blank=True)
    approved_at = models.DateTimeField(null=True)
    queued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True, db_index=True)
    abort_asked_by = models.CharField(max_length=150, default="", blank=True)
    halted_by = models.CharField(max_length=64, default="", blank=True)
    waiting_for = models.CharField(max_length=32, default="", blank=True)
    picked_up = models.IntegerField(null=True)
    looked_at = models.DateTimeField(null=True)

    class Meta:
        default_permissions = ()
        indexes = [models.Index(fields=["state", "queued_at"], name="run_by_state")]

    def __str__(self) -> str:
        return f"{self.plan_id} {self.state}"

    @property
    def is_by_policy(self) -> bool:
        return self.actor.startswith(self.BY_POLICY)

    @property
    def is_over(self) -> bool:
        return self.state not in (self.State.ASKED, self.State.QUEUED, self.State.RUNNING)
