"""What is said of a saved view."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form
from crm.forms.widgets import CheckBox, TextBox
from crm.models import SavedView


class ViewForm(Form):
    """A view's name, whom it is for, and whether its list opens with it."""

    name = forms.CharField(
        label=_("视图名称"), max_length=20, widget=TextBox(placeholder=_("例如：银牌客户的投诉"))
    )
    shared = forms.BooleanField(
        label=_("与本机构共享"),
        required=False,
        widget=CheckBox(),
        help_text=_("同一机构的同事也能打开；各人看到的仍是自己权限内的内容。"),
    )
    is_default = forms.BooleanField(label=_("打开列表时先用这个视图"), required=False, widget=CheckBox())

    def __init__(self, data: Any = None, *, view: SavedView | None = None) -> None:
        """This function will fill in a view that exists."""
        filled = {name: getattr(view, name) for name in self.base_fields} if view else {}
        super().__init__(data, initial=filled)
