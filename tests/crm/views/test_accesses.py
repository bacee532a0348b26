"""Who looked at a customer, and who looked at clear data how often, through the door."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now as read_clock

from crm.models import Customer, LogEntry, RevealTally, User
from crm.services import house_rules, visits
from tests.factories import crm as make

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


class TestOpeningACustomer:
    """Reads the page."""

    def test_is_written_down_once_an_hour(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """However many tabs are opened."""
        for tab in ("", "?tab=policies", "?tab=history"):
            client_as(lin).get(f"/customers/{gold.pk}/{tab}", REMOTE_ADDR="10.1.2.3")
        row = LogEntry.objects.get(action="crm.customer.read")
        assert (row.by, row.customer, row.address) == (lin, gold, "10.1.2.3")

    def test_is_written_down_again_after_an_hour(self, gold: Customer, lin: User) -> None:
        """Exactly an hour later."""
        for after in (timedelta(0), timedelta(minutes=59, seconds=59), timedelta(hours=1)):
            visits.note(customer=gold, by=lin, now=make.NOW + after)
        assert LogEntry.objects.filter(action="crm.customer.read").count() == 2

    def test_is_written_down_for_each_person(
        self, client_as: LogIn, gold: Customer, lin: User, agent: User
    ) -> None:
        """And stays out of what was changed."""
        client_as(agent).get(f"/customers/{gold.pk}/")
        page = client_as(lin).get(f"/customers/{gold.pk}/?tab=history")
        assert LogEntry.objects.filter(action="crm.customer.read").count() == 2
        assert "打开客户页" not in page.text


class TestTheAccessesOfACustomer:
    """On one screen."""

    def test_are_all_there(self, client_as: LogIn, gold: Customer, lin: User, manager: User) -> None:
        """Who opened, searched and revealed, what, why and from where; nothing clear."""
        contact = make.contact(gold, "张伟", phone="13800005678")
        client = client_as(lin)
        client.get(f"/customers/{gold.pk}/")
        client.post("/customers/", {"q": "13800005678"})
        address = f"/customers/{gold.pk}/contacts/{contact.pk}/reveal/phone/"
        client.post(address, {"reason": "电话回访"}, REMOTE_ADDR="10.1.2.3")
        page = client_as(manager).get(f"/customers/{gold.pk}/accesses/").text
        for word in ("打开客户页", "按号码查找", "138****5678", "查看明文", "电话回访", "10.1.2.3", "林晓"):
            assert word in page
        assert "13800005678" not in page
        only = client_as(manager).get(f"/customers/{gold.pk}/accesses/?kind=crm.contact.revealed")
        assert [line.entry.action for line in only.context["lines"]] == ["crm.contact.revealed"]

    def test_are_for_managers_and_the_auditor(
        self, client_as: LogIn, gold: Customer, lin: User, manager: User
    ) -> None:
        """The one who is watched sees no tab."""
        assert client_as(lin).get(f"/customers/{gold.pk}/accesses/").status_code == 403
        assert "访问记录" not in client_as(lin).get(f"/customers/{gold.pk}/").text
        assert "访问记录" in client_as(manager).get(f"/customers/{gold.pk}/").text
        assert (
            client_as(make.person("shen", "auditor")).get(f"/customers/{gold.pk}/accesses/").status_code
            == 200
        )

    def test_name_every_customer_that_a_number_showed(
        self, client_as: LogIn, gold: Customer, silver: Customer, lin: User
    ) -> None:
        """And a number of nobody is a row too."""
        for customer in (gold, silver):
            make.contact(customer, "张伟", phone="13800005678")
        client_as(lin).post("/customers/", {"q": "13800005678"})
        rows = LogEntry.objects.filter(action="crm.customer.searched")
        assert {row.customer for row in rows} == {gold, silver}
        client_as(lin).post("/customers/", {"q": "13900005678"})
        assert rows.filter(customer=None).count() == 1


class TestReleasing:
    """On the managers' page."""

    @pytest.fixture
    def watched(self, client_as: LogIn, gold: Customer, lin: User) -> Client:
        """林晓 has used up the one look of the day."""
        house_rules.set_rule(key="reveals_free", value=1, reason="试验", by=None, now=make.NOW)
        contact = make.contact(gold, "张伟", phone="13800005678")
        self.address = f"/customers/{gold.pk}/contacts/{contact.pk}/reveal/phone/"
        client = client_as(lin)
        assert "13800005678" in client.post(self.address, {"reason": "电话回访"}).text
        return client

    def test_lets_somebody_go_on(self, client_as: LogIn, watched: Client, lin: User, manager: User) -> None:
        """Who was told to ask for it."""
        refused = watched.post(self.address, {"reason": "电话回访"})
        assert refused.status_code == 422 and "放行" in refused.text and "13800005678" not in refused.text
        page = client_as(manager).get("/reveals/")
        assert "等待放行" in page.text and lin.name in page.text
        answer = client_as(manager).post(f"/reveals/{lin.pk}/release/", {"reason": "年度回访"}, follow=True)
        assert "已放行" in answer.text
        assert "13800005678" in watched.post(self.address, {"reason": "电话回访"}).text

    def test_without_a_reason_is_refused_beside_the_row(
        self, client_as: LogIn, watched: Client, lin: User, manager: User
    ) -> None:
        """And a second release too, and one of another branch is unknown."""
        client = client_as(manager)
        page = client.post(f"/reveals/{lin.pk}/release/", {"reason": ""})
        assert page.status_code == 422 and "请写明放行的理由" in page.text
        for status in (302, 422):
            assert client.post(f"/reveals/{lin.pk}/release/", {"reason": "年度回访"}).status_code == status
        tally = RevealTally.objects.get()
        assert tally.released_at and tally.released_at <= read_clock()

    def test_does_not_show_other_branches(
        self, client_as: LogIn, watched: Client, lin: User, zhou: User
    ) -> None:
        """Their manager sees nobody of here."""
        theirs = client_as(make.person("hu", "branch_manager", branch=zhou.branch))
        assert lin.name not in theirs.get("/reveals/").text
        assert theirs.post(f"/reveals/{lin.pk}/release/", {"reason": "年度回访"}).status_code == 404
