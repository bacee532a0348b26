"""What happens inside an installation whose disk is a few megabytes large: it is filled to the last byte, then freed."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.utils import timezone

from crm import providers, pulse
from crm.models import ImportBatch, Message, Touchpoint
from crm.refusal import Refusal
from crm.services import backups, delivery
from tests.factories import crm as make
from tests.factories.sending import crowd, greeting
from tests.stack.browsers import call_noted
from tests.stack.imports import rows

MOST_SAVES = 3000


@contextmanager
def ballast() -> Iterator[None]:
    """This function will fill the disk while the block runs."""
    file = settings.VAR / "ballast"
    with file.open("wb", buffering=0) as heavy:
        size = 1024 * 1024
        while size:
            try:
                heavy.write(os.urandom(size))
            except OSError:
                size //= 2
    try:
        yield
    finally:
        file.unlink()


def save(client: Client, customer: int, summary: str) -> int:
    """This function will write down a long call."""
    return client.post(
        f"/customers/{customer}/touchpoints/new/", call_noted(summary + "，说了很多" * 300)
    ).status_code


def upload(client: Client) -> Any:
    """This function will hand in a book by its page."""
    return client.post("/import/", {"file": SimpleUploadedFile("客户.csv", rows(2000))})


def deliver() -> None:
    """This function will send what is due."""
    delivery.deliver(
        clock=timezone.now, pause=time.sleep, pulse=pulse.read(), providers=providers.by_channel()
    )


def run() -> dict[str, Any]:
    """This function will do each thing before, on the full disk, and after."""
    lin, client = make.person("lin"), Client(raise_request_exception=False, SERVER_NAME="127.0.0.1")
    client.force_login(make.person("guo", role="branch_manager"))
    customer = make.customer("金海集团", owner=lin)
    greeting(crowd(lin, 1)[0], timezone.now(), message_class="service", kind="expiry")
    seen: dict[str, Any] = {"before": save(client, customer.pk, "先前")}
    with ballast():
        seen["upload"] = _told(upload(client))
        try:
            backups.make(now=timezone.now())
        except Refusal as refusal:
            seen["backup"] = refusal.message
        statuses = []
        while 503 not in statuses and len(statuses) < MOST_SAVES:
            statuses.append(save(client, customer.pk, f"满时 {len(statuses)}"))
        seen["saves"] = sorted(set(statuses))
        seen["answered"] = 1 + statuses.count(302)
        seen["page"] = _told(
            client.post(f"/customers/{customer.pk}/touchpoints/new/", call_noted("长" * 2000))
        )
    connection.close()
    seen["standing"] = Touchpoint.objects.count()
    seen["batches"] = ImportBatch.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA integrity_check")
        seen["integrity"] = cursor.fetchone()[0]
    seen["after"] = save(client, customer.pk, "之后")
    seen["upload after"] = upload(client).status_code
    deliver()
    seen["sent after"] = list(Message.objects.filter(contact__isnull=False).values_list("state", flat=True))
    return seen


def _told(page: Any) -> list[Any]:
    return [page.status_code, "磁盘空间不足" in page.content.decode()]
