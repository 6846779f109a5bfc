"""Insert rows, or renew the ones that stand already: one statement a batch, on every engine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection
from django.db.models import Model

Row = TypeVar("Row", bound=Model)


def upsert(rows: Sequence[Row], *, unique: Sequence[str], renew: Sequence[str], batch_size: int = 300) -> None:
    """Write rows of one model; where one with the same `unique` fields stands, only its `renew` fields change."""
    if not rows:
        return
    names_target = connection.features.supports_update_conflicts_with_target
    type(rows[0])._default_manager.bulk_create(
        rows,
        batch_size=batch_size,
        update_conflicts=True,
        update_fields=list(renew),
        unique_fields=list(unique) if names_target else None,
    )
