"""The root of every expected refusal. A refusal is a sentence for the person at the screen, never a crash."""


class Refusal(Exception):
    """Something was asked that may not be done; the message says what happened and what to do instead."""

    def __init__(self, message: str) -> None:
        """This function will keep the sentence that the doors show."""
        super().__init__(message)
        self.message = message
