"""Files put aside: what each was, who moved it and why, until when it is held, and how that ended."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy


class HeldFile(models.Model):
    """One file that was moved to `<quarantine>/<operation>/<number>/`; the row stays when the file is back or gone.

    `path` is its exact bytes below the audio root, `shown_path` the same as text, `path_hash` that of
    `diagnostics.identity.path_hash`. `session` is whose it is by its name or claim ('': nobody's); `was_claimed` says
    whether some row named it when it was moved. `policy` moved it, '' where a person did. `device` to `mtime_ns` are its
    stamp, `first_sha256` and `last_sha256` those of its first and last MiB ('': it could not be read).
    """

    class State(models.TextChoices):
        HELD = "held", gettext_lazy("held")
        RESTORED = "restored", gettext_lazy("restored")
        EXPIRED = "expired", gettext_lazy("deleted for good")

    operation = models.CharField(max_length=32)
    number = models.IntegerField()
    path = models.BinaryField()
    shown_path = models.TextField()
    path_hash = models.BigIntegerField()
    session = models.CharField(max_length=255, default="", blank=True)
    was_claimed = models.BooleanField(default=False)
    action = models.CharField(max_length=48)
    policy = models.CharField(max_length=48, default="", blank=True)
    size_bytes = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    device = models.DecimalField(max_digits=20, decimal_places=0)
    inode = models.DecimalField(max_digits=20, decimal_places=0)
    owner = models.CharField(max_length=64, default="", blank=True)
    mode = models.CharField(max_length=10, default="", blank=True)
    first_sha256 = models.CharField(max_length=64, default="", blank=True)
    last_sha256 = models.CharField(max_length=64, default="", blank=True)
    moved_at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    reason = models.TextField(default="", blank=True)
    expires_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.HELD)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=150, default="", blank=True)

    class Meta:
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["operation", "number"], name="held_once")]
        indexes = [
            models.Index(fields=["state", "-id"], name="held_by_state"),
            models.Index(fields=["state", "expires_at"], name="held_by_expiry"),
            models.Index(fields=["path_hash", "-id"], name="held_by_path"),
            models.Index(fields=["session", "-id"], name="held_by_session"),
        ]

    def __str__(self) -> str:
        return f"{self.shown_path} ({self.state})"

    @property
    def is_held(self) -> bool:
        return self.state == self.State.HELD
