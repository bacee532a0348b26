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


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message; `reference` is its own number for it."""

    reference: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider said a clear no. A lasting no is final; a passing one (a limit, say) is tried again later."""

    reason: str
    lasting: bool = True


class NeverLeft(Exception):
    """The request did not leave this machine (connection refused, say), so trying again is safe."""


class CannotBeAsked(Exception):
    """The provider has no way to ask what became of a serial, or does not answer now."""


class Provider(Protocol):
    """One way of sending. Any exception other than NeverLeft means that nobody knows whether it was sent."""

    name: str

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted | Refused:
        """This function will hand over one message, within seconds."""
        ...

    def query(self, serial: str) -> Accepted | None:
        """This function will say what became of a serial: accepted, or None if it was never seen."""
        ...
