"""Many rows in one prepared statement, on every engine.

Django's `bulk_create(update_conflicts=True)` and `bulk_update` build a new statement for every batch, which takes eight
times as long as running it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
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
        _run(_upsert_statement(model, fields, unique, renew), _values(rows, fields), fields)


def update(model: type[Model], changes: Iterable[tuple[object, Mapping[str, object]]]) -> None:
    """Write (primary key, values by field name): only the fields that are named, so that no index is written in vain."""
    groups: dict[tuple[str, ...], list[list[object]]] = defaultdict(list)
    for key, values in changes:
        if values:
            groups[tuple(values)].append([*values.values(), key])
    for names, lines in groups.items():
        fields = [_field(model, name) for name in names]
        renewed = ", ".join(f"{_column(field)} = %s" for field in fields)
        pk = model._meta.pk
        assert pk is not None  # noqa: S101  every model has one
        table = connection.ops.quote_name(model._meta.db_table)
        _run(f"UPDATE {table} SET {renewed} WHERE {_column(pk)} = %s", lines, [*fields, pk])  # noqa: S608  our names


def insert(rows: Sequence[Row]) -> None:
    """Insert rows; their keys are the database's to give, and are not read back."""
    if rows:
        model = type(rows[0])
        fields = [field for field in model._meta.concrete_fields if not field.primary_key]
        _run(_insert_statement(model, fields), _values(rows, fields), fields)


def differences(row: Model, before: Model, names: Iterable[str]) -> dict[str, object]:
    """Return the values by field name in which a row differs from the one that stands."""
    pairs = ((name, getattr(row, name), getattr(before, name)) for name in names)
    return {name: new for name, new, old in pairs if new != old}


def _values(rows: Sequence[Model], fields: Sequence[AnyField]) -> list[list[object]]:
    names = [field.attname for field in fields]
    return [[getattr(row, name) for name in names] for row in rows]


def _run(statement: str, lines: list[list[Any]], fields: Sequence[AnyField]) -> None:
    adapters = [(place, adapter) for place, field in enumerate(fields) if (adapter := _adapter(field))]
    for line in lines:
        for place, adapter in adapters:
            line[place] = adapter(line[place])
    with connection.cursor() as cursor:
        cursor.executemany(statement, lines)


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
    return f"{_insert_statement(model, fields)} {change}"


def _insert_statement(model: type[Model], fields: Sequence[AnyField]) -> str:
    columns = ", ".join(map(_column, fields))
    marks = ", ".join(["%s"] * len(fields))
    table = connection.ops.quote_name(model._meta.db_table)
    return f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608  all names are the model's own


def _field(model: type[Model], name: str) -> AnyField:
    return next(field for field in model._meta.concrete_fields if field.name == name)


def _column(field: AnyField) -> str:
    return connection.ops.quote_name(str(field.column))
