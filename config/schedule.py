"""Every recurring task of the worker, with its interval. Tasks of one lane wait for each other; lanes run side by side."""

from __future__ import annotations

from django.conf import settings

from sessions_admin.worker.recurring import Recurring

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

SCHEDULE = (
    Recurring("pass", "diagnostics.reconcile.run_pass", settings.PASS_INTERVAL_SECONDS, "passes"),
    Recurring("sample", "diagnostics.sampling.take_sample", settings.SAMPLE_INTERVAL_SECONDS, "samples"),
    Recurring("parts", "diagnostics.parts.take_part_samples", settings.PARTS_INTERVAL_SECONDS, "parts"),
    Recurring("listen", "diagnostics.listening.listen_to_recent", settings.LISTEN_INTERVAL_SECONDS, "listening"),
    Recurring("delivery", "diagnostics.delivery_rounds.ask_recent", settings.DELIVERY_INTERVAL_SECONDS, "delivery"),
    Recurring("figures", "diagnostics.rates.recount.recount", 5.0, "figures"),
    Recurring("alerts", "diagnostics.alerts.rounds.look_at_rules", settings.ALERT_INTERVAL_SECONDS, "alerts"),
    Recurring("snapshot", "diagnostics.snapshot.make_snapshot", settings.SNAPSHOT_INTERVAL_SECONDS, "pages"),
    Recurring("availability", "sessions_admin.availability_file.keep_up", 3.0, "availability"),
    Recurring("runs", "sessions_admin.runs.carry.work_on_runs", 1.0, "runs"),
    Recurring("unanswered", "sessions_admin.runs.approve.close_unanswered", MINUTE / 2, "upkeep"),
    Recurring("tell", "sessions_admin.telling.tell.tell", 1.0, "telling"),
    Recurring("pickups", "sessions_admin.runs.pickup.look_for_pickups", MINUTE / 2, "upkeep"),
    Recurring("policies", "sessions_admin.policies.rounds.work_on_policies", MINUTE, "policies"),
    Recurring("expire", "sessions_admin.policies.expiry.expire_due", MINUTE, "policies"),
    Recurring("settle", "sessions_admin.actions.settle_open_intents", MINUTE, "upkeep"),
    Recurring("close_handled", "sessions_admin.desk.closing.close_ended", MINUTE, "upkeep"),
    Recurring("forget", "diagnostics.housekeeping.forget_old", HOUR, "upkeep"),
    Recurring("note_audit", "sessions_admin.verification.note_head", DAY, "upkeep"),
    Recurring("forget_tellings", "sessions_admin.telling.outbox.forget_old", HOUR, "upkeep"),
    Recurring("group_alerts", "sessions_admin.alerting.grouping.group", 2.0, "grouping"),
    Recurring("notify", "sessions_admin.alerting.sending.notify", 2.0, "notifying"),
    Recurring("forget_notifications", "sessions_admin.alerting.outbox.forget_old", HOUR, "upkeep"),
    Recurring("weekly_report", "sessions_admin.report.weekly.queue_reports", HOUR, "upkeep"),
    Recurring("forget_logins", "sessions_admin.housekeeping.forget_old_logins", HOUR, "upkeep"),
)
