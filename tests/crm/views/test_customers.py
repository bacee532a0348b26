"""The customer list and recording a customer, through the door."""

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from crm.models import Contact, Customer, LogEntry, User
from tests.factories import crm as make
from tests.factories.tiers import give_tier

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


class TestTheCustomerList:
    """Of a branch."""

    def test_shows_the_branch_and_hides_others(
        self, client_as: LogIn, gold: Customer, zhou: User, lin: User
    ) -> None:
        """Each sees their own."""
        theirs = make.customer("石家庄制药", owner=zhou)
        mine, other = client_as(lin).get("/customers/"), client_as(zhou).get("/customers/")
        assert gold.name in mine.text and theirs.name not in mine.text
        assert theirs.name in other.text and gold.name not in other.text

    @pytest.mark.parametrize("text", ["金海", "jhjt", "13800005678", "5678", "K77"])
    def test_finds_nothing_of_another_branch(
        self, client_as: LogIn, zhou: User, lin: User, text: str
    ) -> None:
        """However it is searched."""
        make.contact(make.customer("金海集团", owner=lin, number="K77"), phone="13800005678")
        assert "没有符合条件的客户" in client_as(zhou).post("/customers/", {"q": text}, follow=True).text
        assert "金海集团" in client_as(lin).post("/customers/", {"q": text}, follow=True).text

    def test_hands_what_is_ticked_to_the_page_of_transfers(
        self, client_as: LogIn, gold: Customer, lin: User, agent: User
    ) -> None:
        """Where the person may hand over; rows that are not ticked cannot be asked for there."""
        page = client_as(lin).get("/customers/").text
        assert 'formaction="/customers/transfer/"' in page and f'name="ids" value="{gold.pk}"' in page
        assert 'name="all"' not in page
        assert "转移选中的 1 位客户" in client_as(lin).post("/customers/transfer/", {"ids": [gold.pk]}).text
        assert "批量转移" not in client_as(agent).get("/customers/").text

    def test_is_searched_from_the_top_of_any_page(
        self, client_as: LogIn, gold: Customer, lin: User, ordinary: Customer
    ) -> None:
        """Posted, so that a whole phone number never becomes part of an address."""
        assert '<form class="jn-search" action="/customers/" method="post"' in client_as(lin).get("/").text
        found = client_as(lin).post("/customers/", {"q": "jhjt"}, follow=True).text
        assert gold.name in found and ordinary.name not in found

    def test_offers_no_branch_or_person_of_elsewhere(
        self, client_as: LogIn, gold: Customer, zhou: User
    ) -> None:
        """The selects hold one's own subtree; a foreign value asks for nothing."""
        page = client_as(zhou).get("/customers/", {"branch": gold.branch_id, "owner": gold.owner_id})
        assert gold.branch.name not in page.text and "林晓" not in page.text

    def test_can_be_narrowed_to_a_keeper(self, client_as: LogIn, gold: Customer, lead: User) -> None:
        """One of those whom the select offers."""
        other = make.customer("何静的客户", owner=lead)
        page = client_as(lead).get("/customers/", {"owner": lead.pk, "branch": lead.branch_id})
        assert other.name in page.text and gold.name not in page.text

    def test_keeps_a_phone_out_of_the_address_and_logs_the_search(self, client_as: LogIn, lin: User) -> None:
        """The log holds the mask and the number of hits."""
        make.contact(make.customer("金海集团", owner=lin), phone="13800005678")
        page = client_as(lin).post("/customers/", {"q": "138 0000 5678"})
        assert page.status_code == 200 and "金海集团" in page.text
        row = LogEntry.objects.get(action="crm.customer.searched")
        assert row.after == {"field": "phone", "masked": "138****5678", "found": 1} and row.by == lin
        part = client_as(lin).post("/customers/", {"q": "13800005678"}, headers=HTMX)
        assert part["HX-Push-Url"] == "/customers/"

    def test_gives_any_other_search_an_address(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """That can be kept and sent."""
        client = client_as(lin)
        answer = client.post("/customers/", {"q": "金海", "tier": "gold", "kind": ""})
        assert (
            answer.status_code == 302 and answer["Location"] == "/customers/?q=%E9%87%91%E6%B5%B7&tier=gold"
        )
        part = client.post("/customers/", {"q": "金海"}, headers=HTMX)
        assert part["HX-Push-Url"] == "/customers/?q=%E9%87%91%E6%B5%B7"

    def test_answers_htmx_with_the_results_alone(self, client_as: LogIn, gold: Customer, lin: User) -> None:
        """The same fragment that the page includes."""
        part = client_as(lin).get("/customers/?q=金海", headers=HTMX).text
        assert part.lstrip().startswith('<div id="results">') and "<html" not in part
        assert gold.name in part

    def test_survives_hostile_filters(self, client_as: LogIn, lin: User) -> None:
        """Rubbish asks for nothing."""
        client = client_as(lin)
        for query in (
            "branch=x",
            "branch=99999999999999999999",
            "page=0",
            "page=x",
            "tier=x",
            "owner=%00",
            "q=%00",
            "q=" + "长" * 99,
        ):
            assert client.get(f"/customers/?{query}").status_code == 200, query

    def test_masks_persons_and_not_organisations(self, client_as: LogIn, lin: User) -> None:
        """单* beside 金海集团."""
        make.customer("单雄信", kind="person", owner=lin)
        make.customer("金海集团", owner=lin)
        page = client_as(lin).get("/customers/").text
        assert "单*" in page and "单雄信" not in page and "金海集团" in page

    @pytest.mark.parametrize("rows", [1, 60])
    def test_takes_few_queries_however_many_rows(
        self, client_as: LogIn, lin: User, rows: int, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        """Ten with the frame, for one row as for a full page."""
        for index in range(rows):
            customer = make.customer(f"公司{index:02d}", owner=lin)
            if index < 3:
                make.policy(customer)
                give_tier(customer, "silver")
        client = client_as(lin)
        with django_assert_max_num_queries(10):
            assert client.get("/customers/").status_code == 200

    def test_of_nobody_says_what_to_do(self, client_as: LogIn, lin: User) -> None:
        """The next action, for those who may."""
        assert "新建客户" in client_as(lin).get("/customers/").text
        assert "新建客户" not in client_as(make.person("shen", "auditor")).get("/customers/").text


class TestRecordingACustomer:
    """By hand."""

    def form(self, lin: User, **fields: str) -> dict[str, str]:
        """This function will fill the form."""
        filled = {"kind": "organisation", "name": "新港货运", "stage": "formal", "token": "t1"}
        return {**filled, "branch": str(lin.branch_id), "owner": str(lin.pk), **fields}

    def test_leads_to_its_page(self, client_as: LogIn, lin: User) -> None:
        """With the next action in sight."""
        page = client_as(lin).post("/customers/new/", self.form(lin), follow=True)
        customer = Customer.objects.get(name="新港货运")
        assert page.redirect_chain == [(f"/customers/{customer.pk}/?tab=contacts", 302)]
        assert "登记服务对象" in page.text

    def test_sent_twice_records_one(self, client_as: LogIn, lin: User) -> None:
        """And both lead to the same page."""
        client = client_as(lin)
        answers = [client.post("/customers/new/", self.form(lin)) for _time in range(2)]
        assert len({answer["Location"] for answer in answers}) == 1
        assert Customer.objects.filter(name="新港货运").count() == 1

    def test_shows_a_refusal_beside_the_form(self, client_as: LogIn, lin: User) -> None:
        """With what was typed, and 422."""
        make.customer(number="K1", owner=lin)
        page = client_as(lin).post("/customers/new/", self.form(lin, number="K1"))
        assert page.status_code == 422
        assert "客户号 K1 已存在" in page.text and "新港货运" in page.text

    def test_for_a_waiting_page_leads_back_to_it(self, client_as: LogIn, lin: User, agent: User) -> None:
        """A service agent with an unknown caller on the line goes on with the call."""
        form = self.form(lin, next="/tickets/new/")
        answer = client_as(agent).post("/customers/new/", form)
        assert answer["Location"] == f"/tickets/new/?customer={Customer.objects.get(name='新港货运').pk}"

    def test_starts_from_what_a_call_looked_for(self, client_as: LogIn, agent: User) -> None:
        """A mobile number or a name; a landline and an ID number are nobody's name."""
        client, address = client_as(agent), "/customers/new/?next=/tickets/new/"
        page = client.post(address, {"caller": "139 1111 2222", "kind": "enquiry"})
        assert page.status_code == 200 and 'value="13911112222"' in page.text
        assert 'value="/tickets/new/"' in page.text and not page.context["form"].errors
        assert 'value="新港货运"' in client.post(address, {"caller": "新港货运"}).text
        for text in ("022-12345678", "11010519491231002X"):
            assert text not in client.post(address, {"caller": text}).text

    def test_records_who_can_be_reached_there(self, client_as: LogIn, lin: User) -> None:
        """Somebody at the organisation, or the person customer in person."""
        client = client_as(lin)
        client.post("/customers/new/", self.form(lin, contact_name="张伟", phone="13911112222"))
        at_work = Contact.objects.get(customer__name="新港货运")
        assert (at_work.role, at_work.name, at_work.phone_masked) == ("first", "张伟", "139****2222")
        person = self.form(lin, kind="person", name="李明", phone="13911113333", token="t2")
        client.post("/customers/new/", person)
        assert Contact.objects.get(customer__name="李明").role == "self"

    def test_knows_whose_number_it_is_or_records_nothing(self, client_as: LogIn, lin: User) -> None:
        """Customer and contact are one act."""
        client = client_as(lin)
        page = client.post("/customers/new/", self.form(lin, phone="13911112222"))
        assert page.status_code == 422 and "联系人的姓名" in page.text and "13911112222" in page.text
        page = client.post("/customers/new/", self.form(lin, contact_name="张伟", phone="123"))
        assert page.status_code == 422 and not Customer.objects.exists()

    def test_leads_to_no_page_of_others(self, client_as: LogIn, lin: User) -> None:
        """An address of another house is left out."""
        answer = client_as(lin).post("/customers/new/", self.form(lin, next="https://example.com/"))
        assert answer["Location"].startswith("/customers/")

    def test_is_refused_to_those_without_the_right(self, client_as: LogIn) -> None:
        """With a sentence."""
        page = client_as(make.person("shen", "auditor")).get("/customers/new/")
        assert page.status_code == 403 and "新建客户" in page.text

    def test_takes_no_branch_or_owner_of_elsewhere(self, client_as: LogIn, lin: User, zhou: User) -> None:
        """They are not among the choices."""
        fields = {"branch": str(zhou.branch_id), "owner": str(zhou.pk)}
        page = client_as(lin).post("/customers/new/", self.form(lin, **fields))
        assert page.status_code == 422 and not Customer.objects.exists()
