"""Taking in a request, through the door."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from crm.models import Customer, LogEntry, User
from servicing.models import Ticket
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


def filled(customer: Customer | None = None, **changes: Any) -> dict[str, Any]:
    """This function will fill the form as a person would for an enquiry over the phone."""
    form = {
        "act": "save",
        "token": str(uuid.uuid4()),
        "customer": customer.pk if customer else "",
        "kind": "enquiry",
        "channel": "phone",
        "subject": "询问现金价值",
        "received_at": "2026-03-10T09:30",
        "papers_complete": "on",
    }
    return form | changes


class TestACaller:
    """Is found by the number or the name."""

    @pytest.fixture(autouse=True)
    def phone(self, gold: Customer) -> None:
        """The gold customer's general manager has a phone."""
        make.contact(gold, "张伟", phone="13800005678")

    @pytest.mark.parametrize("text", ["138 0000 5678", "金海", "jhjt"])
    def test_is_chosen_at_once_when_alone(
        self, client_as: LogIn, agent: User, gold: Customer, text: str
    ) -> None:
        """With persons and policies, masked, and what would be promised beside."""
        policy = make.policy(gold)
        part = client_as(agent).post("/tickets/new/caller/", filled(caller=text), headers=HTMX)
        assert part.context["customer"] == gold
        assert "张*" in part.text and "138****5678" in part.text and policy.number in part.text
        assert "13800005678" not in part.text.replace('value="13800005678"', "")
        assert 'hx-swap-oob="true"' in part.text and "PA-18.2.1" in part.text

    def test_by_number_stands_in_the_log(self, client_as: LogIn, agent: User) -> None:
        """With the mask only."""
        client_as(agent).post("/tickets/new/caller/", filled(caller="13800005678"), headers=HTMX)
        row = LogEntry.objects.get(action="crm.customer.searched")
        assert row.by == agent and row.after["masked"] == "138****5678"

    def test_who_is_unknown_can_be_recorded_at_once(self, client_as: LogIn, agent: User) -> None:
        """No call ends at a search that found nobody."""
        part = client_as(agent).post("/tickets/new/caller/", filled(caller="13911112222"), headers=HTMX)
        assert "/customers/new/?next=/tickets/new/" in part.text

    def test_just_recorded_is_the_one_who_calls(
        self, client_as: LogIn, agent: User, gold: Customer, ordinary: Customer
    ) -> None:
        """The only person of the customer that another page leads back with."""
        page = client_as(agent).get(f"/tickets/new/?customer={gold.pk}")
        assert page.context["form"]["contact"].value() == gold.contacts.get().pk
        page = client_as(agent).get(f"/tickets/new/?customer={ordinary.pk}")
        assert page.context["form"]["contact"].value() is None

    def test_must_be_chosen_among_several(self, client_as: LogIn, agent: User, gold: Customer) -> None:
        """None is chosen by itself."""
        second = make.customer("金海置业", owner=gold.owner)
        client = client_as(agent)
        part = client.post("/tickets/new/caller/", filled(caller="金海"), headers=HTMX)
        assert part.context["customer"] is None and len(part.context["found"]) == 2
        part = client.post("/tickets/new/caller/", filled(second, caller="金海"), headers=HTMX)
        assert part.context["customer"] == second

    def test_of_another_branch_is_unknown(self, client_as: LogIn, zhou: User, gold: Customer) -> None:
        """By number, by name, and by a guessed id."""
        client = client_as(zhou)
        for text in ("13800005678", "金海"):
            assert client.post("/tickets/new/caller/", filled(caller=text)).context["found"] == []
        assert client.post("/tickets/new/caller/", filled(gold)).status_code == 404
        assert client.get("/tickets/new/", {"customer": gold.pk}).status_code == 404
        assert client.post("/tickets/new/", filled(gold)).status_code == 404

    def test_can_be_found_without_script(self, client_as: LogIn, agent: User, gold: Customer) -> None:
        """The page comes back with the matches and what was typed."""
        page = client_as(agent).post("/tickets/new/", filled(act="find", caller="金海", subject="写到一半"))
        assert page.status_code == 200 and page.context["customer"] == gold
        assert "写到一半" in page.text and "<html" in page.text


