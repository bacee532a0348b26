"""The provider of notices on our own pages: a staff notice is delivered when its row says so."""

from datetime import datetime

from crm.providers.base import Accepted, Fate, Outgoing


class InAppProvider:
    """Accepts everything: the reader's bell shows the row itself."""

    name = "in_app"
    per_second: float | None = None
    reports_delivery = False

    def submit(self, message: Outgoing, *, now: datetime) -> Accepted:
        """This function will accept the notice."""
        return Accepted(message.serial, now)

    def query(self, serial: str, *, now: datetime) -> Fate:
        """This function will say never seen, so that an interrupted notice is simply shown again."""
        return None
