"""Signatures: the bytes, the moment, the number and the secret must all be right."""

from datetime import datetime, timedelta

import pytest

from crm.providers import signing

NEW, OLD = "a-new-secret-01234567890123", "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"
BODY = '{"text": "生日快乐"}'.encode()


def genuine(
    given: dict[str, str], now: datetime, *, body: bytes = BODY, secrets: tuple[str, ...] = (NEW,)
) -> bool:
    return signing.is_genuine(given, body=body, secrets=secrets, at=now.timestamp())


class TestASignature:
    def sign(self, now: datetime, *secrets: str) -> dict[str, str]:
        return signing.headers("a1", timestamp=int(now.timestamp()), body=BODY, secrets=secrets or (NEW,))

    def test_is_known(self, now: datetime) -> None:
        assert genuine(self.sign(now), now)

    def test_by_either_of_two_secrets_is_known(self, now: datetime) -> None:
        assert genuine(self.sign(now, OLD), now, secrets=(NEW, OLD))
        assert genuine(self.sign(now, OLD, NEW), now)

    def test_of_another_secret_is_not(self, now: datetime) -> None:
        assert not genuine(self.sign(now, OLD), now)

    def test_of_other_bytes_is_not(self, now: datetime) -> None:
        assert not genuine(self.sign(now), now, body=BODY + b" ")

    def test_under_another_number_is_not(self, now: datetime) -> None:
        assert not genuine(self.sign(now) | {signing.ID: "a2"}, now)

    @pytest.mark.parametrize(("seconds", "known"), [(-301, False), (-300, True), (300, True), (301, False)])
    def test_counts_for_five_minutes(self, now: datetime, seconds: int, known: bool) -> None:
        assert genuine(self.sign(now), now + timedelta(seconds=seconds)) is known

    @pytest.mark.parametrize("junk", ["", "v1", "v1,", "v2,x", "v1,é", "v1,x " * 999])
    def test_that_is_junk_is_not_known(self, now: datetime, junk: str) -> None:
        assert not genuine(self.sign(now) | {signing.SIGNATURE: junk}, now)

    @pytest.mark.parametrize("junk", ["", "-1", "1e9", "٣", "9" * 400])
    def test_of_a_moment_that_is_none_is_not_known(self, now: datetime, junk: str) -> None:
        assert not genuine(self.sign(now) | {signing.TIMESTAMP: junk}, now)

    def test_without_secrets_is_never_known(self, now: datetime) -> None:
        assert not genuine(self.sign(now), now, secrets=())
