"""A new installation opens its head office and its first person from the command line."""

import io

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from crm.models import Branch, LogEntry, User
from crm.services import second_factors
from tests.factories import crm as make
from tests.factories.login import enrol

PASSWORD = "渤海湾里的第一道防波堤坝"


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A password comes through a pipe."""
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSWORD + "\n"))


def run(*words: str) -> str:
    out = io.StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


@pytest.mark.django_db
class TestANewInstallation:
    def test_opens_its_tree_from_the_top(self) -> None:
        run("open_branch", "1000", "总公司", "--kind", "head_office")
        said = run(
            "open_branch", "1200", "天津分公司", "--kind", "province", "--parent", "1000", "--grade", "A"
        )

        assert "天津分公司（1200，分公司）" in said
        assert Branch.objects.get(code="1200").path.startswith(Branch.objects.get(code="1000").path)

    @pytest.mark.usefixtures("typed")
    def test_lets_its_first_person_log_in(self) -> None:
        run("open_branch", "1000", "总公司", "--kind", "head_office")

        said = run("add_person", "T001", "唐宁", "--branch", "1000", "--role", "head_office")

        assert "唐宁（T001），总公司管理员，总公司" in said
        assert Client().login(username="T001", password=PASSWORD)
        assert LogEntry.objects.filter(action="crm.staff.added").exists()

    def test_refuses_a_second_head_office_in_one_sentence(self) -> None:
        run("open_branch", "1000", "总公司", "--kind", "head_office")

        with pytest.raises(CommandError, match="总公司只能有一个"):
            run("open_branch", "1001", "总公司", "--kind", "head_office")

    def test_refuses_a_branch_under_one_that_is_not_there(self) -> None:
        with pytest.raises(CommandError, match="没有机构代码为“9999”的机构"):
            run("open_branch", "1200", "天津分公司", "--kind", "province", "--parent", "9999")

    def test_refuses_a_weak_password_and_adds_nobody(self, monkeypatch: pytest.MonkeyPatch) -> None:
        run("open_branch", "1000", "总公司", "--kind", "head_office")
        monkeypatch.setattr("sys.stdin", io.StringIO("12345\n"))

        with pytest.raises(CommandError, match="密码不合要求"):
            run("add_person", "T001", "唐宁", "--branch", "1000", "--role", "head_office")

        assert not User.objects.exists()


@pytest.mark.django_db
class TestALostPhone:
    def test_of_the_last_administrator_is_helped_on_the_server(self) -> None:
        tang = make.person("tang", role="head_office", branch=make.branch_tree().head_office)
        enrol(tang, make.NOW)
        run("reset_second_factor", "tang", "--reason", "手机遗失，无其他管理员")
        assert not second_factors.enrolled(tang)

    def test_of_nobody_is_said_in_a_sentence(self) -> None:
        with pytest.raises(CommandError, match="工号"):
            run("reset_second_factor", "nobody", "--reason", "手机遗失")
