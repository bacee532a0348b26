"""All settings, read from the environment once. `.env.example` lists every variable; environments differ by data only."""

import hashlib
import os
from pathlib import Path

from csp.constants import NONE, SELF

from crm import env

BASE_DIR = Path(__file__).resolve().parent.parent
VAR = Path(env.text("JIANNUO_VAR", str(BASE_DIR / "var")))
_here = hashlib.sha256(str(VAR).encode()).hexdigest()[:8]
# A unix socket's path must stay under 108 bytes, so it lives in a short folder of its own.
RUN_DIR = Path(env.text("JIANNUO_RUN", f"/tmp/jiannuo-{os.getuid()}-{_here}"))

DATABASE_URL = env.text("DATABASE_URL")
EMBEDDED = not DATABASE_URL
DEMO = env.flag("DEMO", default=False)
DEBUG = env.flag("DEBUG", default=False)
PUBLIC_URL = env.text("PUBLIC_URL", f"http://127.0.0.1:{env.integer('PORT', 8000)}")

_secrets = VAR / "secrets" if EMBEDDED else None
SECRET_KEY = env.secret("SECRET_KEY", _secrets)
PERSONAL_DATA_KEY = env.secret("PERSONAL_DATA_KEY", _secrets)
BLIND_INDEX_KEY = env.secret("BLIND_INDEX_KEY", _secrets)

ALLOWED_HOSTS = env.hosts("ALLOWED_HOSTS", PUBLIC_URL)
# How many of our own proxies stand before the web server; only what they wrote is believed.
PROXIES = env.integer("BEHIND_PROXY", 0)
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS")

INSTALLED_APPS = [
    "crm",
    "tiers",
    "servicing",
    "claims",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django_htmx",
    "csp",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
]

MIDDLEWARE = [
    "crm.middleware.Doorstep",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "crm.live_sessions.Authentication",
    "crm.live_sessions.LiveSessions",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "crm.middleware.PrivatePages",
]
# the first of all, so that it times the others too
MIDDLEWARE.insert(0, "crm.metrics.Timed")

ROOT_URLCONF = "crm.urls"
WSGI_APPLICATION = "crm.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": False,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "crm.context.frame",
            ],
            "builtins": ["django.templatetags.i18n", "django.templatetags.static"],
        },
    }
]

DATABASES = {"default": env.database(DATABASE_URL, VAR / "db.sqlite3")}
if EMBEDDED:
    VAR.mkdir(parents=True, exist_ok=True)
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "crm.User"
AUTHENTICATION_BACKENDS = ["crm.backends.StaffBackend"]
# Head office, auditors and who imports or exports: not while the demo's passwords stand in the README.
SECOND_FACTOR_REQUIRED = not DEMO
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "name"]},
    },
    {"NAME": "crm.passwords.NotOfThisHouse"},
]
SESSION_ENGINE = "crm.live_sessions"  # the session, the login, the person and the branch in one query
SESSION_COOKIE_AGE = 24 * 3600  # the outer bound; idle and longest time are rules of the house
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SAMESITE = "Lax"

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(VAR / "static")))
if EMBEDDED:
    STATIC_ROOT.mkdir(parents=True, exist_ok=True)  # stays empty here; it is looked for all the same
# Embedded mode serves straight from the source folders; the image collects once and serves hashed, compressed files.
WHITENOISE_USE_FINDERS = EMBEDDED
WHITENOISE_AUTOREFRESH = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if EMBEDDED
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
MEDIA_ROOT = VAR / "media"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
# Nothing longer is even read, files included.
BODY_MAX_BYTES = 30 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SILENCED_SYSTEM_CHECKS: list[str] = []
if PUBLIC_URL.startswith("https://"):
    SECURE_SSL_REDIRECT = env.flag("SECURE_SSL_REDIRECT", default=True)
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if PROXIES else None
    # asked by the container itself, without a proxy
    SECURE_REDIRECT_EXEMPT = [r"^(healthz(/work)?|readyz|metrics)$"]
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
    SESSION_COOKIE_NAME = "__Host-sessionid"
    CSRF_COOKIE_NAME = "__Host-csrftoken"

