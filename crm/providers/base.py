"""What every way of sending must be able to do. Adapters live beside this file; services know only this one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message on its way. `serial` is the same at every try, so the far side can be asked about it."""

    serial: str
    kind: str
    channel: str
    to: str
    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message; `reference` is its own number for it."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider says that the message reached its reader, which it had taken before."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Undelivered:
    """The provider had taken the message and gave it up for good."""

    reason: str
    at: datetime


# What became of a serial; None if it was never seen.
Fate = Accepted | Delivered | Undelivered | None


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider said a clear no. A lasting no is final; a passing one (a limit, say) is tried again later.

    `of_provider`: it would have refused any message now, which counts against the provider, not the message.
    """

    reason: str
    lasting: bool = True
    of_provider: bool = False


class NeverLeft(Exception):
    """The request did not leave this machine (connection refused, say), so trying again is safe."""


class CannotBeAsked(Exception):
    """The provider has no way to ask what became of a serial, or does not answer now."""


class Provider(Protocol):
    """One way of sending. Any exception other than NeverLeft means that nobody knows whether it was sent.

    `per_second` is how many messages it may be handed (None: as many as there are); `reports_delivery` says
    whether it knows later that a message arrived, so that asking makes sense.
    """

    name: str
    per_second: float | None
    reports_delivery: bool

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted | Refused:
        """This function will hand over one message, within seconds."""
        ...

    def query(self, serial: str, *, now: datetime) -> Fate:
        """This function will say what became of a serial, or None if it was never seen."""
        ...
