"""How often a person may look at clear data on one day, and who lets them go on."""

from datetime import datetime, timedelta

import pytest

from crm.models import Contact, Customer, LogEntry, Message, RevealTally, User
from crm.rights import NotAllowed
from crm.services import contacts, house_rules, reveal_limits
from crm.time import local_date
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def few(db: None) -> None:
    """Three looks a day, five with a release, so that the edges are near."""
    for key, value in (("reveals_free", 3), ("reveals_most", 5)):
        house_rules.set_rule(key=key, value=value, reason="试验", by=None, now=make.NOW)


@pytest.fixture
def contact(gold: Customer) -> Contact:
    """Somebody with a phone."""
    return make.contact(gold, "张伟", phone="13800005678")


def look(contact: Contact, by: User, now: datetime = make.NOW, times: int = 1) -> str:
    """This function will look at the phone so often, and return what was shown last."""
    shown = ""
    for _time in range(times):
        shown = contacts.reveal(contact=contact, field="phone", reason="电话回访", by=by, now=now)
    return shown


class TestLookingOften:
    """On one day."""

    def test_is_free_up_to_the_limit_and_then_needs_a_release(self, contact: Contact, lin: User) -> None:
        """Nothing is shown or logged any more."""
        assert look(contact, lin, times=3) == "13800005678"
        with pytest.raises(reveal_limits.NeedsRelease, match="已查看 3 次"):
            look(contact, lin)
        assert LogEntry.objects.filter(action="crm.contact.revealed").count() == 3
        assert RevealTally.objects.get(user=lin).shown == 3

    def test_begins_again_on_the_next_day(self, contact: Contact, lin: User) -> None:
        """By the date in Shanghai."""
        look(contact, lin, times=3)
        assert look(contact, lin, make.NOW + timedelta(days=1))

    def test_is_counted_for_each_person(self, contact: Contact, lin: User, agent: User) -> None:
        """A colleague looks with a count of their own."""
        look(contact, lin, times=3)
        assert look(contact, agent)

    def test_tells_the_manager_once(self, contact: Contact, lin: User, manager: User) -> None:
        """With the last free look, not again with every refusal."""
        look(contact, lin, times=2)
        assert not Message.objects.filter(user=manager).exists()
        look(contact, lin)
        for _time in range(2):
            with pytest.raises(reveal_limits.NeedsRelease):
                look(contact, lin)
        notice = Message.objects.get(user=manager, kind="reveal_limit")
        assert lin.name in notice.body and notice.link == "/reveals/"

    def test_by_the_only_manager_is_told_to_the_head_office(
        self, contact: Contact, manager: User, head_office: User
    ) -> None:
        """Nobody is their own supervisor."""
        look(contact, manager, times=3)
        assert Message.objects.get(kind="reveal_limit").user == head_office

    def test_without_a_reason_is_not_counted(self, contact: Contact, lin: User) -> None:
        """A refused look shows nothing."""
        with pytest.raises(contacts.RevealNeedsReason):
            contacts.reveal(contact=contact, field="phone", reason="", by=lin, now=make.NOW)
        assert not RevealTally.objects.exists()


class TestARelease:
    """By a manager, for the rest of the day."""

    def release(self, person: User, by: User, now: datetime = make.NOW, reason: str = "年度回访") -> None:
        """This function will let a person go on."""
        reveal_limits.release(person=person, day=local_date(now), reason=reason, by=by, now=now)

    def test_lets_somebody_go_on_up_to_the_most(self, contact: Contact, lin: User, manager: User) -> None:
        """Then nothing helps any more, and the manager is told again."""
        look(contact, lin, times=3)
        self.release(lin, manager)
        look(contact, lin, times=2)
        with pytest.raises(reveal_limits.NoMoreToday, match="每日上限"):
            look(contact, lin)
        row = LogEntry.objects.get(action="crm.reveal.released")
        assert row.by == manager and row.reason == "年度回访" and row.after["shown"] == 3
        assert Message.objects.filter(user=manager, kind="reveal_limit").count() == 2

    def test_is_given_once(self, contact: Contact, lin: User, manager: User, head_office: User) -> None:
        """The second is told."""
        look(contact, lin)
        self.release(lin, manager)
        with pytest.raises(reveal_limits.NothingToRelease):
            self.release(lin, head_office)
        assert RevealTally.objects.get().released_by == manager

    def test_is_not_for_oneself_nor_for_other_branches(
        self, contact: Contact, manager: User, zhou: User
    ) -> None:
        """Nor by those without the right."""
        look(contact, manager)
        for person in (manager, zhou):
            with pytest.raises(reveal_limits.ReleaseIsNotYours):
                self.release(person, manager)
        with pytest.raises(NotAllowed):
            self.release(manager, zhou)

    def test_says_why(self, contact: Contact, lin: User, manager: User) -> None:
        """One letter is no reason."""
        look(contact, lin)
        with pytest.raises(reveal_limits.ReleaseNeedsReason):
            self.release(lin, manager, reason=" 看 ")

    def test_is_for_today(self, contact: Contact, lin: User, manager: User) -> None:
        """Yesterday is over, and who has not looked needs none."""
        look(contact, lin)
        with pytest.raises(reveal_limits.NothingToRelease):
            self.release(lin, manager, now=make.NOW + timedelta(days=1))


class TestTheLimits:
    """As settings."""

    def test_must_agree(self) -> None:
        """The most is not less than what is free."""
        with pytest.raises(Exception, match="reveals_most"):
            house_rules.set_rule(key="reveals_most", value=2, reason="试验", by=None, now=make.NOW)
