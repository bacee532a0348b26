"""What the ground floor's rows look like to a machine: masked as on every page, money as exact decimals in yuan."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from crm.models import Contact, Customer, Policy

FEN = 100


@extend_schema_field({"type": "string", "format": "decimal", "example": "12000.00"})
class Yuan(serializers.Field[int, str, str, Any]):
    """Whole fen, shown as yuan with two places."""

    def to_representation(self, value: int) -> str:
        """This function will write the amount."""
        return f"{Decimal(value) / FEN:.2f}"


class CustomerShape(serializers.ModelSerializer[Customer]):
    """A customer in a list."""

    name = serializers.CharField(source="shown_name", help_text="单位全称；个人只显示姓")
    branch = serializers.CharField(source="branch.code", help_text="机构代码")
    owner = serializers.CharField(source="owner.username", help_text="客户经理工号")
    tier = serializers.CharField(source="tier_shown", help_text="层级；空为未评定")

    class Meta:
        """The fields, in order."""

        model = Customer
        fields = (
            "id", "number", "kind", "name", "registration_no", "stage", "status", "branch", "owner", "tier",
            "extra_large", "extra_large_from", "version",
        )  # fmt: skip


class ContactShape(serializers.ModelSerializer[Contact]):
    """A person served at a customer, masked; birthdays are not told."""

    name = serializers.CharField(source="shown_name", help_text="只显示姓")
    phone = serializers.CharField(source="phone_masked", help_text="前三后四")
    id_no = serializers.CharField(source="id_no_masked", help_text="首尾各一位")
    consented = serializers.SerializerMethodField(help_text="已同意接收关怀，且没有退订")

    class Meta:
        """The fields, in order."""

        model = Contact
        fields = ("id", "role", "name", "title", "phone", "id_no", "public_official", "consented")

    @extend_schema_field(bool)
    def get_consented(self, row: Contact) -> bool:
        """This function will say whether greetings may be sent."""
        return row.consented_at is not None and row.opted_out_at is None


class CustomerDetailShape(CustomerShape):
    """A customer with the persons served."""

    contacts = ContactShape(many=True)

    class Meta(CustomerShape.Meta):
        """The fields, in order."""

        fields = (*CustomerShape.Meta.fields, "contacts")  # type: ignore[assignment]


class PolicyShape(serializers.ModelSerializer[Policy]):
    """A policy."""

    customer = serializers.CharField(source="customer.number", help_text="客户号")
    premium = Yuan(source="premium_fen", read_only=True, help_text="保费，元")

    class Meta:
        """The fields, in order."""

        model = Policy
        fields = (
            "id", "number", "customer", "product", "line", "long_term", "premium", "frequency", "pay_years",
            "effective_date", "delivered_date", "ends_date", "status",
        )  # fmt: skip


class CustomerPage(serializers.Serializer[Any]):
    """A page of customers."""

    rows = CustomerShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="下一页的 cursor；空为最后一页")


class PolicyPage(serializers.Serializer[Any]):
    """A page of policies."""

    rows = PolicyShape(many=True)
    next = serializers.CharField(allow_null=True, help_text="下一页的 cursor；空为最后一页")


class CustomerChangeShape(serializers.Serializer[Any]):
    """What may be changed of a customer; what is not named stays, null empties where that is permitted."""

    name = serializers.CharField(required=False, max_length=80)
    registration_no = serializers.CharField(required=False, allow_null=True, max_length=18)
    stage = serializers.ChoiceField(required=False, choices=Customer._meta.get_field("stage").choices or [])
    status = serializers.ChoiceField(required=False, choices=Customer._meta.get_field("status").choices or [])
    owner = serializers.CharField(required=False, help_text="客户经理工号")
    extra_large = serializers.BooleanField(required=False)
    extra_large_from = serializers.DateField(required=False, allow_null=True)
