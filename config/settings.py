"""Django's settings and the product's own; every value comes from the environment or .env (see .env.example)."""

from __future__ import annotations

from pathlib import Path

import dj_database_url
from django.utils.translation import gettext_lazy as _

from config import env as checks
from diagnostics.domain.facts import Limits

BASE_DIR = checks.BASE_DIR
VAR_DIR = BASE_DIR / "var"
env = checks.environment()

# The web application.
DEBUG = env.bool("DEBUG", False)
SECRET_KEY = env.str("SECRET_KEY", validate=checks.at_least_text(20))
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", ["localhost", "127.0.0.1", "[::1]"] if DEBUG else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", [])
HTTPS = env.bool("HTTPS", not DEBUG)
TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", 0, validate=checks.at_least(0))
ENVIRONMENT_NAME = env.str("ENVIRONMENT_NAME", "")
WEB_TIME_ZONE = env.str("TIME_ZONE", "UTC", validate=checks.is_time_zone)

# Our own database.
DATABASE_URL = env.str("DATABASE_URL", f"sqlite:///{VAR_DIR / 'dashboard.sqlite3'}", validate=checks.is_database_url)

# The host application.
HOST_DATABASE_URL = env.str("HOST_DATABASE_URL", "", validate=checks.is_database_url)
HOST_WRITE_DATABASE_URL = env.str("HOST_WRITE_DATABASE_URL", "", validate=checks.is_database_url)
HOST_SESSION_TABLE = env.str("HOST_SESSION_TABLE", "long_sequence_sessions", validate=checks.is_table_name)
HOST_COLUMNS = env.dict("HOST_COLUMNS", {}, validate=checks.are_columns)
HOST_TIME_ZONE = env.str("HOST_TIME_ZONE", "UTC", validate=checks.is_time_zone)
HOST_QUERY_SECONDS = env.float("HOST_QUERY_SECONDS", 30.0, validate=checks.at_least(0.1))
AUDIO_ROOT = env.str("AUDIO_ROOT", "", validate=checks.is_absolute_path)
HOST_AUDIO_ROOTS = env.list("HOST_AUDIO_ROOTS", [])
AUDIO_URL_PREFIX = env.str(
    "AUDIO_URL_PREFIX", "/static/generated_music/long_sequences/", validate=checks.is_url_prefix
)
PUBLIC_BASE_URL = env.str("PUBLIC_BASE_URL", "", validate=checks.is_web_url)
DELIVERY_HOSTS = env.list("DELIVERY_HOSTS", [])
QUARANTINE_ROOT = env.str("QUARANTINE_ROOT", "", validate=checks.is_absolute_path)
GENERATOR_PROCESS = env.str("GENERATOR_PROCESS", "")
READING_USER = env.str("READING_USER", "")
GENERATOR_USER = env.str("GENERATOR_USER", "")

# What the rules read (the defaults and meanings are those of the catalogue of causes).
LIMITS = Limits(
    client_timeout_seconds=env.int("CLIENT_TIMEOUT_SECONDS", 120, validate=checks.at_least(0)),
    pending_limit_seconds=env.int("PENDING_LIMIT_SECONDS", 600, validate=checks.at_least(1)),
    stall_limit_seconds=env.int("STALL_LIMIT_SECONDS", 900, validate=checks.at_least(1)),
    settle_seconds=env.int("SETTLE_SECONDS", 60, validate=checks.at_least(0)),
    duration_tolerance_percent=env.float("DURATION_TOLERANCE_PERCENT", 2.0, validate=checks.at_least(0)),
    disk_full_percent=env.float("DISK_FULL_PERCENT", 98.0, validate=checks.percent),
    evidence_window_seconds=env.int("EVIDENCE_WINDOW_SECONDS", 300, validate=checks.at_least(1)),
    orphan_grace_seconds=env.int("ORPHAN_GRACE_SECONDS", 86_400, validate=checks.at_least(0)),
    audio_retention_days=env.float("AUDIO_RETENTION_DAYS", None, validate=checks.at_least(0)),
)

# How often the worker works, in seconds.
PASS_INTERVAL_SECONDS = env.float("PASS_INTERVAL_SECONDS", 300.0, validate=checks.at_least(1))
SNAPSHOT_INTERVAL_SECONDS = env.float("SNAPSHOT_INTERVAL_SECONDS", 5.0, validate=checks.at_least(1))
SAMPLE_INTERVAL_SECONDS = env.float("SAMPLE_INTERVAL_SECONDS", 60.0, validate=checks.at_least(1))

if not DEBUG and not ALLOWED_HOSTS:
    env.list("ALLOWED_HOSTS")
checks.sealed(env)

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SCHEDULE = "config.schedule.SCHEDULE"

INSTALLED_APPS = [
    "sessions_admin",
    "diagnostics",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "axes",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "config.middleware.security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.middleware.login_required",
    "config.middleware.viewer_time_zone",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "axes.middleware.AxesMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.template.context_processors.tz",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "diagnostics.views.frame.frame",
            ],
        },
    }
]

DATABASES = {"default": checks.own_database(dj_database_url.parse(DATABASE_URL, conn_max_age=60))}

AUTHENTICATION_BACKENDS = ["axes.backends.AxesStandaloneBackend", "django.contrib.auth.backends.ModelBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "login"

# Five failures of one name from one address lock that pair for a quarter of an hour.
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = 0.25
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_TEMPLATE = "registration/locked.html"
AXES_IPWARE_PROXY_COUNT = TRUSTED_PROXY_COUNT
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = WEB_TIME_ZONE

STATIC_URL = "/assets/"
STATIC_ROOT = VAR_DIR / "assets"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"
        if not DEBUG
        else "django.contrib.staticfiles.storage.StaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_USE_SESSIONS = False
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = HTTPS
SECURE_SSL_REDIRECT = HTTPS
SECURE_HSTS_SECONDS = 31_536_000 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXY_COUNT else None
X_FRAME_OPTIONS = "DENY"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name}: {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
    "loggers": {
        "diagnostics": {"level": "INFO"},
        "sessions_admin": {"level": "INFO"},
        "axes": {"level": "ERROR"},
    },
}

Path(VAR_DIR).mkdir(parents=True, exist_ok=True)