REST_FRAMEWORK = {
    # nobody, unless `crm.api.door` says otherwise
    "DEFAULT_AUTHENTICATION_CLASSES": [],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "crm.api.problems.handler",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "践诺接口",
    "DESCRIPTION": "与页面同一套权限、机构范围和服务。出错时回答 application/problem+json，title 是一句话的原因。",
    "VERSION": "v1",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    # pages of the logged-in person, not calls of a machine
    "SERVE_AUTHENTICATION": ["rest_framework.authentication.SessionAuthentication"],
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "ENUM_NAME_OVERRIDES": {
        "CustomerKindEnum": "crm.models.customer.CustomerKind",
        "CustomerStatusEnum": "crm.models.customer.CustomerStatus",
        "PolicyStatusEnum": "crm.models.policy.PolicyStatus",
        "TicketKindEnum": "servicing.models.ticket.TicketKind",
        "TicketStateEnum": "servicing.models.ticket.TicketState",
        "PromiseStateEnum": "servicing.models.commitment.State",
    },
    "ENUM_GENERATE_CHOICE_DESCRIPTION": True,
    "COMPONENT_SPLIT_REQUEST": True,
}

CELERY_BROKER_URL = env.text("BROKER_URL", f"redis+socket://{RUN_DIR}/broker.sock")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TIMEZONE = TIME_ZONE
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 3600,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
}
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_PUBLISH_RETRY = False
TICK_SECONDS = env.integer("TICK_SECONDS", 60)
CELERY_BEAT_SCHEDULE = {
    "tick": {"task": "crm.tick", "schedule": float(TICK_SECONDS), "options": {"expires": 55}}
}
CELERY_BEAT_SCHEDULE_FILENAME = str(VAR / "beat-schedule")

# Sending. The file provider writes one line per message to this folder and answers queries from it.
MESSAGE_PROVIDER = env.text("MESSAGE_PROVIDER", "file")
EMAIL_PROVIDER = env.text("EMAIL_PROVIDER", "file")
MESSAGE_GATEWAY_URL = env.text("MESSAGE_GATEWAY_URL")
MESSAGE_GATEWAY_SECRETS = env.secrets_of("MESSAGE_GATEWAY_SECRETS")
EMAIL_FROM = env.text("EMAIL_FROM")
EMAIL_HOST = env.text("EMAIL_HOST")
EMAIL_PORT = env.integer("EMAIL_PORT", 587)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER")
EMAIL_HOST_PASSWORD = next(iter(env.secrets_of("EMAIL_HOST_PASSWORD")), "")
EMAIL_USE_SSL = env.flag("EMAIL_USE_SSL")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=not EMAIL_USE_SSL)
# No provider is handed more messages a second than this, all workers together; it is also the pace after an outage.
MESSAGE_RATE = env.number("MESSAGE_RATE", 20)
# So many failures in a row and a provider rests; then one message tries it again.
BREAKER_FAILURES = env.integer("BREAKER_FAILURES", 10)
BREAKER_SECONDS = env.integer("BREAKER_SECONDS", 60)
MESSAGE_FOLDER = Path(env.text("MESSAGE_FOLDER", str(VAR / "sent")))
LEASE_SECONDS = env.integer("LEASE_SECONDS", 60)
# After a time-out the provider is asked only when nothing can still be on its way to it.
SETTLE_SECONDS = env.integer("SETTLE_SECONDS", 900)
# More than this many messages waiting after an outage leave only when a person has confirmed it.
FLUSH_GUARD = env.integer("FLUSH_GUARD", 200)

# Who may read /healthz/work and /metrics without logging in, and from when on a figure is worth a word or an alarm.
HEALTH_TOKEN = env.secret("HEALTH_TOKEN", optional=True)
HEALTH_ADDRESSES = env.words("HEALTH_ADDRESSES", "127.0.0.1,::1")
HEALTH_WARN_SECONDS = env.integer("HEALTH_WARN_SECONDS", 120)
HEALTH_ALARM_SECONDS = env.integer("HEALTH_ALARM_SECONDS", 600)
HEALTH_TICK_SECONDS = env.integer("HEALTH_TICK_SECONDS", 180)
HEALTH_DISK_WARN_MB = env.integer("HEALTH_DISK_WARN_MB", 2048)
HEALTH_DISK_ALARM_MB = env.integer("HEALTH_DISK_ALARM_MB", 512)

# Backups: sealed with a key of their own, the newest kept.
BACKUP_FOLDER = Path(env.text("BACKUP_FOLDER", str(VAR / "backups")))
BACKUP_KEY = env.secret("BACKUP_KEY", _secrets, optional=True)
BACKUP_KEEP = env.integer("BACKUP_KEEP", 14)
BACKUP_WARN_HOURS = env.integer("BACKUP_WARN_HOURS", 26)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "INFO")},
}
