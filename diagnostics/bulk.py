"""Many rows in one prepared statement, on every engine.

Django's `bulk_create(update_conflicts=True)` and `bulk_update` build a new statement for every batch, which takes eight
times as long as running it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, TypeVar

from django.db import connection
from django.db.models import DateTimeField, Field, JSONField, Model

Row = TypeVar("Row", bound=Model)
Adapter = Callable[[Any], Any]
AnyField: TypeAlias = "Field[Any, Any]"


def upsert(rows: Sequence[Row], *, unique: Sequence[str], renew: Sequence[str]) -> None:
    """Insert rows of one model; where one with the same `unique` fields stands, only its `renew` fields change."""
    if rows:
        model = type(rows[0])
        fields = [field for field in model._meta.concrete_fields if not field.primary_key or field.name in unique]
        _run(_upsert_statement(model, fields, unique, renew), rows, fields)


def update(rows: Sequence[Row], *, fields: Sequence[str]) -> None:
    """Write these fields of rows that stand already."""
    if rows:
        model = type(rows[0])
        changed = [_field(model, name) for name in fields]
        renewed = ", ".join(f"{_column(field)} = %s" for field in changed)
        key = model._meta.pk
        assert key is not None  # noqa: S101  every model has one
        table = connection.ops.quote_name(model._meta.db_table)
        statement = f"UPDATE {table} SET {renewed} WHERE {_column(key)} = %s"  # noqa: S608  names of the model's own
        _run(statement, rows, [*changed, key])


def _run(statement: str, rows: Sequence[Model], fields: Sequence[AnyField]) -> None:
    names = [field.attname for field in fields]
    adapters = [(place, adapter) for place, field in enumerate(fields) if (adapter := _adapter(field))]
    values = [[getattr(row, name) for name in names] for row in rows]
    for line in values:
        for place, adapter in adapters:
            line[place] = adapter(line[place])
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _adapter(field: AnyField) -> Adapter | None:
    """How a value becomes what the engine stores; most are that already."""
    if isinstance(field, DateTimeField):
        return connection.ops.adapt_datetimefield_value
    if isinstance(field, JSONField):
        return lambda value: field.get_db_prep_save(value, connection)
    return None


def _upsert_statement(
    model: type[Model], fields: Sequence[AnyField], unique: Sequence[str], renew: Sequence[str]
) -> str:
    renewed = [_column(_field(model, name)) for name in renew]
    if connection.vendor == "mysql":
        change = "ON DUPLICATE KEY UPDATE " + ", ".join(f"{name} = VALUES({name})" for name in renewed)
    else:
        keys = ", ".join(_column(_field(model, name)) for name in unique)
        change = f"ON CONFLICT ({keys}) DO UPDATE SET " + ", ".join(f"{name} = excluded.{name}" for name in renewed)
    columns = ", ".join(map(_column, fields))
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) {change}"  # noqa: S608  all names are the model's own


def _field(model: type[Model], name: str) -> AnyField:
    return next(field for field in model._meta.concrete_fields if field.name == name)


def _column(field: AnyField) -> str:
    return connection.ops.quote_name(str(field.column))
