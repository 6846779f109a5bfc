"""What was heard of audio files: kept until the file is another one, for the rules, the pages and the player."""

from __future__ import annotations

from django.db import models


class Sound(models.Model):
    """One file as it was heard. It holds only for a file of exactly this size, mtime and ctime.

    `heard_pass` is the newest pass that had begun by then: the next one judges the file's sessions by it. With a
    `problem` the file could not be listened to. `peaks` as in `domain.sound.SoundFacts`.
    """

    path_hash = models.BigIntegerField(primary_key=True)
    size_bytes = models.BigIntegerField()
    mtime_ns = models.BigIntegerField()
    ctime_ns = models.BigIntegerField()
    heard_at = models.DateTimeField()
    heard_pass = models.BigIntegerField(default=0)
    length_seconds = models.FloatField(default=0.0)
    silent_from_seconds = models.FloatField(null=True)
    silent_seconds = models.FloatField(default=0.0)
    silent_percent = models.FloatField(default=0.0)
    is_complete = models.BooleanField(default=True)
    bytes_read = models.BigIntegerField(default=0)
    peaks = models.BinaryField(default=b"")
    problem = models.CharField(max_length=16, default="", blank=True)

    class Meta:
        indexes = [models.Index(fields=["heard_pass"], name="sound_by_pass")]

    def __str__(self) -> str:
        return f"sound of {self.path_hash}"
