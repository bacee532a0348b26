"""Values that must never be seen again: a phone, an ID number and passwords go through the pages, then every place
where something could be left is searched for them."""

import logging
import re
from typing import Any

import pytest
from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from crm import queue
from crm.models import Contact, Customer, User
from crm.services import contacts
from tests.factories import crm as make
from tests.factories.login import PASSWORD

PHONE = "13987650123"
PHONE_AS_TYPED = "139 8765 0123"
ID_NO = "120101199003071235"
OTHER_PASSWORD = "canary umbrellas dance at noon"
CANARIES = (
    PHONE,
    PHONE[:3] + " " + PHONE[3:7] + " " + PHONE[7:],
    ID_NO,
    PASSWORD,
    OTHER_PASSWORD,
    "canary umbrellas",
)


BOX = re.compile(r'<input[^>]*\svalue="[^"]*"')


class Watch:
    """Everything that left a page or was left behind."""

    def __init__(self) -> None:
        self.seen: dict[str, str] = {}

    def add(self, where: str, what: object) -> None:
        self.seen[where] = f"{self.seen.get(where, '')}\n{what}"

    def hits(self) -> list[str]:
        return [f"{one!r} in {where}" for where, text in self.seen.items() for one in CANARIES if one in text]


class Pages:
    """A person at work, every answer of whom is kept but for those that are asked to show clear data."""

    def __init__(self, watch: Watch) -> None:
        self.client, self.watch = Client(raise_request_exception=False), watch

    def post(self, address: str, form: dict[str, Any], *, clear: bool = False, **headers: Any) -> Any:
        answer = self.client.post(address, form, **headers)
        self.keep(address, answer, clear)
        return answer

    def get(self, address: str, **headers: Any) -> Any:
        answer = self.client.get(address, **headers)
        self.keep(address, answer, False)
        return answer

    def keep(self, address: str, answer: Any, clear: bool) -> None:
        self.watch.add("an address", f"{address} {dict(answer.headers)} {answer.cookies.output()}")
        if not clear:
            # a box that comes back shows its owner what was just typed into it, and nobody else
            rest = BOX.sub("", answer.content.decode())
            self.watch.add(f"the page {address} ({answer.status_code})", rest)


@pytest.fixture
def lin(lin: User) -> User:
    lin.set_password(PASSWORD)
    lin.save()
    return lin


@pytest.fixture
def watch(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> Watch:
    """A watch to which the queue reports; the root logger hears everything."""
    caplog.set_level(logging.DEBUG)
    found = Watch()

    def send(task: Any, arguments: dict[str, Any], expires: float) -> None:
        found.add("a task's arguments", f"{task.name} {arguments}")

    monkeypatch.setattr(queue, "_send", send)
    return found


def rows() -> str:
    """This function will write down every row of every table."""
    return "\n".join(
        repr(list(model._base_manager.values())) for model in apps.get_models(include_auto_created=True)
    )


def at_work(pages: Pages, customer: Customer) -> None:
    """This function will type the values wherever a person types them, rightly and wrongly."""
    pages.post("/login/", {"username": OTHER_PASSWORD, "password": OTHER_PASSWORD})
    pages.post("/login/", {"username": "lin", "password": OTHER_PASSWORD})
    pages.post("/login/", {"username": "lin", "password": PASSWORD})
    new = reverse("crm:contact-new", args=[customer.pk])
    person = {"role": "first", "name": "张伟", "birthday_calendar": "solar"}
    pages.post(new, {**person, "phone": PHONE_AS_TYPED, "id_no": ID_NO, "token": "t1"})
    contact = Contact.objects.get(customer=customer)
    pages.post(reverse("crm:customer-list"), {"q": PHONE})
    pages.post(reverse("crm:customer-list"), {"q": ID_NO}, HTTP_HX_REQUEST="true")
    for address in ("/", "/customers/", reverse("crm:customer-detail", args=[customer.pk])):
        pages.get(address)
    for field in ("phone", "id_no"):
        reveal = reverse("crm:contact-reveal", args=[customer.pk, contact.pk, field])
        answer = pages.post(reveal, {"reason": "电话回访"}, clear=True)
        assert (PHONE if field == "phone" else ID_NO) in answer.content.decode().replace(" ", "")
        pages.get(f"{reveal}?hide=1")
    changed = {"old_password": PASSWORD, "new_password1": OTHER_PASSWORD, "new_password2": OTHER_PASSWORD}
    pages.post("/account/password/", {**changed, "old_password": "wrong"})
    pages.post("/account/password/", changed)
    pages.get("/account/")


@pytest.mark.django_db
class TestWhatMustNotBeSeenAgain:
    def test_is_in_no_page_address_log_task_cache_session_or_row(
        self,
        lin: User,
        watch: Watch,
        caplog: pytest.LogCaptureFixture,
        django_capture_on_commit_callbacks: Any,
    ) -> None:
        customer = make.customer("金海集团", owner=lin)
        with django_capture_on_commit_callbacks(execute=True):
            at_work(Pages(watch), customer)
        watch.add("the log", caplog.text)
        watch.add("a session", [one.get_decoded() for one in Session.objects.all()])
        watch.add("the cache", getattr(cache, "_cache", ""))
        watch.add("a row", rows())
        assert Contact.objects.get().phone_sealed and len(watch.seen) > 8
        assert not watch.hits()

    def test_is_in_no_page_or_log_of_a_fault(
        self, lin: User, watch: Watch, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """A bug in the middle of the work, with the values in its variables."""
        customer, pages = make.customer("金海集团", owner=lin), Pages(watch)
        pages.client.force_login(lin)

        def broken(**_values: Any) -> None:
            raise KeyError("bug")

        monkeypatch.setattr(contacts, "record_contact", broken)
        form = {"role": "first", "name": "张伟", "phone": PHONE, "id_no": ID_NO, "birthday_calendar": "solar"}
        answer = pages.post(reverse("crm:contact-new", args=[customer.pk]), {**form, "token": "t1"})
        watch.add("the log", caplog.text)
        assert answer.status_code == 500 and "Traceback" in caplog.text
        assert "Traceback" not in answer.content.decode() and "系统出了错" in answer.content.decode()
        assert not watch.hits()
