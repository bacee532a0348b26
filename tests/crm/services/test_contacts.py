"""Persons served at a customer, sealed, checked and shown in clear with a reason."""

from datetime import date
from typing import Any

import pytest
from stdnum.cn import ric

from crm import privacy
from crm.models import Contact, LogEntry
from crm.refusal import Refusal
from crm.rights import NotAllowed
from crm.services import contacts
from crm.time.birthdays import BirthdayDoesNotExist
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
DEMO_ID = "99000019750312001" + ric.calc_check_digit("990000197503120010")


@pytest.fixture(autouse=True)
def demo(settings: Any) -> None:
    """ID numbers in tests are of the demo's range."""
    settings.DEMO = True


class TestTheSeats:
    """At most two persons in each role (rulebook PA-16)."""

    def test_are_filled_in_order_and_then_refused(self) -> None:
        """The third is told which role is full."""
        customer = make.customer()
        assert [make.contact(customer, name).slot for name in ("张伟", "王芳")] == [1, 2]
        with pytest.raises(contacts.TwoServiceObjectsAlready, match="第一服务对象最多两位"):
            make.contact(customer, "李强")
        assert make.contact(customer, "李强", role="second").slot == 1

    def test_of_a_person_are_one(self) -> None:
        """A person is served in person, once."""
        customer = make.customer("单雄信", kind="person")
        make.contact(customer, "单雄信")
        with pytest.raises(contacts.TwoServiceObjectsAlready, match="本人"):
            make.contact(customer, "单雄信")

    @pytest.mark.parametrize(("kind", "role"), [("person", "first"), ("organisation", "self")])
    def test_fit_the_customer(self, kind: str, role: str) -> None:
        """Organisations have service objects, persons are themselves."""
        with pytest.raises(contacts.RoleDoesNotFit):
            make.contact(make.customer(kind=kind), role=role)


class TestAPhone:
    """Of a contact."""

    def test_is_sealed_masked_and_indexed(self) -> None:
        """Nothing clear is in the row."""
        contact = make.contact(make.customer(), phone="+86 138 0000 5678", id_no=DEMO_ID)
        row = Contact.objects.filter(pk=contact.pk).values().get()
        assert not [value for value in row.values() if "13800005678" in str(value) or DEMO_ID in str(value)]
        assert (row["phone_masked"], row["id_no_masked"]) == ("138****5678", privacy.mask_id_no(DEMO_ID))
        assert row["phone_index"] == privacy.phone_index("13800005678")

    def test_leaves_nothing_clear_in_the_log(self) -> None:
        """The log holds masks."""
        make.contact(make.customer(), "欧阳娜", phone="13800005678", id_no=DEMO_ID)
        row = LogEntry.objects.get(action="crm.contact.recorded")
        text = f"{row.before}{row.after}"
        assert "138****5678" in text
        assert not [clear for clear in ("13800005678", DEMO_ID, "欧阳娜", "1975") if clear in text]

    def test_can_be_emptied(self) -> None:
        """Every trace of it goes."""
        contact = make.contact(make.customer())
        contacts.change_contact(contact=contact, phone="", by=None, now=make.NOW)
        contact.refresh_from_db()
        assert [
            contact.phone_sealed,
            contact.phone_masked,
            contact.phone_index,
            contact.phone_tail_index,
        ] == [""] * 4

    def test_given_again_changes_nothing(self) -> None:
        """Not even the sealed text."""
        contact = make.contact(make.customer(), phone="13800005678")
        sealed = contact.phone_sealed
        contacts.change_contact(contact=contact, phone="138-0000-5678", by=None, now=make.NOW)
        contact.refresh_from_db()
        assert contact.phone_sealed == sealed
        assert not LogEntry.objects.filter(action="crm.contact.changed").exists()


