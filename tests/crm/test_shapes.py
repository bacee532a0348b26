"""Shapes: drawn once, filled for every row; what is filled in is escaped, what is kept belongs to nobody."""

from typing import Any

import pytest
from django.template import Context, Template
from django.urls import reverse
from django.utils.safestring import mark_safe

from crm import keeping
from crm.keeping import kept
from crm.models.customer import CustomerKind
from crm.shapes import Shape, address, shape, words_of

SCRIPT = '"><script>alert(1)</script>'


class TestAShape:
    def test_writes_the_values_into_its_slots(self) -> None:
        assert Shape('<td id="[[pk]]">[[name]]</td>').fill(pk=7, name="金海") == '<td id="7">金海</td>'

    def test_escapes_what_is_not_marked_safe(self) -> None:
        filled = Shape('<a title="[[name]]">[[name]]</a>').fill(name=SCRIPT)
        assert "<script" not in filled and '">' not in filled.removeprefix('<a title="').split("&quot;")[0]
        assert Shape("[[mark]]").fill(mark=mark_safe("<b>1</b>")) == "<b>1</b>"

    def test_escapes_words_that_are_looked_up_late(self) -> None:
        assert Shape("[[word]]").fill(word=CustomerKind.PERSON.label) == str(CustomerKind.PERSON.label)

    def test_leaves_percent_signs_alone(self) -> None:
        assert Shape("100 % [[n]] %(n)s").fill(n="5%") == "100 % 5% %(n)s"

    def test_takes_no_slot_from_a_value(self) -> None:
        assert Shape("[[a]] [[b]]").fill(a="[[b]] %(b)s", b="x") == "[[b]] %(b)s x"

    def test_that_is_not_filled_is_loud(self) -> None:
        with pytest.raises(KeyError):
            Shape("[[name]]").fill(other="x")


class TestATemplateAsAShape:
    def test_is_rendered_once_per_flags(self) -> None:
        one = shape("components/_badge.html", kind="open", icon="")
        assert one is shape("components/_badge.html", kind="open", icon="")
        assert one is not shape("components/_badge.html", kind="late", icon="")

    def test_is_rendered_anew_while_templates_are_edited(self, settings: Any) -> None:
        settings.DEBUG = True
        again = shape("components/_badge.html", kind="open", icon="")
        assert again is not shape("components/_badge.html", kind="open", icon="")

    def test_has_addresses_with_a_slot(self) -> None:
        assert Shape(address("crm:customer-detail", "pk")).fill(pk=12) == reverse(
            "crm:customer-detail", args=[12]
        )


class TestWhatIsKept:
    def test_is_made_once_until_it_is_forgotten(self) -> None:
        made: list[str] = []

        @kept
        def make(word: str) -> str:
            made.append(word)
            return word

        assert make("a") + make("a") + make("b") == "aab" and made == ["a", "b"]
        keeping.forget()
        assert make("a") == "a" and made == ["a", "b", "a"]

    def test_words_of_choices_are_looked_up_once(self) -> None:
        assert words_of(CustomerKind) is words_of(CustomerKind)
        assert words_of(CustomerKind)["person"] == str(CustomerKind.PERSON.label)


class TestAMarkInATemplate:
    @pytest.mark.parametrize(
        "tag",
        [
            "{% badge word kind='open' %}",
            "{% icon 'bell' label=word %}",
            "{% tier 'gold' word %}",
            "{% tier 'gold' word stars=3 %}",
        ],
    )
    def test_escapes_its_words(self, tag: str) -> None:
        drawn = Template("{% load display %}" + tag).render(Context({"word": SCRIPT}))
        assert "<script" not in drawn
