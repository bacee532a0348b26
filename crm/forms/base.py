"""The form that every form of the house is: its errors name the field and say what to do."""

from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = dict[str, str | Promise]

CHOOSE = _("请选择%(label)s。")
NOT_OFFERED = _("%(label)s不在可选范围内，请从列表里重新选择。")
ANY: Words = {
    "required": _("请填写%(label)s。"),
    "invalid": _("%(label)s填得不对，请核对后重新填写。"),
    "max_length": _("%(label)s最多 {limit} 个字，现在有 {shown} 个，请缩短。"),
    "min_length": _("%(label)s至少 {limit} 个字，现在有 {shown} 个，请补全。"),
    "max_value": _("%(label)s最大是 {limit}，请改小。"),
    "min_value": _("%(label)s最小是 {limit}，请改大。"),
    "null_characters_not_allowed": _("%(label)s里有看不见的特殊字符，请删去后重新填写。"),
}
# Sentences that the framework fills with values: a percent sign in them must be written twice.
FILLED = frozenset(
    {"invalid_choice", "invalid_pk_value", "max_length", "min_length", "max_value", "min_value"}
)
# The first kind of field that fits says it better than the words for any field.
KINDS: tuple[tuple[type[forms.Field], Words], ...] = (
    (
        forms.ChoiceField,
        {"required": CHOOSE, "invalid_choice": NOT_OFFERED, "invalid_list": NOT_OFFERED},
    ),
    (
        forms.ModelChoiceField,
        {
            "required": CHOOSE,
            "invalid_choice": NOT_OFFERED,
            "invalid_list": NOT_OFFERED,
            "invalid_pk_value": NOT_OFFERED,
        },
    ),
    (forms.BooleanField, {"required": _("请勾选“%(label)s”。")}),
    (
        forms.FileField,
        {
            "required": CHOOSE,
            "invalid": _("%(label)s没有上传成功，请重新选择。"),
            "missing": _("%(label)s没有上传成功，请重新选择。"),
            "empty": _("%(label)s是空的，请重新选择。"),
        },
    ),
    (forms.DateTimeField, {"invalid": _("%(label)s请写成 2026-03-10 09:30 这样的日期和时间。")}),
    (forms.DateField, {"invalid": _("%(label)s请写成 2026-03-10 这样的日期，并核对这一天是否存在。")}),
    (forms.TimeField, {"invalid": _("%(label)s请写成 09:30 这样的时间。")}),
    (forms.DecimalField, {"invalid": _("%(label)s请只写数字，例如 120.50。")}),
    (forms.IntegerField, {"invalid": _("%(label)s请写成整数，例如 12。")}),
    (forms.EmailField, {"invalid": _("%(label)s请写成 name@example.com 这样的邮箱地址。")}),
)


class Form(forms.Form):
    """A form whose fields say in a sentence what is wrong; a field's own `error_messages` are left alone."""

    def full_clean(self) -> None:
        """This function will word the fields before they are judged, those that were added late included."""
        for field in self.fields.values():
            word(field)
        super().full_clean()


def word(field: forms.Field) -> None:
    """This function will give a field the house's sentences wherever it would use the framework's own."""
    words = {**ANY, **next((own for kind, own in KINDS if isinstance(field, kind)), {})}
    defaults = _defaults(field)
    label = str(field.label or _("这一项"))
    for code, sentence in words.items():
        if field.error_messages.get(code) == defaults.get(code):
            said = str(sentence) % {"label": label.replace("%", "%%") if code in FILLED else label}
            field.error_messages[code] = said.replace("{limit}", "%(limit_value)s").replace(
                "{shown}", "%(show_value)s"
            )


def _defaults(field: forms.Field) -> dict[str, Any]:
    """This function will gather what the framework says for a field of this class where nobody chose words."""
    found: dict[str, Any] = {}
    for kind in reversed(type(field).__mro__):
        found.update(getattr(kind, "default_error_messages", {}))
    return found
