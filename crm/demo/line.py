"""The demo's way of sending: the real delivery with a line that takes everything but what it is told to spoil."""

from datetime import datetime

from crm import pulse
from crm.models.message import Channel
from crm.providers.base import Accepted, CannotBeAsked, Fate, Outgoing, Refused
from crm.services import delivery


class DemoLine:
    """Takes every message at once. `dead` refuses the next one for good; `mute` takes it without an answer."""

    name = "file"
    per_second: float | None = None
    reports_delivery = False

    def __init__(self) -> None:
        """This function will start with a line on which everything works."""
        self.dead = self.mute = False

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted | Refused:
        """This function will take a message, or spoil the one it was told to spoil."""
        dead, mute = self.dead, self.mute
        self.dead = self.mute = False
        if dead:
            return Refused("号码已停机")
        if mute:
            raise TimeoutError
        return Accepted(f"DEMO-{message.serial[:12]}", now)

    def query(self, serial: str, *, now: datetime) -> Fate:
        """This function will say that it cannot be asked, so that a message without an answer stays 未知."""
        raise CannotBeAsked


def deliver(at: datetime, line: DemoLine | None = None) -> None:
    """This function will send the text messages that were due at a moment, as of that moment."""
    delivery.deliver(
        clock=lambda: at,
        pause=lambda _seconds: None,
        pulse=pulse.read(),
        providers={Channel.SMS: line or DemoLine()},
    )
