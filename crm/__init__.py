"""The ground floor: people, policies, calendar, sending, and the wiring. Exposes the Celery app, nothing else."""

from crm.celery import app as celery_app

__all__ = ("celery_app",)
