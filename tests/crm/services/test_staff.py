"""Adding people."""

import pytest

from crm.models import LogEntry
from crm.services import staff
from tests.factories import crm as make

pytestmark = pytest.mark.django_db


class TestAddingAPerson:
    """To a branch."""

    def test_lets_them_log_in_with_their_password(self) -> None:
        """The password is hashed."""
        lin = make.person("lin", password="a long password")
        assert lin.check_password("a long password")
        assert "a long password" not in lin.password

    def test_without_a_password_lets_nobody_in(self) -> None:
        """There is no default password."""
        assert not make.person("lin").has_usable_password()

    def test_refuses_a_staff_number_twice(self) -> None:
        """Staff numbers are unique."""
        lin = make.person("lin")
        with pytest.raises(staff.StaffNumberIsTaken, match="lin"):
            staff.add_person(username="lin", name="乙", branch=lin.branch, role="auditor", now=make.NOW)

    def test_refuses_a_supervisor_of_another_branch(self) -> None:
        """Supervisors stand in the branch or above it."""
        tree = make.branch_tree()
        zhou = make.person("zhou", branch=tree.other_office)
        with pytest.raises(staff.SupervisorIsElsewhere):
            staff.add_person(
                username="y", name="乙", branch=tree.office, role="auditor", supervisor=zhou, now=make.NOW
            )

    def test_refuses_a_head_office_administrator_below(self) -> None:
        """The role needs the root."""
        with pytest.raises(staff.HeadOfficeRoleBelow):
            make.person("y", "head_office")

    def test_is_written_down_without_the_password(self) -> None:
        """The log says who may do what."""
        make.person("lin", password="a long password")
        row = LogEntry.objects.get(action="crm.staff.added")
        assert row.after == {"username": "lin", "branch": "120101", "role": "account_manager"}
