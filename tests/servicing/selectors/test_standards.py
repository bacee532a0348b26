"""Finding the version of a standard that holds."""

from datetime import datetime

import pytest

from crm.time.calendar import FIRST_DAY
from servicing.models import ServiceStandard
from servicing.selectors import standards
from servicing.selectors.standards import NoSuchStandard


@pytest.mark.django_db
class TestAStandardInForce:
    def test_is_found_by_code(self, now: datetime) -> None:
        assert str(standards.in_force("PA-18.1.3", now)) == "PA-18.1.3 v1"

    def test_an_unknown_code_is_refused_with_the_ones_that_look_like_it(self, now: datetime) -> None:
        with pytest.raises(NoSuchStandard, match=r"没有编号为“PA-18\.1\.33”.*PA-18\.1\.3"):
            standards.in_force("PA-18.1.33", now)

    def test_a_closed_one_is_not_in_force(self, now: datetime) -> None:
        ServiceStandard.objects.filter(code="X-16").update(active_to=now)
        with pytest.raises(NoSuchStandard):
            standards.in_force("X-16", now)

    def test_the_laws_limits_are_found_by_kind_and_start(self) -> None:
        found = standards.ceilings_of(kind="complaint", start="收到投诉")
        assert {row.code for row in found} == {"R-4 simple", "R-4 complex", "R-4 extended"}
        assert standards.ceilings_of(kind="complaint", start="别处") == []

    def test_reaches_back_to_the_first_day_of_the_calendar(self) -> None:
        first = datetime.fromisoformat(f"{FIRST_DAY}T00:00:00+08:00")
        assert standards.in_force("PA-17.1", first).version == 1