class TestABirthday:
    """By the solar or the lunar calendar."""

    @pytest.mark.parametrize(
        ("fields", "expected"),
        [
            ({"birth_date": date(1975, 3, 12)}, (3, 12, False)),
            ({"id_no": DEMO_ID}, (3, 12, False)),
            # 2023-03-22 was 闰二月初一
            ({"birth_date": date(2023, 3, 22), "birthday_calendar": "lunar"}, (2, 1, True)),
            ({"birth_month": 2, "birth_day": 29}, (2, 29, False)),
            ({"birth_month": 12, "birth_day": 30, "birthday_calendar": "lunar"}, (12, 30, False)),
            ({"birth_date": date(1975, 3, 12), "birth_month": 8, "birth_day": 15}, (8, 15, False)),
        ],
    )
    def test_comes_from_what_is_told(self, fields: dict[str, Any], expected: tuple[int, int, bool]) -> None:
        """Month and day told go before the date of birth."""
        contact = make.contact(make.customer(), **fields)
        contact.refresh_from_db()
        assert (contact.birth_month, contact.birth_day, contact.birth_leap_month) == expected

    @pytest.mark.parametrize(
        ("fields", "refusal"),
        [
            ({"birth_month": 2, "birth_day": 30}, BirthdayDoesNotExist),
            ({"birth_month": 1, "birth_day": 31, "birthday_calendar": "lunar"}, BirthdayDoesNotExist),
            ({"birth_month": 2, "birth_day": 1, "birth_leap_month": True}, BirthdayDoesNotExist),
            ({"birth_month": 2}, contacts.BirthdayIsHalf),
            ({"birth_day": 2}, contacts.BirthdayIsHalf),
            ({"birth_date": date(2026, 3, 11)}, contacts.BirthDateIsAhead),
        ],
    )
    def test_that_cannot_be_is_refused(self, fields: dict[str, Any], refusal: type[Refusal]) -> None:
        """In a sentence, before the database is asked."""
        with pytest.raises(refusal):
            make.contact(make.customer(), **fields)


class TestConsent:
    """To greetings."""

    def test_needs_its_source(self) -> None:
        """Where was it given."""
        with pytest.raises(contacts.ConsentNeedsSource):
            make.contact(make.customer(), consented_at=make.NOW)
        assert make.contact(make.customer(), consented_at=make.NOW, consent_source="投保单").consented_at

    def test_withdrawn_counts_from_the_first_time(self) -> None:
        """Opting out twice is opting out once."""
        contact = make.contact(make.customer())
        for day in (10, 11):
            contacts.opt_out(contact=contact, reason="客户来电", by=None, now=make.NOW.replace(day=day))
        assert contact.opted_out_at == make.NOW
        assert LogEntry.objects.filter(action="crm.contact.opted_out").count() == 1


class TestALookAtClearData:
    """With a reason, written down (rulebook X-30)."""

    def test_shows_and_logs_every_look(self) -> None:
        """Who, when, whose, which field, why; never the value."""
        lin = make.person()
        contact = make.contact(make.customer(owner=lin), phone="13800005678")
        for _time in range(2):
            clear = contacts.reveal(contact=contact, field="phone", reason=" 电话回访 ", by=lin, now=make.NOW)
            assert clear == "13800005678"
        rows = list(LogEntry.objects.filter(action="crm.contact.revealed"))
        assert [(r.by, r.at, r.customer_id, r.after, r.reason) for r in rows] == [
            (lin, make.NOW, contact.customer_id, {"field": "phone"}, "电话回访")
        ] * 2

    @pytest.mark.parametrize("reason", ["", "  ", "看"])
    def test_without_a_reason_is_refused(self, reason: str) -> None:
        """And nothing is logged as seen."""
        lin = make.person()
        contact = make.contact(make.customer(owner=lin))
        with pytest.raises(contacts.RevealNeedsReason):
            contacts.reveal(contact=contact, field="phone", reason=reason, by=lin, now=make.NOW)
        assert not LogEntry.objects.filter(action="crm.contact.revealed").exists()

    def test_is_not_for_the_auditor(self) -> None:
        """The auditor reads everything masked."""
        auditor = make.person("shen", "auditor", make.branch_tree().head_office)
        contact = make.contact(make.customer())
        with pytest.raises(NotAllowed):
            contacts.reveal(contact=contact, field="phone", reason="检查", by=auditor, now=make.NOW)

    def test_at_an_empty_field_is_refused(self) -> None:
        """There is nothing to show."""
        contact = make.contact(make.customer())
        with pytest.raises(contacts.NothingToReveal):
            contacts.reveal(contact=contact, field="id_no", reason="核对", by=make.person(), now=make.NOW)

    def test_of_a_name_is_logged_too(self) -> None:
        """Names of persons are masked everywhere else."""
        contact = make.contact(make.customer(), "欧阳娜")
        assert (
            contacts.reveal(contact=contact, field="name", reason="寄信", by=make.person(), now=make.NOW)
            == "欧阳娜"
        )
        assert LogEntry.objects.get(action="crm.contact.revealed").after == {"field": "name"}
