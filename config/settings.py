"""Django's settings and the product's own; every value comes from the environment or .env (see .env.example)."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from config import checks, databases, mail
from config.env import BASE_DIR, environment
from diagnostics.domain.facts import Limits

VAR_DIR = BASE_DIR / "var"
LOCKS_DIR = VAR_DIR / "locks"  # one look at a mount at a time, over all our processes
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
env = environment()

# The web application.
DEBUG = env.flag("DEBUG", default=False)
SECRET_KEY = env.text("SECRET_KEY")
AUDIT_KEY = env.text("AUDIT_KEY", "", check=checks.key)
ALLOWED_HOSTS = env.names("ALLOWED_HOSTS", LOCAL_HOSTS if DEBUG else None, check=checks.host_names)
CSRF_TRUSTED_ORIGINS = env.names("CSRF_TRUSTED_ORIGINS", [], check=checks.web_origins)
HTTPS = env.flag("HTTPS", default=not DEBUG)
TRUSTED_PROXY_COUNT = env.whole("TRUSTED_PROXY_COUNT", 0, check=checks.at_least(0))
ENVIRONMENT_NAME = env.text("ENVIRONMENT_NAME", "")

# Where and how gunicorn serves it (config/gunicorn.py).
ADDRESS = env.text("ADDRESS", "127.0.0.1")
PORT = env.whole("PORT", 8800, check=checks.port)
WEB_PROCESSES = env.whole("WEB_PROCESSES", 2, check=checks.at_least(1))
WEB_THREADS = env.whole("WEB_THREADS", 8, check=checks.at_least(1))

# Our own database.
DATABASE_URL = env.text("DATABASE_URL", f"sqlite:///{VAR_DIR / 'dashboard.sqlite3'}", check=checks.database_url)

# The host application.
HOST_DATABASE_URL = env.text("HOST_DATABASE_URL", "", check=checks.database_url)
HOST_WRITE_DATABASE_URL = env.text("HOST_WRITE_DATABASE_URL", "", check=checks.database_url)
HOST_SESSION_TABLE = env.text("HOST_SESSION_TABLE", "long_sequence_sessions", check=checks.table_name)
HOST_COLUMNS = env.pairs("HOST_COLUMNS", {}, check=checks.columns)
HOST_TIME_ZONE = env.text("HOST_TIME_ZONE", "UTC", check=checks.time_zone)
# The dashboard's own: the host's day is the day that figures speak of, unless told otherwise.
TIME_ZONE = env.text("TIME_ZONE", HOST_TIME_ZONE, check=checks.time_zone)
HOST_QUERY_SECONDS = env.number("HOST_QUERY_SECONDS", 30.0, check=checks.at_least(0.1))
AUDIO_ROOT = env.text("AUDIO_ROOT", "", check=checks.absolute_path)
HOST_AUDIO_ROOTS = env.names("HOST_AUDIO_ROOTS", [], check=checks.absolute_paths)
AUDIO_URL_PREFIX = env.text("AUDIO_URL_PREFIX", "/static/generated_music/long_sequences/", check=checks.url_prefix)
PUBLIC_BASE_URL = env.text("PUBLIC_BASE_URL", "", check=checks.web_url)
DELIVERY_HOSTS = env.names("DELIVERY_HOSTS", [], check=checks.host_names)
DELIVERY_NETWORKS = env.names("DELIVERY_NETWORKS", [], check=checks.networks)
HOST_API_URL = env.text("HOST_API_URL", "", check=checks.web_url)
QUARANTINE_ROOT = env.text(
    "QUARANTINE_ROOT", f"{AUDIO_ROOT.rstrip('/')}/.quarantine" if AUDIO_ROOT else "", check=checks.absolute_path
)
QUARANTINE_DAYS = env.number("QUARANTINE_DAYS", 7.0, check=checks.at_least(1))
AVAILABILITY_FILE = env.text("AVAILABILITY_FILE", "", check=checks.file_path)
GENERATOR_PROCESS = env.text("GENERATOR_PROCESS", "")
READING_USER = env.text("READING_USER", "")
GENERATOR_USER = env.text("GENERATOR_USER", "")

# The host's parts: each is probed where its setting says so.
ENGINE_COMMAND = env.text("ENGINE_COMMAND", "", check=checks.command_line)
ENGINE_SECONDS = env.number("ENGINE_SECONDS", 20.0, check=checks.at_least(0.1))
WATCH_HOST_DATABASE = env.flag("WATCH_HOST_DATABASE", default=False)
WATCH_AUDIO_MOUNT = env.flag("WATCH_AUDIO_MOUNT", default=False)
HOST_CACHE_URL = env.text("HOST_CACHE_URL", "", check=checks.cache_url)
HOST_BROKER_URL = env.text("HOST_BROKER_URL", "", check=checks.broker_url)
HOST_QUEUES = env.names("HOST_QUEUES", [])
HOST_QUEUE_KIND = env.text("HOST_QUEUE_KIND", "celery", check=checks.one_of("celery", "rq"))

# What other machines may ask of us.
METRICS_TOKEN = env.text("METRICS_TOKEN", "", check=checks.secret)
METRICS_NETWORKS = env.names("METRICS_NETWORKS", [], check=checks.networks)
MARKER_TOKEN = env.text("MARKER_TOKEN", "", check=checks.secret)

# How people are told of alerts, and how somebody outside learns that nobody looks any more.
DASHBOARD_URL = env.text("DASHBOARD_URL", "", check=checks.web_url)
SMTP_URL = env.text("SMTP_URL", "", check=mail.smtp_url)
MAIL_FROM = env.text("MAIL_FROM", "", check=mail.address)
ALERT_PING_URL = env.text("ALERT_PING_URL", "", check=checks.web_url)

# How the host's worker learns of a session that is pending again.
HOST_PICKUP = env.text("HOST_PICKUP", "poll", check=checks.one_of("poll", "webhook", "celery"))
HOST_WEBHOOK_URL = env.text("HOST_WEBHOOK_URL", "", check=checks.web_url)
HOST_WEBHOOK_SECRET = env.text("HOST_WEBHOOK_SECRET", "", check=checks.secret)
HOST_CELERY_TASK = env.text("HOST_CELERY_TASK", "")
HOST_CELERY_QUEUE = env.text("HOST_CELERY_QUEUE", "celery")

# What the rules read (the defaults and meanings are those of the catalogue of causes).
LIMITS = Limits(
    client_timeout_seconds=env.whole("CLIENT_TIMEOUT_SECONDS", 120, check=checks.at_least(0)),
    pending_limit_seconds=env.whole("PENDING_LIMIT_SECONDS", 600, check=checks.at_least(1)),
    stall_limit_seconds=env.whole("STALL_LIMIT_SECONDS", 900, check=checks.at_least(1)),
    settle_seconds=env.whole("SETTLE_SECONDS", 60, check=checks.at_least(0)),
    duration_tolerance_percent=env.number("DURATION_TOLERANCE_PERCENT", 2.0, check=checks.at_least(0)),
    disk_full_percent=env.number("DISK_FULL_PERCENT", 98.0, check=checks.percent),
    evidence_window_seconds=env.whole("EVIDENCE_WINDOW_SECONDS", 300, check=checks.at_least(1)),
    orphan_grace_seconds=env.whole("ORPHAN_GRACE_SECONDS", 86_400, check=checks.at_least(0)),
    audio_retention_days=env.number("AUDIO_RETENTION_DAYS", None, check=checks.at_least(0)),
)

# How often the worker works, in seconds.
PASS_INTERVAL_SECONDS = env.number("PASS_INTERVAL_SECONDS", 300.0, check=checks.at_least(1))
SNAPSHOT_INTERVAL_SECONDS = env.number("SNAPSHOT_INTERVAL_SECONDS", 5.0, check=checks.at_least(1))
SAMPLE_INTERVAL_SECONDS = env.number("SAMPLE_INTERVAL_SECONDS", 60.0, check=checks.at_least(1))
LISTEN_INTERVAL_SECONDS = env.number("LISTEN_INTERVAL_SECONDS", 60.0, check=checks.at_least(1))
DELIVERY_INTERVAL_SECONDS = env.number("DELIVERY_INTERVAL_SECONDS", 60.0, check=checks.at_least(1))
DELIVERY_QUESTIONS = env.whole("DELIVERY_QUESTIONS", 30, check=checks.at_least(0))
PARTS_INTERVAL_SECONDS = env.number("PARTS_INTERVAL_SECONDS", 60.0, check=checks.at_least(1))
ALERT_INTERVAL_SECONDS = env.number("ALERT_INTERVAL_SECONDS", 60.0, check=checks.at_least(1))
LISTEN_MEGABYTES = env.whole("LISTEN_MEGABYTES", 256, check=checks.at_least(0))

# How much one person may move at once.
SECOND_PERSON_FILES = env.whole("SECOND_PERSON_FILES", 1_000, check=checks.at_least(0))
SECOND_PERSON_GIGABYTES = env.whole("SECOND_PERSON_GIGABYTES", 200, check=checks.at_least(0))

if HOST_WRITE_DATABASE_URL and not HOST_DATABASE_URL:
    env.refuse("HOST_WRITE_DATABASE_URL", "is of no use without HOST_DATABASE_URL: set that one too.")
NEEDED_FOR_PICKUP = {
    "webhook": {"HOST_WEBHOOK_URL": HOST_WEBHOOK_URL, "HOST_WEBHOOK_SECRET": HOST_WEBHOOK_SECRET},
    "celery": {"HOST_CELERY_TASK": HOST_CELERY_TASK, "HOST_BROKER_URL": HOST_BROKER_URL},
}
if SMTP_URL and not MAIL_FROM:
    env.refuse("MAIL_FROM", "is needed with SMTP_URL, and not set.")
for name, value in NEEDED_FOR_PICKUP.get(HOST_PICKUP, {}).items():
    if not value and name not in env.problems:
        env.refuse(name, f"is needed with HOST_PICKUP={HOST_PICKUP}, and not set.")
env.refuse_problems()
# What was asked for and given, for manage.py doctor.
ENVIRONMENT = env

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SCHEDULE = "config.schedule.SCHEDULE"
# What the doctor asks beside its own families: those of the app that it cannot import.
FURTHER_CHECKS = ("sessions_admin.doctor.check_pause",)

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
    "django.middleware.gzip.GZipMiddleware",
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

DATABASES = {"default": databases.own_database(DATABASE_URL)}

EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
MAIL_SERVER = mail.server(SMTP_URL)
EMAIL_HOST, EMAIL_PORT = MAIL_SERVER.host, MAIL_SERVER.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = MAIL_SERVER.user, MAIL_SERVER.password
EMAIL_USE_TLS, EMAIL_USE_SSL = MAIL_SERVER.is_starttls, MAIL_SERVER.is_tls
EMAIL_TIMEOUT = 15
DEFAULT_FROM_EMAIL = MAIL_FROM

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
AXES_CLIENT_IP_CALLABLE = "config.middleware.client_address"
AXES_VERBOSE = False

LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True

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
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked inside, by plain http
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

databases.make_folder_of(DATABASES["default"])
