"""django-helpdesk's site, run by the interpreter of an environment of its own. Knows nothing of ours."""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

ENGINE, NAME = os.environ["HELPDESK_ENGINE"], os.environ["HELPDESK_NAME"]
settings.configure(
    SECRET_KEY="bench",
    DEBUG=False,
    ALLOWED_HOSTS=["127.0.0.1"],
    ROOT_URLCONF="helpdesk_site_urls",
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    USE_TZ=True,
    SITE_ID=1,
    STATIC_URL="/static/",
    MEDIA_ROOT="/tmp",
    EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
    HELPDESK_TEAMS_MODE_ENABLED=False,
    HELPDESK_TEAMS_MODEL="auth.User",
    HELPDESK_TEAMS_MIGRATION_DEPENDENCIES=[],
    HELPDESK_KBITEM_TEAM_GETTER=lambda _kb: None,
    INSTALLED_APPS=[
        *(
            f"django.contrib.{one}"
            for one in ("admin", "auth", "contenttypes", "sessions", "messages", "sites")
        ),
        "django.contrib.humanize",
        "django.contrib.staticfiles",
        "rest_framework",
        "helpdesk.apps.HelpdeskConfig",
    ],
    MIDDLEWARE=[
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
        "django.middleware.csrf.CsrfViewMiddleware",
        "django.contrib.auth.middleware.AuthenticationMiddleware",
        "django.contrib.messages.middleware.MessageMiddleware",
        "django.middleware.clickjacking.XFrameOptionsMiddleware",
    ],
    TEMPLATES=[
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "APP_DIRS": True,
            "OPTIONS": {
                "context_processors": [
                    "django.template.context_processors.request",
                    "django.contrib.auth.context_processors.auth",
                    "django.contrib.messages.context_processors.messages",
                ]
            },
        }
    ],
    DATABASES={
        "default": {
            "ENGINE": f"django.db.backends.{ENGINE}",
            "NAME": NAME,
            "CONN_MAX_AGE": None,
            **({"HOST": "127.0.0.1", "PORT": "5432", "USER": "root"} if ENGINE == "postgresql" else {}),
            "OPTIONS": {}
            if ENGINE == "postgresql"
            else {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
            },
        }
    },
)
application = get_wsgi_application()
