"""The audit: what was meant, done, left alone, refused or failed, by whom and why; entries are added, never changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NoReturn, Self

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext, gettext_lazy

from sessions_admin import chain, permissions


class AppendOnly(Exception):
    """Somebody tried to change or delete an entry of the audit."""


class AuditQuerySet(models.QuerySet["AuditEntry"]):
    """Reads and adds; everything else is refused."""

    def open_intents(self) -> Self:
        """Return the intents whose outcome is not known yet."""
        outcomes = AuditEntry.objects.filter(
            operation=models.OuterRef("operation"), number=models.OuterRef("number"), is_intent=False
        )
        return self.filter(is_intent=True).exclude(models.Exists(outcomes))

    def append(self, entries: Sequence[AuditEntry]) -> None:
        """Add entries behind the last one, in this order and all or none; nobody else adds meanwhile.

        Raises IntegrityError where an intent or an outcome of the same item is there already.
        """
        with transaction.atomic(using=self.db):
            head = AuditHead.locked()
            for entry in entries:
                entry.seq, entry.prev_hash = head.seq + 1, head.hash
                entry.hash = entry.linked_hash
                head.seq, head.hash = entry.seq, entry.hash
            super().bulk_create(entries)
            head.save()

    def update(self, **values: Any) -> NoReturn:
        raise AppendOnly

    def delete(self) -> NoReturn:
        raise AppendOnly

    def bulk_update(self, *arguments: Any, **options: Any) -> NoReturn:
        raise AppendOnly

    def bulk_create(self, objs: Iterable[AuditEntry], *arguments: Any, **options: Any) -> NoReturn:
        raise AppendOnly

    def _update(self, values: Any) -> NoReturn:
        raise AppendOnly

    def _raw_delete(self, using: str | None) -> NoReturn:
        raise AppendOnly


class AuditEntry(models.Model):
    """One line. An action on one item leaves two: its intent, committed before anything changes, and its outcome.

    Both bear the same `operation` and `number` (the item's place in the plan). `message` is a sentence in English, to be
    translated when shown, with `values` for its placeholders. `before` and `after` map column to value as the host's
    database wrote it. `hash` covers all of it and the hash of the entry before (`sessions_admin.chain`).
    """

    class Outcome(models.TextChoices):
        INTENT = "intent", gettext_lazy("intent")
        DONE = "done", gettext_lazy("done")
        SKIPPED = "skipped", gettext_lazy("left alone")
        REFUSED = "refused", gettext_lazy("refused")
        FAILED = "failed", gettext_lazy("not done")
        UNKNOWN = "unknown", gettext_lazy("not known")

    seq = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    operation = models.CharField(max_length=32)
    number = models.IntegerField(default=0)
    is_intent = models.BooleanField(default=False)
    actor = models.CharField(max_length=150)
    roles = models.CharField(max_length=255, default="", blank=True)
    address = models.CharField(max_length=45, default="", blank=True)
    action = models.CharField(max_length=48)
    session = models.CharField(max_length=255, default="", blank=True)
    reason = models.TextField(default="", blank=True)
    plan_digest = models.CharField(max_length=64, default="", blank=True)
    before = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    after = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    outcome = models.CharField(max_length=8, choices=Outcome.choices)
    message = models.TextField(default="", blank=True)
    values = models.JSONField(default=dict, encoder=DjangoJSONEncoder)
    prev_hash = models.CharField(max_length=64, default="", blank=True)
    hash = models.CharField(max_length=64, default="", blank=True)

    objects = models.Manager.from_queryset(AuditQuerySet)()

    class Meta:
        ordering = ["-seq"]
        default_permissions = ()
        permissions = permissions.DECLARED
        constraints = [models.UniqueConstraint(fields=["operation", "number", "is_intent"], name="audit_once")]
        indexes = [
            models.Index(fields=["actor", "-seq"], name="audit_by_actor"),
            models.Index(fields=["action", "-seq"], name="audit_by_action"),
            models.Index(fields=["session", "-seq"], name="audit_by_session"),
            models.Index(fields=["outcome", "-seq"], name="audit_by_outcome"),
            models.Index(fields=["is_intent", "at"], name="audit_intents"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.action} {self.session} {self.outcome}"

    def save(self, *arguments: Any, **options: Any) -> None:
        if not self._state.adding:
            raise AppendOnly
        AuditEntry.objects.append([self])

    def delete(self, *arguments: Any, **options: Any) -> NoReturn:
        raise AppendOnly

    @property
    def linked_hash(self) -> str:
        """The hash that this entry must have, standing behind the one that it names."""
        return chain.link(self.prev_hash, {name: getattr(self, name) for name in chain.COVERED})

    @property
    def sentence(self) -> str:
        """The message in the reader's language."""
        return gettext(self.message) % self.values if self.message else ""


class AuditHead(models.Model):
    """Where the chain ends: number and hash of its last entry. Whoever adds holds this one row until it is done."""

    THE_ONE = 1

    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, default=chain.BEGINNING, blank=True)

    class Meta:
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.seq}:{self.hash}"

    @classmethod
    def locked(cls) -> AuditHead:
        """Return the row, held until the transaction ends; where it is gone, the last entry tells what it was."""
        held = cls.objects.select_for_update()
        if head := held.filter(pk=cls.THE_ONE).first():
            return head
        last = AuditEntry.objects.order_by("-seq").only("seq", "hash").first()
        end = {"seq": last.seq, "hash": last.hash} if last else {}
        cls.objects.get_or_create(pk=cls.THE_ONE, defaults=end)
        return held.get(pk=cls.THE_ONE)
