"""What the catalogue can be asked for, and what a change of a standard is made of."""

from datetime import datetime, time
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.base import Form
from crm.forms.widgets import DateBox, Moment, Select, TextArea, TextBox
from crm.time import at_time
from crm.time.clocks import Unit
from servicing.clocks import may_pause
from servicing.models import ServiceStandard, StandardDraft
from servicing.models.commitment import PauseReason
from servicing.models.standard import Authority, Programme
from servicing.selectors.catalogue import Wanted
from servicing.standard_changes import LARGEST, Change, has_amount, tier_words, units_for
from tiers.models import Level

BLANK = [("", gettext_lazy("全部"))]
STARS = ("1", "2", "3", "4", "5")
UNIT_WORDS = {
    Unit.WORKING_DAYS: gettext_lazy("个工作日"),
    Unit.SAME_DAY: gettext_lazy("当日办结"),
    Unit.NATURAL_DAYS: gettext_lazy("个自然日"),
    Unit.HOURS: gettext_lazy("小时（连续）"),
    Unit.MINUTES: gettext_lazy("分钟（连续）"),
    Unit.BUSINESS_HOURS: gettext_lazy("个营业小时"),
    "months_ahead": gettext_lazy("个月前"),
    "yearly": gettext_lazy("次/年"),
    "monthly": gettext_lazy("次/月"),
    "window": gettext_lazy("日可办期"),
    "untimed": gettext_lazy("不设天数"),
}


class StandardFilter(Form):
    """The search box and the selects above the catalogue."""

    q = forms.CharField(
        label=gettext_lazy("关键词"),
        required=False,
        max_length=60,
        widget=TextBox(type="search", placeholder=gettext_lazy("编号、条款、名称、承诺原文")),
    )
    programme = forms.ChoiceField(
        label=gettext_lazy("服务体系"), required=False, choices=[*BLANK, *Programme.choices], widget=Select()
    )
    tier = forms.ChoiceField(
        label=gettext_lazy("层级"),
        required=False,
        choices=[*BLANK, *Level.choices, *zip(STARS, tier_words(STARS), strict=True)],
        widget=Select(),
    )
    authority = forms.ChoiceField(
        label=gettext_lazy("效力"), required=False, choices=[*BLANK, *Authority.choices], widget=Select()
    )

    def __init__(self, data: Any) -> None:
        """This function will read the address's query."""
        super().__init__(data)
        self.is_valid()

    def wanted(self) -> Wanted:
        """This function will say what is asked; a value that is none of ours asks for nothing."""
        asked = self.cleaned_data
        return Wanted(
            text=asked.get("q") or "",
            programme=asked.get("programme") or "",
            tier=asked.get("tier") or "",
            authority=asked.get("authority") or "",
        )

    def applied(self) -> list[tuple[str, str]]:
        """This function will list the filters that are set: field and words."""
        asked = self.cleaned_data
        found = []
        for name, field in self.fields.items():
            if value := str(asked.get(name) or ""):
                words = dict(getattr(field, "choices", ()))
                found.append((name, f"{field.label}：{words.get(value, value)}"))
        return found


class TryForm(Form):
    """The moment from which a standard is tried."""

    at = forms.DateTimeField(
        label=gettext_lazy("起算时刻"),
        widget=Moment(),
        error_messages={
            "required": gettext_lazy("请填写起算时刻。"),
            "invalid": gettext_lazy("看不懂这个时刻，请写成 2026-02-12 10:00。"),
        },
    )


class ChangeForm(Form):
    """A change of one standard: what it promises, from when, and why."""

    amount = forms.IntegerField(
        label=gettext_lazy("时限数量"),
        min_value=1,
        max_value=LARGEST,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
    )
    unit = forms.ChoiceField(label=gettext_lazy("单位"), widget=Select())
    wording = forms.CharField(
        label=gettext_lazy("承诺原文"),
        max_length=500,
        widget=TextArea(rows=3),
        help_text=gettext_lazy("数字请与上面的时限一致；凭证和目录都照此显示。"),
    )
    pause_reasons = forms.MultipleChoiceField(
        label=gettext_lazy("可暂停原因"),
        required=False,
        choices=PauseReason.choices,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    evidence = forms.CharField(
        label=gettext_lazy("凭据"),
        max_length=500,
        widget=TextArea(rows=4),
        help_text=gettext_lazy("一行一项。"),
    )
    starts_on = forms.DateField(
        label=gettext_lazy("生效日期"),
        required=False,
        widget=DateBox(),
        help_text=gettext_lazy("留空表示确认后立即生效；填日期的，当天 0:00 起生效。"),
    )
    reason = forms.CharField(
        label=gettext_lazy("修改理由"),
        max_length=200,
        widget=TextBox(),
        help_text=gettext_lazy("写入操作记录，供复核的人和审计查看。"),
    )

    def __init__(self, base: ServiceStandard, data: Any = None) -> None:
        """This function will offer what may be changed of the version, filled with what it says now."""
        super().__init__(data, initial=initial_of(base))
        self.base = base
        units = units_for(base.unit)
        self.fields["unit"].choices = [(one, UNIT_WORDS[one]) for one in units]  # type: ignore[attr-defined]
        self.fields["amount"].required = has_amount(base.unit) and len(units) == 1
        if Unit.SAME_DAY in units:
            self.fields["amount"].help_text = _("选“当日办结”的不用填。")
        if not any(map(has_amount, units)):
            del self.fields["amount"], self.fields["unit"]
        if not any(map(may_pause, units)):
            del self.fields["pause_reasons"]

    def clean(self) -> dict[str, Any]:
        """This function will want a number for every unit that has one, and pauses only for days."""
        asked = super().clean() or self.cleaned_data
        unit = asked.get("unit")
        if unit and has_amount(unit) and asked.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", _("请填写时限的数量。"))
        if unit and asked.get("pause_reasons") and not may_pause(unit):
            self.add_error("pause_reasons", _("按小时、分钟连续计时的不能暂停，请取消勾选。"))
        return asked

    def change(self) -> Change:
        """This function will return the change that was filled in; fields that were not offered stay as they are."""
        asked = self.cleaned_data
        lines = (line.strip() for line in asked["evidence"].splitlines())
        amount = asked.get("amount")
        return Change(
            unit=asked.get("unit") or self.base.unit,
            amount=self.base.amount if amount is None else amount,
            wording=asked["wording"].strip(),
            pause_reasons=tuple(asked.get("pause_reasons", self.base.pause_reasons)),
            evidence=tuple(dict.fromkeys(line for line in lines if line)),
        )

    def active_from(self) -> datetime | None:
        """This function will return the first instant of the chosen date; None means on confirmation."""
        day = self.cleaned_data.get("starts_on")
        return at_time(day, time(0)) if day else None


def initial_of(row: ServiceStandard | StandardDraft) -> dict[str, Any]:
    """This function will fill the form with what a version says, or a change that was sent back."""
    return {
        "amount": row.amount or None,
        "unit": row.unit,
        "wording": row.wording,
        "pause_reasons": row.pause_reasons,
        "evidence": "\n".join(row.evidence),
    }
