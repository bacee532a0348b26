"""Shapes of what is asked and said about people and branches; nothing is written here."""

from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import BranchChoice, PersonChoice, Select, TextBox
from crm.models import Branch, User
from crm.models.staff import BranchKind, Role
from crm.selectors.staff import WantedPeople
from crm.services.staff import Post

BLANK = [("", _("全部"))]
STATES = [*BLANK, ("active", _("在用")), ("off", _("已停用"))]
GRADES = [("A", _("A 类")), ("B", _("B 类以下"))]


class PeopleFilter(Form):
    """What the list's search box and selects hold."""

    q = forms.CharField(label=_("姓名或工号"), required=False, max_length=30, widget=TextBox())
    branch = BranchChoice(
        label=_("机构"),
        queryset=Branch.objects.none(),
        required=False,
        empty_label=_("全部"),
        widget=Select(),
    )
    role = forms.ChoiceField(
        label=_("岗位"), required=False, choices=[*BLANK, *Role.choices], widget=Select()
    )
    state = forms.ChoiceField(label=_("状态"), required=False, choices=STATES, widget=Select())

    def __init__(self, data: Any, *, branches: QuerySet[Branch]) -> None:
        """This function will offer the branches that the person may see."""
        super().__init__(data)
        self.fields["branch"].queryset = branches.order_by("path")  # type: ignore[attr-defined]

    def wanted(self) -> WantedPeople:
        """This function will say what is asked for; what cannot be read is not asked for."""
        self.is_valid()
        said = self.cleaned_data
        return WantedPeople(
            said.get("q", "").strip(), said.get("branch"), said.get("role", ""), said.get("state", "")
        )


class PostForm(Form):
    """Where a person works, as what, under whom."""

    name = forms.CharField(label=_("姓名"), max_length=30, widget=TextBox())
    branch = BranchChoice(
        label=_("机构"), queryset=Branch.objects.none(), empty_label=_("请选择"), widget=Select()
    )
    role = forms.ChoiceField(label=_("岗位"), choices=Role.choices, widget=Select())
    supervisor = PersonChoice(
        label=_("主管"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("没有主管"),
        widget=Select(),
        help_text=_("超时和升级提醒会发给主管；须在同一机构或其上级机构"),
    )

    def __init__(self, *args: Any, branches: QuerySet[Branch], above: QuerySet[User], **kwargs: Any) -> None:
        """This function will offer the branches and people that may be chosen."""
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches.order_by("path")  # type: ignore[attr-defined]
        self.fields["supervisor"].queryset = above.order_by("branch__path", "name", "id")  # type: ignore[attr-defined]

    def post(self) -> Post:
        """This function will say what the services take."""
        return Post(
            name=self.cleaned_data["name"].strip(),
            branch=self.cleaned_data["branch"],
            role=self.cleaned_data["role"],
            supervisor=self.cleaned_data["supervisor"],
        )


class NewPassword(Form):
    """A password, typed twice; the house's rules about passwords are asked here."""

    password = forms.CharField(
        label=_("新密码"),
        strip=False,
        help_text=_("至少 12 位，不能是常见密码，不能与工号、姓名相近"),
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label=_("再输一次"),
        strip=False,
        widget=forms.PasswordInput(attrs={"class": "form-control", "autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: User | None = None, **kwargs: Any) -> None:
        """This function will keep whose password it is, because it must not resemble the person's name."""
        super().__init__(*args, **kwargs)
        self.person = person

    def clean(self) -> dict[str, Any]:
        """This function will refuse two different words, and a word that the house's rules refuse."""
        said = super().clean() or {}
        first, again = said.get("password"), said.get("again")
        if first and again and first != again:
            self.add_error("again", _("两次输入的密码不一致，请重新输入。"))
        elif first:
            try:
                validate_password(first, self.person)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return said


class NewPerson(NewPassword, PostForm):
    """Somebody who begins here, with a first password."""

    username = forms.CharField(
        label=_("工号"), max_length=30, widget=TextBox(), help_text=_("登录用，之后不能修改")
    )
    field_order = ("username", "name", "branch", "role", "supervisor", "password", "again")

    def clean(self) -> dict[str, Any]:
        """This function will ask the rules about passwords with the name and number that were typed."""
        said = self.cleaned_data
        self.person = User(username=said.get("username", ""), name=said.get("name", ""))
        return super().clean()


class BranchForm(Form):
    """A branch to be opened under another one."""

    name = forms.CharField(label=_("名称"), max_length=60, widget=TextBox())
    code = forms.CharField(
        label=_("机构代码"), max_length=20, widget=TextBox(), help_text=_("导入时用它认机构，之后不能修改")
    )
    parent = BranchChoice(
        label=_("上级机构"), queryset=Branch.objects.none(), empty_label=_("请选择"), widget=Select()
    )
    kind = forms.ChoiceField(
        label=_("层级"),
        choices=[one for one in BranchKind.choices if one[0] != BranchKind.HEAD_OFFICE],
        widget=Select(),
    )
    grade = forms.ChoiceField(label=_("机构类别"), choices=GRADES, initial="B", widget=Select())

    def __init__(self, *args: Any, branches: QuerySet[Branch], **kwargs: Any) -> None:
        """This function will offer the branches under which the person may open one."""
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = branches.order_by("path")  # type: ignore[attr-defined]


class BranchName(Form):
    """What may be changed about a branch."""

    name = forms.CharField(label=_("名称"), max_length=60, widget=TextBox())
    grade = forms.ChoiceField(label=_("机构类别"), choices=GRADES, widget=Select())


class Why(Form):
    """A reason for an act that people ask about later."""

    reason = forms.CharField(label=_("原因"), max_length=200, widget=TextBox())
