"""System checks: jobs that exist, a broker in production, a known provider, a calendar that reaches ahead."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from crm import checks, schedule
from crm.models import CalendarNotice


class TestTheJobs:
    def test_all_exist(self) -> None:
        assert checks.jobs_exist() == []

    def test_one_that_nobody_wrote_is_named(self, monkeypatch: pytest.MonkeyPatch) -> None:
        job = schedule.Job("dream", "做梦", "crm.dream", timedelta(days=1), "做梦。")
        monkeypatch.setattr(checks, "JOBS", (job,))
        (error,) = checks.jobs_exist()
        assert error.id == "crm.E001" and "crm.dream" in error.msg


class TestTheBroker:
    def test_of_an_embedded_house_is_its_own(self, settings: Any) -> None:
        settings.EMBEDDED = True
        assert checks.production_has_a_broker() == []

    def test_of_production_must_be_given(self, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        settings.EMBEDDED = False
        monkeypatch.delenv("BROKER_URL", raising=False)
        assert [error.id for error in checks.production_has_a_broker()] == ["crm.E002"]
        monkeypatch.setenv("BROKER_URL", "redis://redis:6379/0")
        assert checks.production_has_a_broker() == []


class TestTheProvider:
    def test_that_nobody_knows_is_refused(self, settings: Any) -> None:
        settings.MESSAGE_PROVIDER = "pigeon"
        assert [error.id for error in checks.the_provider_is_known()] == ["crm.E003"]


@pytest.mark.django_db
class TestTheCalendar:
    @pytest.mark.parametrize(("day", "warned"), [("2026-11-01", False), ("2026-11-03", True)])
    def test_is_asked_for_sixty_days_ahead(self, day: str, warned: bool) -> None:
        with time_machine.travel(f"{day}T10:00:00+08:00", tick=False):
            found = checks.the_calendar_reaches_ahead(databases=["default"])
        assert [one.id for one in found] == (["crm.W001"] if warned else [])

    def test_is_not_asked_without_a_database(self, django_assert_num_queries: Callable[[int], Any]) -> None:
        with django_assert_num_queries(0):
            assert checks.the_calendar_reaches_ahead() == []

    def test_that_was_imported_is_enough(self) -> None:
        assert CalendarNotice.objects.filter(year=2026).exists()
        with time_machine.travel("2026-12-31T10:00:00+08:00", tick=False):
            (warning,) = checks.the_calendar_reaches_ahead(databases=["default"])
        assert "2027" in warning.msg
