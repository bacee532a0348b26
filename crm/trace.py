"""Which request is being answered, so that the log of acts can name it. Set by the middleware, read by the log."""

from contextvars import ContextVar
from typing import NamedTuple


class Trace(NamedTuple):
    """The identity of a request and the address it came from; both empty in jobs and commands."""

    request_id: str = ""
    address: str = ""


NOBODY = Trace()
_current: ContextVar[Trace] = ContextVar("trace", default=NOBODY)


def begin(request_id: str, address: str) -> None:
    """This function will name the request that this thread answers from now on."""
    _current.set(Trace(request_id, address))


def end() -> None:
    """This function will forget the request, so that the next work of this thread is not taken for it."""
    _current.set(NOBODY)


def current() -> Trace:
    """This function will return the request being answered."""
    return _current.get()
