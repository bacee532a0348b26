"""Shapes of a holiday notice that is handed in: the text as published, or a file. Nothing is written here."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.forms.base import Form
from crm.forms.widgets import CheckBox, TextBox

LARGEST = 200_000
LONGEST = 20_000


class NoticeForm(Form):
    """One notice: pasted or uploaded, with the address where the official text stands."""

    text = forms.CharField(
        label=gettext_lazy("通知原文"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(
            attrs={"class": "form-control jn-notice-text", "rows": 14, "spellcheck": "false"}
        ),
        help_text=gettext_lazy(
            "从标题“国务院办公厅关于……年部分节假日安排的通知”起，到落款日期止，原样粘贴。"
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("或上传文件"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"class": "form-control", "accept": ".txt,.toml"}),
        help_text=gettext_lazy("通知原文的文本文件，或本系统格式的 TOML 文件。"),
    )
    address = forms.URLField(
        label=gettext_lazy("原文网址"),
        required=False,
        max_length=200,
        assume_scheme="https",
        widget=TextBox(placeholder="https://www.gov.cn/…"),
    )

    recount = forms.BooleanField(
        label=gettext_lazy("在办承诺也按更正后的日历重算"),
        required=False,
        widget=CheckBox(),
        help_text=gettext_lazy("不勾选时，已定的到期日不变，只影响以后登记的和暂定的承诺。"),
    )

    def clean(self) -> dict[str, Any]:
        """This function will turn a file into its text; exactly one of text and file is wanted."""
        cleaned = super().clean() or {}
        file, text = cleaned.get("file"), (cleaned.get("text") or "").strip()
        if self.errors:
            return cleaned
        if file and text:
            self.add_error("file", _("粘贴原文和上传文件请只选一种。"))
        elif file:
            text = self._decoded(file)
        elif not text:
            self.add_error("text", _("请粘贴通知原文，或上传文件。"))
        return {**cleaned, "text": text}

    def _decoded(self, file: "UploadedFile[Any]") -> str:
        """The file's text in UTF-8 or GB18030."""
        if (file.size or 0) > LARGEST:
            self.add_error("file", _("文件太大，放假通知不会超过 200 KB，请核对。"))
            return ""
        content: bytes = file.read()
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                text = content.decode(encoding)
            except UnicodeDecodeError:
                continue
            if "\x00" not in text:
                return text[:LONGEST]
        self.add_error("file", _("这不是文本文件。请把通知原文另存为 .txt，或直接粘贴。"))
        return ""
