"""The walk by command: take in before the Spring Festival, break, answer late, read the receipt."""

from datetime import datetime
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command

from crm.models import Customer, User
from servicing.models import Ticket
from servicing.services import commitments
from tests.factories.servicing import at


def run(*args: str) -> str:
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def take_in(customer: Customer, *more: str) -> str:
    return run(
        "ticket", "open", "--customer", customer.number, "--subject", "对等待时间有意见", "--by", "lin", *more
    )


@pytest.fixture
def morning() -> datetime:
    return at("2026-02-12 10:00")


class TestAComplaintBeforeTheSpringFestival:
    def test_is_walked_from_intake_to_receipt(self, silver: Customer, morning: datetime) -> None:
        with time_machine.travel(morning, tick=False):
            opened = take_in(silver, "--kind", "change", "--change-type", "beneficiary")
        number = opened.split()[0]
        assert "PA-18.1.3 进行中 到期 2026-02-14（周六）23:59:59" in opened

        late = at("2026-02-24 09:00")
        commitments.sweep(now=late)
        with time_machine.travel(late, tick=False):
            run("ticket", "close", number, "--summary", "已批改", "--reference", "PD-1", "--by", "lin")
            receipt = run("receipt", number)

        assert "2026-02-14  第 2 日  调休上班" in receipt
        assert "2026-02-15（周日）00:00:00  超时" in receipt
        assert "凭据 PD-1" in receipt
        assert receipt.rstrip().endswith("结果 超时办结")

    def test_shows_both_clocks_of_a_complaint(self, silver: Customer, morning: datetime) -> None:
        with time_machine.travel(morning, tick=False):
            opened = take_in(silver, "--kind", "complaint")

        assert "PA-18.2.1-complaint 进行中 到期 2026-02-15（周日）23:59:59" in opened
        assert "R-4 simple 进行中 到期 2026-02-27（周五）23:59:59" in opened

    def test_answered_in_time_is_kept(self, silver: Customer, morning: datetime) -> None:
        with time_machine.travel(morning, tick=False):
            number = take_in(silver, "--kind", "complaint").split()[0]
            run("ticket", "reply", number, "--body", "已核实并致歉。", "--by", "lin")
            receipt = run("receipt", number)

        assert receipt.count("结果 按时办结") == 2


class TestBadInput:
    def test_of_another_branch_finds_no_customer(self, silver: Customer, zhou: User) -> None:
        with pytest.raises(CommandError, match="没有找到客户"):
            run(
                "ticket",
                "open",
                "--customer",
                silver.number,
                "--kind",
                "request",
                "--subject",
                "问",
                "--by",
                "zhou",
            )

    def test_needs_somebody_who_acts(self, silver: Customer) -> None:
        with pytest.raises(CommandError, match="经办人"):
            run("ticket", "open", "--customer", silver.number, "--kind", "request", "--subject", "问")

    def test_of_a_change_must_say_what_changes(self, silver: Customer) -> None:
        with pytest.raises(CommandError, match="变更内容"):
            take_in(silver, "--kind", "change")

        assert not Ticket.objects.exists()

    def test_of_an_unknown_receipt_is_a_sentence(self, db: None) -> None:
        with pytest.raises(CommandError, match="没有找到"):
            run("receipt", "GD000000-00000")
