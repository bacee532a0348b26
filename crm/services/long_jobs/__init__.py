"""Long work: asked for, done in pieces by whoever is free, cancelled, and taken up again after any stop."""

from crm.services.long_jobs.requesting import (
    CannotBeCancelled,
    CannotBeResumed,
    cancel,
    forget,
    nudge,
    request,
    resume,
)
from crm.services.long_jobs.working import LeaseIsLost, WasCancelled, work

__all__ = [
    "CannotBeCancelled",
    "CannotBeResumed",
    "LeaseIsLost",
    "WasCancelled",
    "cancel",
    "forget",
    "nudge",
    "request",
    "resume",
    "work",
]
