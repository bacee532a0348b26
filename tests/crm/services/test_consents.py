"""What a person said about care messages by one channel: the latest statement holds, before every single send."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from crm.models import Consent, Contact, Customer, LogEntry, Message, User
from crm.models.message import Channel, MessageClass
from crm.providers.base import Outgoing
from crm.selectors import consents as read
from crm.services import consents, contacts
from tests.factories import crm as make
from tests.factories.sending import Gateway, greeting, run_delivery

pytestmark = pytest.mark.django_db


@pytest.fixture
def contact(gold: Customer, now: datetime) -> Contact:
    """A person who agreed in general."""
    return make.contact(
        gold, email="gm@example.com", consented_at=now - timedelta(days=9), consent_source="投保单"
    )


def say(
    contact: Contact, given: bool, at: datetime, now: datetime, channel: str = "sms", source: str = "电话确认"
) -> Consent | None:
    return consents.state(
        contact=contact,
        channel=channel,
        given=given,
        source=source,
        said_at=at,
        by=contact.customer.owner,
        now=now,
    )


def outcome(message: Message) -> tuple[str, str]:
    message.refresh_from_db()
    return message.state, message.reason


class TestAStatement:
    def test_is_kept_with_where_when_and_by_whom(self, contact: Contact, lin: User, now: datetime) -> None:
        row = say(contact, False, now - timedelta(days=1), now, source=" 短信回复 R ")
        assert row is not None
        assert (row.source, row.said_at, row.by, row.recorded_at) == (
            "短信回复 R",
            now - timedelta(days=1),
            lin,
            now,
        )
        entry = LogEntry.objects.get(action="crm.consent.withdrawn")
        assert entry.customer == contact.customer and (entry.after or {})["channel"] == "短信"

    def test_that_says_the_same_again_adds_nothing(self, contact: Contact, now: datetime) -> None:
        say(contact, False, now, now)
        assert say(contact, False, now, now) is None
        assert LogEntry.objects.filter(action="crm.consent.withdrawn").count() == 1

    def test_says_where_it_was_made(self, contact: Contact, now: datetime) -> None:
        with pytest.raises(consents.SourceIsMissing):
            say(contact, True, now, now, source=" ")

    def test_has_been_made(self, contact: Contact, now: datetime) -> None:
        with pytest.raises(consents.SaidInFuture):
            say(contact, True, now + timedelta(seconds=1), now)
        with pytest.raises(IntegrityError), transaction.atomic():
            Consent.objects.create(
                contact=contact,
                channel="sms",
                given=True,
                source="?",
                said_at=now + timedelta(seconds=1),
                recorded_at=now,
            )

    def test_does_not_go_behind_a_later_one(self, contact: Contact, now: datetime) -> None:
        say(contact, False, now - timedelta(days=1), now)
        with pytest.raises(consents.NewerStatement):
            say(contact, True, now - timedelta(days=2), now)

    def test_is_never_changed(self, contact: Contact, now: datetime) -> None:
        row = say(contact, False, now, now)
        assert row is not None
        with pytest.raises(DatabaseError), transaction.atomic():
            Consent.objects.filter(pk=row.pk).update(given=True)


class TestACareMessage:
    def test_leaves_on_the_general_consent(self, contact: Contact, now: datetime) -> None:
        message = greeting(contact, now)
        run_delivery(Gateway(), now)
        assert outcome(message) == ("accepted", "")

    def test_does_not_leave_by_a_channel_that_was_withdrawn(self, contact: Contact, now: datetime) -> None:
        message = greeting(contact, now)
        say(contact, False, now, now)
        run_delivery(Gateway(), now)
        assert outcome(message) == ("skipped", "已撤回该渠道的同意")

    def test_leaves_where_another_channel_was_withdrawn(self, contact: Contact, now: datetime) -> None:
        message = greeting(contact, now)
        say(contact, False, now, now, channel="email")
        run_delivery(Gateway(), now)
        assert outcome(message)[0] == "accepted"

    def test_leaves_where_only_this_channel_was_allowed(self, gold: Customer, now: datetime) -> None:
        contact = make.contact(gold)
        message = greeting(contact, now)
        say(contact, True, now, now)
        run_delivery(Gateway(), now)
        assert outcome(message)[0] == "accepted"

    def test_leaves_again_after_a_later_consent(self, contact: Contact, now: datetime) -> None:
        say(contact, False, now - timedelta(days=2), now)
        say(contact, True, now - timedelta(days=1), now)
        message = greeting(contact, now)
        run_delivery(Gateway(), now)
        assert outcome(message)[0] == "accepted"

    def test_does_not_leave_after_an_opt_out_from_everything(self, contact: Contact, now: datetime) -> None:
        say(contact, True, now, now)
        contacts.opt_out(contact=contact, reason="来电", by=None, now=now)
        message = greeting(contact, now)
        run_delivery(Gateway(), now)
        assert outcome(message) == ("skipped", "已退订")

    def test_does_not_leave_after_a_withdrawal_in_the_middle_of_the_batch(
        self, contact: Contact, now: datetime
    ) -> None:
        first, second = greeting(contact, now), greeting(contact, now)
        gateway = Gateway()

        def withdraw(_message: Outgoing) -> None:
            say(contact, False, now, now, source="短信回复 R")

        gateway.after = withdraw
        run_delivery(gateway, now)
        assert (outcome(first)[0], outcome(second)[0]) == ("accepted", "skipped")

    def test_obeys_what_the_same_person_said_in_another_row(
        self, contact: Contact, silver: Customer, now: datetime
    ) -> None:
        twin = make.contact(silver, phone="13800138000")
        contacts.change_contact(contact=contact, by=None, now=now, phone="13800138000")
        say(twin, False, now, now)
        contact.refresh_from_db()
        message = greeting(contact, now)
        run_delivery(Gateway(), now)
        assert outcome(message) == ("skipped", "已撤回该渠道的同意")

    def test_is_the_only_kind_that_asks(self, contact: Contact, now: datetime) -> None:
        say(contact, False, now, now)
        message = greeting(contact, now, message_class=MessageClass.SERVICE)
        run_delivery(Gateway(), now)
        assert outcome(message)[0] == "accepted"


class TestHowAPersonStands:
    def test_to_each_channel_is_told_in_one_query(
        self, contact: Contact, now: datetime, django_assert_num_queries: object
    ) -> None:
        say(contact, False, now, now, channel="email", source="短信回复 R")
        with django_assert_num_queries(1):  # type: ignore[operator]
            sms, email = read.standings([contact])[contact.pk]
        assert (sms.channel, sms.allowed, sms.source) == (Channel.SMS, True, "投保单")
        assert (email.allowed, email.objection, email.source) == (False, "已撤回该渠道的同意", "短信回复 R")

    def test_without_a_word_is_no_consent(self, gold: Customer) -> None:
        bare = make.contact(gold)
        assert {one.objection for one in read.standings([bare])[bare.pk]} == {"无同意"}
