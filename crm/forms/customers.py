"""Shapes of what is asked about customers and of a new customer; nothing is written here."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from crm import access
from crm.forms.base import Form
from crm.forms.filters import Filter
from crm.forms.widgets import BranchChoice, CheckBox, DateBox, PersonChoice, Select, TextBox
from crm.models import Branch, Customer, User
from crm.models.customer import CustomerKind, CustomerStage, CustomerStatus
from crm.registry import tier_words
from crm.selectors import customers as read
from crm.selectors import staff
from crm.selectors.customers import Wanted
from crm.services.customers import CustomerChanges

# withdrawn is what the undoing of an import leaves behind; nobody chooses it
STATUSES = [(value, word) for value, word in CustomerStatus.choices if value != CustomerStatus.WITHDRAWN]
BLANK = [("", _("全部"))]
ORDINARY = "ordinary"


class CustomerFilter(Filter):
    """What the list's search box and selects hold."""

    q = forms.CharField(label=_("关键词"), required=False, max_length=60)
    branch = BranchChoice(
        label=_("机构"),
        queryset=Branch.objects.none(),
        required=False,
        empty_label=_("全部"),
        widget=Select(),
    )
    tier = forms.ChoiceField(label=_("层级"), required=False, widget=Select())
    kind = forms.ChoiceField(
        label=_("类型"), required=False, choices=[*BLANK, *CustomerKind.choices], widget=Select()
    )
    owner = PersonChoice(
        label=_("客户经理"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("全部"),
        widget=Select(),
    )

    def __init__(self, data: Any, *, branches: QuerySet[Branch], staff: QuerySet[User]) -> None:
        """This function will offer the branches and people that the person may see."""
        super().__init__(data)
        self.fields["branch"].queryset = branches.order_by("path")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = staff  # type: ignore[attr-defined]
        self.fields["tier"].choices = [*BLANK, *tier_words().items()]  # type: ignore[attr-defined]

    def wanted(self) -> Wanted:
        """This function will say what is asked; a value that is none of ours asks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        tier = asked.get("tier") or ""
        return Wanted(
            text=asked.get("q") or "",
            branch=asked.get("branch"),
            # a customer whom nobody ever rated is ordinary too
            tiers=("", ORDINARY) if tier == ORDINARY else (tier,) if tier else (),
            kind=asked.get("kind") or "",
            owner=asked.get("owner"),
        )


def filter_for(user: User, data: QueryDict) -> CustomerFilter:
    """This function will read a query with the branches and people that the person may see to choose from."""
    branches = access.branches(user)
    chosen = data.get("branch", "")
    branch = branches.filter(pk=int(chosen)).first() if chosen.isdecimal() else None
    return CustomerFilter(data, branches=branches, staff=staff.keepers(access.visible_staff(user), branch))


def asked(user: User, query: str, now: datetime) -> QuerySet[Customer]:
    """This function will list the customers that a query string of the customer list asks for, in its order."""
    return read.listing(access.visible_customers(user), filter_for(user, QueryDict(query)).wanted())


def may_keep(query: str) -> bool:
    """This function will say whether a query string may be stored: none with a whole phone or ID number may."""
    return not read.is_personal(QueryDict(query).get("q", ""))


class CustomerEdit(Form):
    """A customer as recorded, with the version that was on the screen. Branches change by transfer, not here."""

    name = forms.CharField(label=_("名称"), max_length=80, widget=TextBox())
    registration_no = forms.CharField(
        label=_("统一社会信用代码"), max_length=18, required=False, widget=TextBox()
    )
    stage = forms.ChoiceField(label=_("阶段"), choices=CustomerStage.choices, widget=Select())
    status = forms.ChoiceField(label=_("状态"), choices=STATUSES, widget=Select())
    owner = PersonChoice(label=_("客户经理"), queryset=User.objects.none(), widget=Select())
    extra_large = forms.BooleanField(label=_("特大型客户"), required=False, widget=CheckBox())
    extra_large_from = forms.DateField(label=_("特大型起始日"), required=False, widget=DateBox())
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, data: Any = None, *, customer: Customer, staff: QuerySet[User]) -> None:
        """This function will fill in the customer; a person's name stays unseen and is left alone if not given."""
        filled = {name: getattr(customer, name) for name in self.base_fields}
        filled["owner"] = customer.owner_id
        super().__init__(data, initial=filled)
        # whoever keeps the customer now may stay, even from outside the select
        self.fields["owner"].queryset = staff | User.objects.filter(pk=customer.owner_id)  # type: ignore[attr-defined]
        if customer.kind == CustomerKind.PERSON:
            del self.fields["registration_no"]
            self.initial["name"] = ""
            self.fields["name"].required = False
            self.fields["name"].help_text = _("留空表示不修改")
            self.fields["name"].widget.attrs["placeholder"] = customer.shown_name

    def changes(self) -> CustomerChanges:
        """This function will say only what was changed."""
        return cast(
            CustomerChanges,
            {name: self.cleaned_data[name] for name in self.changed_data if name != "version"},
        )


class NewCustomer(Form):
    """One customer recorded by hand."""

    kind = forms.ChoiceField(label=_("类型"), choices=CustomerKind.choices, widget=Select())
    name = forms.CharField(
        label=_("名称"), max_length=80, widget=TextBox(), help_text=_("单位全称，或个人姓名")
    )
    registration_no = forms.CharField(
        label=_("统一社会信用代码"),
        max_length=18,
        required=False,
        widget=TextBox(),
        help_text=_("仅单位填写，18 位"),
    )
    contact_name = forms.CharField(
        label=_("联系人"),
        max_length=40,
        required=False,
        widget=TextBox(),
        help_text=_("单位填写，登记为第一服务对象"),
    )
    phone = forms.CharField(
        label=_("手机"),
        max_length=30,
        required=False,
        widget=TextBox(inputmode="tel"),
        help_text=_("联系人的手机；个人客户填本人的"),
    )
    number = forms.CharField(
        label=_("客户号"), max_length=30, required=False, widget=TextBox(), help_text=_("留空则自动编号")
    )
    stage = forms.ChoiceField(
        label=_("阶段"), choices=CustomerStage.choices, initial=CustomerStage.FORMAL, widget=Select()
    )
    branch = BranchChoice(
        label=_("机构"), queryset=Branch.objects.none(), empty_label=_("请选择"), widget=Select()
    )
    owner = PersonChoice(
        label=_("客户经理"), queryset=User.objects.none(), empty_label=_("请选择"), widget=Select()
    )

    def __init__(self, *args: Any, branches: QuerySet[Branch], staff: QuerySet[User], **kwargs: Any) -> None:
        """This function will offer the branches and people that the person may see."""
        super().__init__(*args, **kwargs)
        self.fields["branch"].queryset = branches.order_by("path")  # type: ignore[attr-defined]
        self.fields["owner"].queryset = staff  # type: ignore[attr-defined]
