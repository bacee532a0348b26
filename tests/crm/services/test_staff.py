"""Adding people, changing their posts, switching them off."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from crm.models import Customer, LogEntry, User
from crm.services import staff
from servicing.services import tickets
from tests.factories import crm as make
from tests.factories import servicing as promise_floor

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


class TestAChangeOfPost:
    """By the branch manager."""

    def test_is_written_down_with_what_was_before(self, lin: User, lead: User, manager: User) -> None:
        staff.change_person(
            person=lin, seen=staff.stamp(lin), by=manager, now=make.NOW, role="service_agent", supervisor=None
        )
        row = LogEntry.objects.get(action="crm.staff.changed")
        assert row.before == {"role": "account_manager", "supervisor": "he"}
        assert row.after == {"role": "service_agent", "supervisor": ""}

    def test_to_the_same_leaves_no_trace(self, lin: User, manager: User) -> None:
        staff.change_person(person=lin, seen=staff.stamp(lin), by=manager, now=make.NOW, name="林晓")
        assert not LogEntry.objects.filter(action="crm.staff.changed").exists()

    def test_refuses_a_form_that_is_older_than_the_row(self, lin: User, manager: User) -> None:
        seen = staff.stamp(lin)
        staff.change_person(person=lin, seen=seen, by=manager, now=make.NOW, name="林小")
        with pytest.raises(staff.PersonChangedMeanwhile):
            staff.change_person(person=lin, seen=seen, by=manager, now=make.NOW, name="林大")
        lin.refresh_from_db()
        assert lin.name == "林小"

    def test_refuses_two_who_stand_above_each_other(self, lin: User, lead: User, manager: User) -> None:
        with pytest.raises(staff.SupervisorsRunInACircle):
            staff.change_person(person=lead, seen=staff.stamp(lead), by=manager, now=make.NOW, supervisor=lin)

    def test_refuses_what_only_the_head_office_appoints(self, lin: User, manager: User) -> None:
        with pytest.raises(staff.RoleIsNotYours):
            staff.change_person(person=lin, seen=staff.stamp(lin), by=manager, now=make.NOW, role="auditor")

    def test_refuses_oneself(self, manager: User) -> None:
        with pytest.raises(staff.NotOneself):
            staff.change_person(
                person=manager, seen=staff.stamp(manager), by=manager, now=make.NOW, role="service_agent"
            )

    def test_refuses_a_branch_that_cannot_see_the_customers(self, gold: Customer, head_office: User) -> None:
        lin, other = gold.owner, make.branch_tree().other_office
        with pytest.raises(staff.CustomersStayBehind, match="1 位"):
            staff.change_person(
                person=lin, seen=staff.stamp(lin), by=head_office, now=make.NOW, branch=other, supervisor=None
            )

    def test_refuses_a_role_that_keeps_no_customers(self, gold: Customer, manager: User) -> None:
        lin = gold.owner
        with pytest.raises(staff.HandOverFirst, match="客户 1"):
            staff.change_person(
                person=lin, seen=staff.stamp(lin), by=manager, now=make.NOW, role="service_agent"
            )

    def test_refuses_to_leave_nobody_in_charge(self, head_office: User) -> None:
        with pytest.raises(staff.LastAdministrator):
            staff.change_person(
                person=head_office, seen=staff.stamp(head_office), by=None, now=make.NOW, role="auditor"
            )


class TestSwitchingSomebodyOff:
    """Who may still hold something."""

    def test_ends_their_access(self, lin: User, manager: User) -> None:
        staff.switch_off(person=lin, reason="离职", by=manager, now=make.NOW)
        staff.switch_off(person=lin, reason="离职", by=manager, now=make.NOW)
        lin.refresh_from_db()
        assert not lin.is_active
        assert LogEntry.objects.filter(action="crm.staff.switched_off").count() == 1

    def test_is_refused_while_they_keep_a_customer(self, gold: Customer, manager: User) -> None:
        with pytest.raises(staff.HandOverFirst, match="客户 1"):
            staff.switch_off(person=gold.owner, reason="离职", by=manager, now=make.NOW)

    def test_is_refused_while_they_owe_a_promise_or_a_ticket(
        self, gold: Customer, agent: User, manager: User, now: datetime
    ) -> None:
        taken = promise_floor.ticket(gold, "complaint", received_at=now)
        tickets.transfer(ticket=taken, owner=agent, reason="分工", by=manager, now=now)
        with pytest.raises(staff.HandOverFirst, match=r"进行中承诺 \d+、未办结工单 1"):
            staff.switch_off(person=agent, reason="离职", by=manager, now=make.NOW)

    def test_is_refused_while_they_sit_in_a_team(self, gold: Customer, agent: User, manager: User) -> None:
        gold.team.add(agent)
        with pytest.raises(staff.HandOverFirst, match="团队席位 1"):
            staff.switch_off(person=agent, reason="离职", by=manager, now=make.NOW)

    def test_is_refused_to_themselves(self, manager: User) -> None:
        with pytest.raises(staff.NotOneself):
            staff.switch_off(person=manager, reason="离职", by=manager, now=make.NOW)

    def test_is_undone_by_switching_on(self, lin: User, manager: User) -> None:
        staff.switch_off(person=lin, reason="休假", by=manager, now=make.NOW)
        staff.switch_on(person=lin, by=manager, now=make.NOW)
        lin.refresh_from_db()
        assert lin.is_active


class TestSomebodyWhoIsSwitchedOff:
    """Whoever writes past the services."""

    def test_cannot_be_given_a_customer(self, gold: Customer, lead: User) -> None:
        User.objects.filter(pk=lead.pk).update(is_active=False)
        with pytest.raises(IntegrityError, match="a_keeper_is_in_use"), transaction.atomic():
            Customer.objects.filter(pk=gold.pk).update(owner=lead)
        with pytest.raises(IntegrityError, match="a_keeper_is_in_use"), transaction.atomic():
            make.customer("新客户", owner=lead)

    def test_cannot_be_given_a_seat(self, gold: Customer, lead: User) -> None:
        User.objects.filter(pk=lead.pk).update(is_active=False)
        with pytest.raises(IntegrityError, match="a_team_member_is_in_use"), transaction.atomic():
            gold.team.add(lead)

    def test_keeps_rows_that_are_saved_for_another_reason(self, gold: Customer) -> None:
        User.objects.filter(pk=gold.owner_id).update(is_active=False)
        gold.name = "金海集团（天津）"
        gold.save()


class TestANewPassword:
    """Given by a manager."""

    def test_holds_from_now_on_and_stands_in_no_log(self, lin: User, manager: User) -> None:
        staff.set_password(person=lin, password="another-long-word", by=manager, now=make.NOW)
        lin.refresh_from_db()
        assert lin.check_password("another-long-word")
        row = LogEntry.objects.get(action="crm.staff.password_set")
        assert "another-long-word" not in f"{row.before}{row.after}{row.reason}"

    def test_of_an_administrator_is_not_a_managers_to_give(self, head_office: User, manager: User) -> None:
        with pytest.raises(staff.RoleIsNotYours):
            staff.set_password(person=head_office, password="another-long-word", by=manager, now=make.NOW)


@pytest.mark.only_on("postgresql")
@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    """One gives a person a customer while another switches the person off."""

    def test_leave_no_customer_with_somebody_who_is_off(self) -> None:
        manager = make.person("guo", role="branch_manager")
        for round_ in range(6):
            leaver = make.person(f"leaver-{round_}")
            customer = make.customer(f"客户{round_}", owner=manager)
            barrier = threading.Barrier(2)

            def give(customer: Customer = customer, leaver: User = leaver) -> None:
                Customer.objects.filter(pk=customer.pk).update(owner=leaver)

            def leave(leaver: User = leaver) -> None:
                staff.switch_off(person=leaver, reason="离职", by=manager, now=make.NOW)

            got = at_once(barrier, give, leave)
            leaver.refresh_from_db()
            customer.refresh_from_db()
            assert leaver.is_active or customer.owner_id != leaver.pk, got
            assert "done" in got, got


def at_once(barrier: threading.Barrier, *acts: Callable[[], None]) -> list[str]:
    """This function will let acts go at the same moment, each with a connection of its own, and name what each got."""
    got: list[str] = []

    def run(act: Callable[[], None]) -> None:
        barrier.wait(30)
        try:
            act()
        except (staff.HandOverFirst, IntegrityError) as refusal:
            got.append(type(refusal).__name__)
        else:
            got.append("done")
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for one in threads:
        one.start()
    for one in threads:
        one.join(60)
    return got
