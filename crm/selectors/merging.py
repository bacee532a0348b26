"""Reads what merging needs: what may be chosen, what would move, and who may be one customer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Model, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from crm.models import Contact, Customer, CustomerMerge, LogEntry, Message, Occurrence

# What people choose between, and the columns that it means.
CHOICES: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "registration_no": ("registration_no",),
    "stage": ("stage",),
    "status": ("status",),
    "belongs": ("branch_id", "owner_id"),
    "extra_large": ("extra_large", "extra_large_from"),
}
# Rows that say what was, and so stay where they were written.
STAY: tuple[type[Model], ...] = (LogEntry, Customer, CustomerMerge)
MOST_GROUPS = 100


@dataclass(frozen=True, slots=True)
class Relation:
    """One table whose rows belong to a customer, and the column that says so."""

    model: type[Model]
    column: str
    word: str
    watch: tuple[str, ...]

    def rows(self, customer: int) -> list[Model]:
        """This function will list a customer's rows of the table."""
        return list(self.model._base_manager.filter(**{self.column: customer}).order_by("pk"))

    def count(self, customer: int) -> int:
        """This function will count them."""
        return self.model._base_manager.filter(**{self.column: customer}).count()


def moving_relations() -> list[Relation]:
    """This function will list the tables of all floors that point to a customer, and whose rows can move."""
    found = [
        Relation(
            relation.related_model,
            relation.field.attname,
            str(relation.related_model._meta.verbose_name),
            # what goes on by itself, sending above all, does not stand in the way of undoing
            (relation.field.attname,) if relation.related_model in (Message, Occurrence) else (),
        )
        for relation in Customer._meta.related_objects
        if relation.related_model not in STAY and not relation.many_to_many
    ]
    through: Any = Customer.team.through
    return [*found, Relation(through, "customer_id", str(_("服务团队")), ())]


def counts(customer: Customer) -> list[tuple[str, int]]:
    """This function will say how many rows of what a customer has, as people call them; none is left out."""
    counted = [(one.word, one.count(customer.pk)) for one in moving_relations()]
    return [(word, n) for word, n in counted if n]


@dataclass(frozen=True, slots=True)
class Suspects:
    """Customers who may be one, and why."""

    why: str
    customers: list[Customer]


def suspects(among: QuerySet[Customer]) -> list[Suspects]:
    """This function will list who may be one customer: same ID number, same phone, same name and birthday."""
    people = Contact.objects.filter(customer__in=among)
    groups: list[tuple[str, Iterable[int]]] = []
    for why, columns in (
        (_("证件号码相同"), ("id_no_index",)),
        (_("手机相同"), ("phone_index",)),
        (_("姓名和生日相同"), ("name", "birth_date")),
    ):
        groups += [(str(why), pks) for pks in _shared(people, columns)]
    firms = among.exclude(registration_no="").values("registration_no").order_by("registration_no")
    for one in firms.annotate(n=Count("pk")).filter(n__gt=1)[:MOST_GROUPS]:
        pks = among.filter(registration_no=one["registration_no"]).values_list("pk", flat=True)
        groups.append((str(_("统一社会信用代码相同")), list(pks)))
    return _told(among, groups)


def _shared(people: QuerySet[Contact], columns: tuple[str, ...]) -> list[list[int]]:
    """This function will find the customers of people who have the same values in some columns; two queries."""
    filled = people.exclude(Q(**{columns[0]: ""}))
    for column in columns[1:]:
        filled = filled.filter(**{f"{column}__isnull": False})
    shared = filled.values(*columns).order_by(*columns).annotate(n=Count("customer", distinct=True))
    keys = [tuple(one[c] for c in columns) for one in shared.filter(n__gt=1)[:MOST_GROUPS]]
    if not keys:
        return []
    groups: dict[tuple[Any, ...], set[int]] = {key: set() for key in keys}
    for row in filled.filter(**{f"{columns[0]}__in": [key[0] for key in keys]}).values(
        "customer_id", *columns
    ):
        key = tuple(row[c] for c in columns)
        if key in groups:
            groups[key].add(row["customer_id"])
    return [sorted(pks) for pks in groups.values()]


def _told(among: QuerySet[Customer], groups: list[tuple[str, Iterable[int]]]) -> list[Suspects]:
    """This function will put the rows to the groups; the same customers are shown once, with every reason."""
    reasons: dict[tuple[int, ...], list[str]] = {}
    for why, pks in groups:
        reasons.setdefault(tuple(pks), []).append(why)
    wanted = {pk for pks in reasons for pk in pks}
    rows = {one.pk: one for one in among.filter(pk__in=wanted).select_related("branch", "owner")}
    found = []
    for pks, words in reasons.items():
        here = [rows[pk] for pk in pks if pk in rows]
        # a unit and a person with one phone are two
        for kind in {one.kind for one in here}:
            same = [one for one in here if one.kind == kind]
            if len(same) > 1:
                found.append(Suspects("、".join(words), same))
    return found


def stands_for(customer: Customer, number: str) -> bool:
    """This function will say whether a number is of a row that was merged into the customer."""
    return customer.merged_rows.filter(number=number.strip()).exists()


def recent(among: QuerySet[Customer]) -> QuerySet[CustomerMerge]:
    """This function will list the merges of the customers that somebody sees, the newest first."""
    rows = CustomerMerge.objects.filter(Q(survivor__in=among) | Q(merged__in=among))
    return rows.select_related("survivor", "merged", "by", "undone_by").order_by("-merged_at", "-pk")
