"""What may be said with each move of a ticket. One form a move; all keep what was typed when a move is refused."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import CheckBox, Select, TextArea, TextBox
from crm.models import User
from servicing.forms.fields import PaperChoice, PersonChoice
from servicing.models import MissingPaper
from servicing.models.commitment import PauseReason
from servicing.selectors.desk import Desk

NONE = _("不指定")


class ActForm(Form):
    """A form that knows the ticket it acts on."""

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        """This function will give every form's fields ids of their own, since several stand on one page."""
        kwargs.setdefault("auto_id", f"id_{type(self).__name__.lower()}_%s")
        super().__init__(*args, **kwargs)
        self.desk = desk

    def offer(self, name: str, people: Sequence[User]) -> None:
        """This function will let a picker choose among people that are already read."""
        field: Any = self.fields[name]
        field.queryset = User.objects.filter(pk__in=[one.pk for one in people]).select_related("branch")
        field.choices = [
            ("", field.empty_label),
            *((one.pk, field.label_from_instance(one)) for one in people),
        ]


class Reply(ActForm):
    """An answer to the customer."""

    body = forms.CharField(
        label=_("答复内容"),
        max_length=4000,
        widget=TextArea(rows=5),
        error_messages={"required": _("请写下答复客户的内容。")},
    )
    answers = forms.BooleanField(
        label=_("这是实质答复"),
        required=False,
        initial=True,
        widget=CheckBox(),
        help_text=_("勾选后，答复类承诺到此办结；只是告知进展时请取消勾选。"),
    )


class Note(ActForm):
    """A note among ourselves."""

    body = forms.CharField(
        label=_("内部备注"),
        max_length=4000,
        widget=TextArea(rows=4),
        error_messages={"required": _("请写下要记录的内容。")},
    )


class Papers(ActForm):
    """The papers that are missing, told once and completely."""

    papers = forms.CharField(
        label=_("缺少的材料"),
        max_length=1000,
        widget=TextArea(rows=4, placeholder=_("每行一项，请一次列全")),
        help_text=_("每行一项。应当一次性告知客户，时限自今日起暂停。"),
        error_messages={"required": _("请一次列全缺少的材料，每行一项。")},
    )
    note = forms.CharField(label=_("说明"), required=False, max_length=200, widget=TextBox())

    def names(self) -> list[str]:
        """This function will return one name a line, as long as the row can hold."""
        return [line.strip()[:60] for line in str(self.cleaned_data["papers"]).splitlines() if line.strip()]


class Pause(ActForm):
    """A stop of the clock for a reason that the rule allows."""

    reason = forms.ChoiceField(label=_("暂停原因"), widget=Select())
    note = forms.CharField(label=_("说明"), required=False, max_length=200, widget=TextBox())

    def __init__(self, *args: Any, reasons: Sequence[str] = tuple(PauseReason.values), **kwargs: Any) -> None:
        """This function will offer the reasons that the promise allows; papers have a form of their own."""
        super().__init__(*args, **kwargs)
        offered = [(one, PauseReason(one).label) for one in reasons if one != PauseReason.PAPERS]
        self.fields["reason"].choices = offered  # type: ignore[attr-defined]


class Resume(ActForm):
    """What has come; with the last paper the clock runs on."""

    papers = PaperChoice(
        label=_("收到的材料"),
        queryset=MissingPaper.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
    )
    approver = PersonChoice(
        label=_("批准人"),
        queryset=User.objects.none(),
        required=False,
        empty_label=NONE,
        widget=Select(),
        help_text=_("暂停超过规定天数时必须由机构管理者批准。"),
    )

    def __init__(self, *args: Any, long: bool = False, **kwargs: Any) -> None:
        """This function will list the missing papers, all ticked, and ask for an approver only after a long pause."""
        super().__init__(*args, **kwargs)
        missing = self.desk.missing
        if missing:
            field: Any = self.fields["papers"]
            field.queryset = MissingPaper.objects.filter(pk__in=[one.pk for one in missing])
            field.choices = [(one.pk, one.name) for one in missing]
            field.initial = [one.pk for one in missing]
            field.required = True
            field.error_messages["required"] = _("请勾选已经收到的材料。")
        else:
            del self.fields["papers"]
        if long:
            self.offer("approver", self.desk.approvers)
        else:
            del self.fields["approver"]

    def arrived(self) -> list[int] | None:
        """This function will return the papers that came, None where none was missing."""
        return [one.pk for one in self.cleaned_data["papers"]] if "papers" in self.fields else None

    def all_arrived(self) -> bool:
        """This function will say whether nothing is missing any more."""
        arrived = self.arrived()
        return arrived is None or len(arrived) == len(self.desk.missing)


class Complete(ActForm):
    """The papers are complete; nothing else needs to be said."""


class Transfer(ActForm):
    """Somebody else takes over."""

    owner = PersonChoice(
        error_messages={
            "required": _("请选择由谁接手。"),
            "invalid_choice": _("不能转派给这个人，请从名单中选择。"),
        },
        label=_("转派给"),
        queryset=User.objects.none(),
        empty_label=_("请选择"),
        widget=Select(),
    )
    reason = forms.CharField(
        label=_("转派原因"),
        max_length=200,
        widget=TextBox(list="transfer-reasons", placeholder=_("例如：岗位调整")),
        error_messages={"required": _("请写明转派原因。")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """This function will offer the colleagues who may work on tickets."""
        super().__init__(*args, **kwargs)
        self.offer("owner", self.desk.takers)


class Close(ActForm):
    """The work is done, with what proves it."""

    summary = forms.CharField(
        label=_("办理结果"),
        max_length=500,
        widget=TextArea(rows=3),
        error_messages={"required": _("请写明办理结果。")},
    )
    reference = forms.CharField(
        label=_("凭据编号"),
        required=False,
        max_length=80,
        widget=TextBox(placeholder=_("批单号、保单号、付款流水号")),
        help_text=_("可日后在时效凭证上补；没有凭据的承诺显示为“待补凭据”。"),
    )


class Withdraw(ActForm):
    """The customer takes the request back."""

    reason = forms.CharField(
        label=_("客户撤回的原因"),
        max_length=200,
        widget=TextBox(),
        error_messages={"required": _("请写明客户撤回的原因。")},
    )
