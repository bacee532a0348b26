"""The deadline calculator, through the door."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from crm.models import User
from servicing.models import Commitment

pytestmark = pytest.mark.django_db
LogIn = Callable[[User], Client]


@pytest.fixture
def ask(client_as: LogIn, agent: User) -> Callable[..., Any]:
    """A function that asks the calculator."""
    client = client_as(agent)

    def get(clock: str = "PA-17.1", at: str = "2026-02-12T10:00", tier: str = "silver", **more: Any) -> Any:
        return client.get("/deadlines/", {"clock": clock, "at": at, "tier": tier, **more})

    return get


class TestATrial:
    """Answers with the arithmetic and saves nothing."""

    def test_counts_over_the_spring_festival(self, ask: Callable[..., Any]) -> None:
        """Five working days from 12 February end on the 26th."""
        page = ask()
        assert page.context["trial"].main.due.due_date.isoformat() == "2026-02-26"
        assert "调休上班" in page.text and "春节" in page.text and not Commitment.objects.exists()

    def test_knows_the_tier_of_a_kind(self, ask: Callable[..., Any]) -> None:
        """Gold and ordinary customers get different limits, or none."""
        assert ask("kind:change", tier="gold").context["trial"].main.standard.code == "PA-18.1.3"
        assert ask("kind:change", tier="ordinary").context["trial"].main.standard.code == "PA-17.2"
        assert "没有时限承诺" in ask("kind:enquiry", tier="ordinary").text

    def test_shows_the_laws_ceiling_of_a_complaint(self, ask: Callable[..., Any]) -> None:
        """Both clocks."""
        trial = ask("kind:complaint", tier="gold").context["trial"]
        assert trial.main.standard.code == "PA-18.2.1-complaint"
        assert trial.ceiling.standard.code == "R-4 simple"

    def test_takes_pauses(self, ask: Callable[..., Any]) -> None:
        """Their days do not count; one that still lasts leaves no date."""
        pause = {"p-0-started": "2026-02-25", "p-0-ended": "2026-02-27", "p-0-reason": "papers"}
        page = ask(**pause)
        assert page.context["trial"].main.due.due_date.isoformat() == "2026-03-02"
        assert "等待补件" in page.text
        assert "恢复后才有到期日" in ask(**{"p-0-started": "2026-02-25"}).text

    def test_says_when_a_year_is_not_published(self, ask: Callable[..., Any]) -> None:
        """Such a date is provisional."""
        assert "暂定" in ask(at="2026-12-30T10:00").text

    def test_grows_by_a_line(self, ask: Callable[..., Any]) -> None:
        """The button asks for one more, keeping what was typed; never more than six."""
        page = ask(**{"rows": "1", "more": "2", "p-0-started": "2026-02-25", "p-0-ended": "2026-02-27"})
        assert len(page.context["pauses"].forms) == 2 and 'value="2026-02-25"' in page.text
        assert len(ask(rows="99").context["pauses"].forms) == 6

    def test_is_open_to_all_who_log_in(self, client: Client, ask: Callable[..., Any]) -> None:
        """And to nobody else; without a question it explains itself."""
        assert client.get("/deadlines/").status_code == 302
        part = ask().client.get("/deadlines/", headers={"HX-Request": "true"})
        assert part.text.lstrip().startswith('<div id="trial">') and "选一个事项" in part.text


class TestABadQuestion:
    """Is answered beside its field."""

    @pytest.mark.parametrize(
        ("asked", "field"),
        [
            ({"clock": "PA-99"}, "clock"),
            ({"at": "昨天"}, "at"),
            ({"at": ""}, "at"),
            ({"at": "1800-01-01T10:00"}, "clock"),
            ({"tier": "platinum"}, "tier"),
        ],
    )
    def test_names_the_field(self, ask: Callable[..., Any], asked: dict[str, str], field: str) -> None:
        """With a sentence."""
        page = ask(**asked)
        assert page.status_code == 200 and page.context["trial"] is None
        assert field in page.context["form"].errors

    @pytest.mark.parametrize(
        "pauses",
        [
            {"p-0-started": "2026-02-27", "p-0-ended": "2026-02-25"},
            {"p-0-ended": "2026-02-25"},
            {"p-0-started": "无"},
            {"rows": "2", "p-0-started": "2026-02-24", "p-1-started": "2026-02-26"},
        ],
    )
    def test_refuses_pauses_that_cannot_be(self, ask: Callable[..., Any], pauses: dict[str, str]) -> None:
        """Ended before begun, never begun, overlapping."""
        page = ask(**pauses)
        assert page.context["trial"] is None and 'class="jn-error"' in page.text

    def test_refuses_to_pause_hours(self, ask: Callable[..., Any]) -> None:
        """They run on (rulebook X-10)."""
        page = ask("CL-10", **{"p-0-started": "2026-02-13", "p-0-ended": "2026-02-14"})
        assert page.context["trial"] is None
