"""Adds the rights of the further actions, and gives them to engineers and administrators."""

from __future__ import annotations

from django.db import migrations

NEW = {
    "regenerate_session": "Have the audio of a completed session composed again",
    "correct_session": "Correct a session's row: complete it, relink it, mark it failed",
    "quarantine": "Put audio files aside, bring them back, let them expire",
    "handle": "Mark incidents and sessions as handled, with a note",
    "pause": "Switch long sequences off and on",
}
ALL = (
    ("reset_session", "Reset one failed session"),
    ("reset_stuck_session", "Reset one session that is stuck in generation"),
    *NEW.items(),
    ("act_on_many", "Act on many sessions at once"),
    ("view_audit", "See the audit"),
    ("administer", "Administer logins, tokens and thresholds, and approve as the second person"),
)


def give_rights(apps, schema_editor):
    alias = schema_editor.connection.alias
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.using(alias).get_or_create(app_label="sessions_admin", model="auditentry")
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    added = [
        permissions.get_or_create(content_type=kind, codename=codename, defaults={"name": name})[0]
        for codename, name in NEW.items()
    ]
    for group in apps.get_model("auth", "Group").objects.using(alias).filter(name__in=("engineer", "administrator")):
        group.permissions.add(*added)


class Migration(migrations.Migration):
    dependencies = [("sessions_admin", "0004_plans_and_runs")]
    operations = [
        migrations.AlterModelOptions(
            name="auditentry", options={"default_permissions": (), "ordering": ["-seq"], "permissions": ALL}
        ),
        migrations.RunPython(give_rights, migrations.RunPython.noop),
    ]
