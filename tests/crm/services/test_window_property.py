"""F43: a hundred thousand random moments; a greeting never leaves outside 09:00:00–20:59:59 nor after its own window."""

import random
import time
from datetime import datetime, timedelta

import pytest

from crm.models import Contact, Customer, Message
from crm.models.message import MessageState
from crm.services.delivery.eligibility import obstacle
from crm.time import SHANGHAI, local
from crm.time.rules import DEFAULT_RULES
from tests.figures import keep, size

START = datetime(2026, 1, 1, tzinfo=SHANGHAI)
EDGES = ((8, 59, 59), (9, 0, 0), (20, 59, 59), (21, 0, 0), (0, 0, 0), (23, 59, 59))
CLASSES = ("marketing", "service")


def message(kind: str, not_after: datetime | None) -> Message:
    contact = Contact(customer=Customer(status="active"), phone_sealed="x", consented_at=START)
    return Message(message_class=kind, channel="sms", contact=contact, not_after=not_after)


def moments(count: int, chance: random.Random) -> list[datetime]:
    year = 366 * 86_400 * 1_000_000
    drawn = [START + timedelta(microseconds=chance.randrange(year)) for _one in range(count)]
    return drawn + [
        (START + timedelta(days=day)).replace(hour=hour, minute=minute, second=second, microsecond=part)
        for day in range(0, 366, 6)
        for hour, minute, second in EDGES
        for part in (0, 999_999)
    ]


class TestTheSendWindow:
    @pytest.mark.parametrize("kind", CLASSES)
    def test_is_kept_at_any_moment(self, kind: str) -> None:
        chance, began = random.Random(43), time.monotonic()
        drawn = moments(size(10_000, 50_000), chance)
        for now in drawn:
            last = now + timedelta(hours=chance.randrange(-30, 60)) if chance.random() < 0.7 else None
            found = obstacle(message(kind, last), now=now, rules=DEFAULT_RULES)
            here = local(now).time().replace(microsecond=0)
            open_now = kind == "service" or (9, 0, 0) <= (here.hour, here.minute, here.second) <= (20, 59, 59)
            in_time = last is None or now <= last
            assert (found is None) == (open_now and in_time), (now, last)
            if found is not None and found.again_at is not None:
                again = local(found.again_at)
                assert (again.hour, again.minute, again.second, again > now) == (9, 0, 0, True)
                assert last is None or again <= last
            elif found is not None:
                assert found.state == MessageState.MISSED
        keep("F43", f"发送时段（{kind}）", "--", f"{len(drawn)} 个时刻", "时段外发出 0", began)
