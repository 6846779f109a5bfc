"""Makes the four roles: groups with permissions. It makes the permissions too, which Django itself would do only later."""

from __future__ import annotations

from django.db import migrations

LOOK = {
    "view_figures": "See the overview and the figures",
    "view_sessions": "See sessions, user identifiers and file findings",
    "view_system": "See resources and passes",
}
TOUCH = {
    "reset_session": "Reset one failed session",
    "reset_stuck_session": "Reset one session that is stuck in generation",
    "act_on_many": "Act on many sessions at once",
    "view_audit": "See the audit",
    "administer": "Administer logins, tokens and thresholds, and approve as the second person",
}
ROLES = {
    "support": (*LOOK, "reset_session"),
    "engineer": (*LOOK, "reset_session", "reset_stuck_session", "act_on_many", "view_audit"),
    "manager": ("view_figures",),
    "administrator": (*LOOK, *TOUCH),
}


def make_roles(apps, schema_editor):
    alias = schema_editor.connection.alias
    known = {**declared(apps, alias, "diagnostics", "pass", LOOK), **declared(apps, alias, "sessions_admin", "auditentry", TOUCH)}
    group_model = apps.get_model("auth", "Group")
    for role, names in ROLES.items():
        group, _ = group_model.objects.using(alias).get_or_create(name=role)
        group.permissions.add(*(known[name] for name in names))


def declared(apps, alias, app_label, model, names):
    kind, _ = apps.get_model("contenttypes", "ContentType").objects.using(alias).get_or_create(app_label=app_label, model=model)
    permissions = apps.get_model("auth", "Permission").objects.using(alias)
    return {
        codename: permissions.get_or_create(content_type=kind, codename=codename, defaults={"name": name})[0]
        for codename, name in names.items()
    }


class Migration(migrations.Migration):
    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("diagnostics", "0001_initial"),
        ("sessions_admin", "0001_initial"),
    ]
    operations = [migrations.RunPython(make_roles, migrations.RunPython.noop)]
