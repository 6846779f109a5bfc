"""Chains the audit: the entries that are there already are linked in their order."""

from __future__ import annotations

from django.db import migrations, models

from sessions_admin import chain

BATCH = 500


def link_entries(apps, schema_editor):
    alias = schema_editor.connection.alias
    entries = apps.get_model("sessions_admin", "AuditEntry").objects.using(alias)
    head = {"seq": 0, "hash": chain.BEGINNING}
    while batch := list(entries.filter(seq__gt=head["seq"]).order_by("seq")[:BATCH]):
        for entry in batch:
            entry.prev_hash = head["hash"]
            entry.hash = chain.link(entry.prev_hash, {name: getattr(entry, name) for name in chain.COVERED})
            head = {"seq": entry.seq, "hash": entry.hash}
        entries.bulk_update(batch, ["prev_hash", "hash"])
    apps.get_model("sessions_admin", "AuditHead").objects.using(alias).create(pk=1, **head)


class Migration(migrations.Migration):
    dependencies = [("sessions_admin", "0002_roles")]
    operations = [
        migrations.AddField("auditentry", "prev_hash", models.CharField(blank=True, default="", max_length=64)),
        migrations.AddField("auditentry", "hash", models.CharField(blank=True, default="", max_length=64)),
        migrations.CreateModel(
            name="AuditHead",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seq", models.BigIntegerField(default=0)),
                ("hash", models.CharField(blank=True, default="", max_length=64)),
            ],
            options={"default_permissions": ()},
        ),
        migrations.RunPython(link_entries, migrations.RunPython.noop),
    ]