class TestThePreview:
    """Of what saving would promise."""

    def see(self, client: Client, customer: Customer, **changes: Any) -> Any:
        """This function will ask for the preview."""
        return client.post("/tickets/new/preview/", filled(customer, **changes), headers=HTMX)

    def test_crosses_the_spring_festival(self, client_as: LogIn, agent: User, ordinary: Customer) -> None:
        """Thursday 12 February, three working days, one of them a Saturday worked: 24 February."""
        part = self.see(
            client_as(agent),
            ordinary,
            kind="change",
            change_type="beneficiary",
            received_at="2026-02-12T10:00",
        )
        assert part.context["outlook"].company.due.due_date.isoformat() == "2026-02-24"
        assert "2026-02-24" in part.text and "春节" in part.text and "保全变更" in part.text

    def test_waits_for_papers_where_the_rule_says_so(
        self, client_as: LogIn, agent: User, silver: Customer
    ) -> None:
        """A VIP's change does not begin without papers; an ordinary one begins and rests."""
        part = self.see(
            client_as(agent), silver, kind="change", change_type="beneficiary", papers_complete=""
        )
        assert part.context["outlook"].waits and "资料齐备后起算" in part.text

    def test_rests_an_ordinary_change_without_papers(
        self, client_as: LogIn, agent: User, ordinary: Customer
    ) -> None:
        """It says so before saving."""
        part = self.see(
            client_as(agent), ordinary, kind="change", change_type="beneficiary", papers_complete=""
        )
        assert part.context["outlook"].pauses and "登记后时限立即暂停" in part.text

    def test_shows_both_clocks_of_a_vips_complaint(
        self, client_as: LogIn, agent: User, silver: Customer
    ) -> None:
        """And none for an ordinary enquiry."""
        outlook = self.see(client_as(agent), silver, kind="complaint").context["outlook"]
        assert outlook.company.standard.code == "PA-18.2.1-complaint"
        assert outlook.ceiling.standard.code == "R-4 simple"

    def test_says_where_nothing_is_promised(self, client_as: LogIn, agent: User, ordinary: Customer) -> None:
        """Plainly."""
        assert "没有时限承诺" in self.see(client_as(agent), ordinary).text

    def test_keeps_still_while_the_form_is_half_filled(
        self, client_as: LogIn, agent: User, silver: Customer
    ) -> None:
        """No complaint in mid-typing; a time nobody can count from is told."""
        client = client_as(agent)
        assert "选中客户和类别后" in self.see(client, silver, kind="change").text
        assert "选中客户和类别后" in self.see(client, silver, received_at="").text
        far = self.see(client, silver, kind="request", received_at="1800-01-01T10:00")
        assert far.status_code == 200 and far.context["refused"]

    def test_is_what_is_then_saved(self, client_as: LogIn, agent: User, silver: Customer) -> None:
        """To the second."""
        client = client_as(agent)
        form = filled(silver, kind="complaint")
        seen = client.post("/tickets/new/preview/", form, headers=HTMX).context["outlook"]
        client.post("/tickets/new/", form)
        row = Ticket.objects.get()
        assert row.promise is not None and row.promise.due_at == seen.company.due.due_at
        assert row.ceiling is not None and row.ceiling.due_at == seen.ceiling.due.due_at


class TestSaving:
    """Makes one ticket."""

    def test_leads_to_the_ticket(self, client_as: LogIn, agent: User, silver: Customer) -> None:
        """Which keeps who called, masked, and who took the call."""
        person, policy = make.contact(silver, "张伟", phone="13800005678"), make.policy(silver)
        form = filled(silver, caller="13800005678", contact=person.pk, policy=policy.pk, body="请回电")
        answer = client_as(agent).post("/tickets/new/", form)
        row = Ticket.objects.get()
        assert answer.status_code == 302 and answer["Location"] == f"/tickets/{row.number}/"
        assert (row.customer, row.contact, row.policy, row.owner) == (silver, person, policy, agent)
        assert row.caller_masked == "138****5678" and row.vip_marked and row.tier == "silver"

    def test_twice_makes_one(self, client_as: LogIn, agent: User, silver: Customer) -> None:
        """The second is led to the first one's ticket and told so."""
        client, form = client_as(agent), filled(silver)
        first, second = client.post("/tickets/new/", form), client.post("/tickets/new/", form, follow=True)
        assert Ticket.objects.count() == 1
        assert second.redirect_chain[0][0] == first["Location"] and "已经提交过" in second.text

    def test_needs_a_customer_a_subject_and_what_changes(
        self, client_as: LogIn, agent: User, silver: Customer
    ) -> None:
        """Each is asked for beside its field, and what was typed stays."""
        client = client_as(agent)
        page = client.post("/tickets/new/", filled(subject="没有客户"))
        assert page.status_code == 422 and page.context["form"].errors.keys() == {"caller"}
        assert "没有客户" in page.text
        page = client.post("/tickets/new/", filled(silver, subject="", kind="change"))
        assert page.context["form"].errors.keys() == {"subject", "change_type"}
        assert not Ticket.objects.exists()

    def test_refuses_the_future_and_takes_the_token_back(
        self, client_as: LogIn, agent: User, silver: Customer, now: datetime
    ) -> None:
        """Corrected, the same form counts."""
        client, form = client_as(agent), filled(silver, received_at="2026-03-10T10:01")
        page = client.post("/tickets/new/", form)
        assert page.status_code == 422 and "received_at" in page.context["form"].errors
        client.post("/tickets/new/", form | {"received_at": "2026-03-10T10:00"})
        assert Ticket.objects.get().received_at == now

    def test_takes_no_persons_or_policies_of_others(
        self, client_as: LogIn, agent: User, silver: Customer, gold: Customer
    ) -> None:
        """However they were sent."""
        form = filled(silver, contact=make.contact(gold).pk, policy=make.policy(gold).pk)
        page = client_as(agent).post("/tickets/new/", form)
        assert page.context["form"].errors.keys() == {"contact", "policy"}

    def test_belongs_to_those_who_may(self, client_as: LogIn, silver: Customer) -> None:
        """An auditor looks and does not touch; a stranger logs in first."""
        auditor = make.person("shen", role="auditor", branch=make.branch_tree().head_office)
        assert client_as(auditor).post("/tickets/new/", filled(silver)).status_code == 403
        assert Client().post("/tickets/new/", filled(silver))["Location"].startswith("/login/")

    def test_can_be_back_dated(
        self, client_as: LogIn, agent: User, ordinary: Customer, now: datetime
    ) -> None:
        """To when it was really received: the clock runs from there."""
        form = filled(ordinary, kind="request", received_at=f"{now - timedelta(days=1):%Y-%m-%dT%H:%M}")
        client_as(agent).post("/tickets/new/", form)
        row = Ticket.objects.get()
        assert row.promise is not None and row.promise.triggered_at == now - timedelta(days=1)
