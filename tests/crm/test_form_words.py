"""Errors of forms: every field names itself and says what to do, in the words of one place."""

from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.forms.base import Form
from crm.models import Branch


class Everything(Form):
    """One field of every kind that people fill in."""

    name = forms.CharField(label="名称", max_length=3, min_length=2)
    kind = forms.ChoiceField(label="类型", choices=[("a", "甲")])
    several = forms.MultipleChoiceField(label="范围", choices=[("a", "甲")])
    branch = forms.ModelChoiceField(label="机构", queryset=Branch.objects.none())
    agreed = forms.BooleanField(label="已核对")
    day = forms.DateField(label="日期")
    moment = forms.DateTimeField(label="受理时间")
    amount = forms.DecimalField(label="金额")
    count = forms.IntegerField(label="天数", min_value=1, max_value=9)
    file = forms.FileField(label="文件")
    own = forms.CharField(label="备注", error_messages={"required": "请写备注吧。"})
    rate = forms.CharField(label="占比 100%", max_length=2)


def said(data: dict[str, object], **files: SimpleUploadedFile) -> dict[str, str]:
    """This function will return the first sentence of each field."""
    form = Everything(data, files)
    form.is_valid()
    return {name: errors[0] for name, errors in form.errors.items()}


class TestAnEmptyForm:
    def test_names_every_field_and_what_to_do(self, db: None) -> None:
        words = said({})
        assert words["name"] == "请填写名称。" and words["kind"] == "请选择类型。"
        assert words["several"] == "请选择范围。" and words["branch"] == "请选择机构。"
        assert words["agreed"] == "请勾选“已核对”。" and words["file"] == "请选择文件。"
        assert words["rate"] == "请填写占比 100%。"

    def test_keeps_the_words_that_a_field_chose_itself(self, db: None) -> None:
        assert said({})["own"] == "请写备注吧。"


class TestAValueThatIsNoneOfOurs:
    def test_is_answered_with_where_to_choose(self, db: None) -> None:
        words = said({"kind": "b", "several": ["b"], "branch": "9999"})
        for name, label in (("kind", "类型"), ("several", "范围"), ("branch", "机构")):
            assert words[name] == f"{label}不在可选范围内，请从列表里重新选择。"

    def test_is_answered_with_an_example(self, db: None) -> None:
        words = said({"day": "2026-02-30", "moment": "明天", "amount": "十元", "count": "x"})
        assert words["day"].startswith("日期请写成 2026-03-10") and "09:30" in words["moment"]
        assert words["amount"] == "金额请只写数字，例如 120.50。"
        assert words["count"] == "天数请写成整数，例如 12。"


class TestAValueAtTheEdge:
    def test_of_a_length_says_how_long_it_may_be(self, db: None) -> None:
        assert "name" not in said({"name": "三个字"})
        assert said({"name": "有四个字"})["name"] == "名称最多 3 个字，现在有 4 个，请缩短。"
        assert said({"name": "短"})["name"] == "名称至少 2 个字，现在有 1 个，请补全。"
        assert said({"rate": "123"})["rate"] == "占比 100%最多 2 个字，现在有 3 个，请缩短。"

    def test_of_a_number_says_the_limit(self, db: None) -> None:
        assert "count" not in said({"count": "9"})
        assert said({"count": "10"})["count"] == "天数最大是 9，请改小。"
        assert said({"count": "0"})["count"] == "天数最小是 1，请改大。"

    def test_of_hidden_signs_says_to_remove_them(self, db: None) -> None:
        assert "看不见的特殊字符" in said({"own": "a\x00b"})["own"]
