"""A celery whose broker delivers every message two to five times: `python -m tests.stack.many_times -A crm worker …`."""

import random
import sys
from typing import Any

from celery.__main__ import main
from kombu.transport.redis import Channel

CHANCE = random.Random(10)
_put = Channel._put


def put(self: Channel, queue: str, message: dict[str, Any], **more: Any) -> None:
    """This function will put the very same message into the queue again and again."""
    for _time in range(CHANCE.randrange(2, 6)):
        _put(self, queue, message, **more)


if __name__ == "__main__":
    Channel._put = put
    sys.exit(main())
