"""On MariaDB and MySQL, keys and statuses are told apart byte by byte, as on every other engine.

Their usual collations take `aB` for `AB`, `ß` for `ss` and `a ` for `a`: sessions of a host with keys of text would be
taken for one another.
"""

from __future__ import annotations

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

COLUMNS = (
    ("diagnostics_sessionentry", "key", 255),
    ("diagnostics_sessionentry", "status", 64),
    ("diagnostics_ledgerfile", "named_session", 255),
)


def compare_exactly(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    connection = editor.connection
    if connection.vendor != "mysql":
        return
    collation = "utf8mb4_nopad_bin" if getattr(connection, "mysql_is_mariadb", False) else "utf8mb4_0900_bin"
    for table, column, length in COLUMNS:
        editor.execute(
            f"ALTER TABLE {table} MODIFY `{column}` VARCHAR({length}) "
            f"CHARACTER SET utf8mb4 COLLATE {collation} NOT NULL"
        )


class Migration(migrations.Migration):
    atomic = False  # MariaDB commits at every change of a table anyway
    dependencies = [("diagnostics", "0001_initial")]
    operations = [migrations.RunPython(compare_exactly, migrations.RunPython.noop)]
