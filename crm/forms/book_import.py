"""The shape of an upload; what is inside the file is judged by the book."""

from django import forms
from django.utils.translation import gettext_lazy as _

from crm.forms.base import Form


class BookUpload(Form):
    """One spreadsheet."""

    file = forms.FileField(
        label=_("文件"),
        help_text=_(".xlsx 或 .csv（UTF-8、GB18030），最大 20 MB、20,000 行"),
        error_messages={"required": _("请选择文件。"), "empty": _("文件是空的，请重新选择文件。")},
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".xlsx,.csv"}),
    )
    again = forms.BooleanField(
        label=_("同一份文件导入过也再试一次"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
