"""Shapes of a person served at a customer, and of the reason for looking at clear data."""

from datetime import datetime
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.widgets import CheckBox, DateBox, NumberBox, Select, TextBox
from crm.models import Customer
from crm.models.customer import BirthdayCalendar, ContactRole, CustomerKind
from crm.services.contacts import ContactFields


class NewContact(forms.Form):
    """One person served at a customer."""

    role = forms.ChoiceField(label=_("对象类别"), widget=Select())
    name = forms.CharField(label=_("姓名"), max_length=40, widget=TextBox())
    title = forms.CharField(label=_("职务"), max_length=40, required=False, widget=TextBox())
    phone = forms.CharField(label=_("手机"), max_length=30, required=False, widget=TextBox(inputmode="tel"))
    id_no = forms.CharField(label=_("证件号码"), max_length=30, required=False, widget=TextBox())
    birthday_calendar = forms.ChoiceField(
        label=_("生日历法"), choices=BirthdayCalendar.choices, widget=Select()
    )
    birth_date = forms.DateField(
        label=_("出生日期"),
        required=False,
        widget=DateBox(),
        help_text=_("公历出生日期；填写后自动得出生日，过农历生日的自动换算"),
    )
    birth_month = forms.IntegerField(
        label=_("生日月"), required=False, min_value=1, max_value=12, widget=NumberBox()
    )
    birth_day = forms.IntegerField(
        label=_("生日日"), required=False, min_value=1, max_value=31, widget=NumberBox()
    )
    birth_leap_month = forms.BooleanField(label=_("闰月生日"), required=False, widget=CheckBox())
    public_official = forms.BooleanField(label=_("公职人员"), required=False, widget=CheckBox())
    consented = forms.BooleanField(label=_("同意接收关怀信息"), required=False, widget=CheckBox())
    consent_source = forms.CharField(
        label=_("同意来源"), max_length=60, required=False, widget=TextBox(), help_text=_("如：投保单勾选")
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        """This function will offer the roles that fit the customer's kind."""
        super().__init__(*args, **kwargs)
        person = customer.kind == CustomerKind.PERSON
        roles = [choice for choice in ContactRole.choices if (choice[0] == ContactRole.SELF) == person]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]

    def details(self, now: datetime) -> ContactFields:
        """This function will say the fields as the service takes them; consent is given now."""
        told = {field: value for field, value in self.cleaned_data.items() if field not in ("role", "name")}
        told["consented_at"] = now if told.pop("consented") else None
        return cast(ContactFields, told)


class RevealReason(forms.Form):
    """Why somebody wants to see a phone or ID number in clear."""

    reason = forms.CharField(
        label=_("查看用途"), max_length=300, widget=TextBox(placeholder=_("如：电话回访")), required=False
    )
