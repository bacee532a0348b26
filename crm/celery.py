"""The Celery app. It only runs things soon; what is due lives in the database."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "crm.settings")

app = Celery("jiannuo")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
