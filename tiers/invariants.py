"""What must be true of levels at any moment."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import Exists, Max, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from crm.registry import Invariant, add_invariant
from crm.selectors.invariants import missing_triggers
from tiers import selectors
from tiers.models import Assignment, RatingRow, RatingRun, StarCount
from tiers.rules import terms
from tiers.services.star_levels import differing

# the hourly job puts a level on show that began at midnight
SHOWN_WITHIN = timedelta(hours=2)
CHUNK = 2000
TRIGGERS = {
    "sqlite": (
        "levels_of_a_scheme_do_not_overlap_insert",
        "levels_of_a_scheme_do_not_overlap_update",
        "rows_of_a_published_rating_stay_0",
        "rows_of_a_published_rating_stay_1",
        "tiers_ratingrun_published_at_stays",
    ),
    "postgresql": (
        "levels_of_a_scheme_do_not_overlap",
        "rows_of_a_published_rating_stay",
        "tiers_ratingrun_published_at_stays",
    ),
}


def _overlapping(_now: datetime) -> Iterator[object]:
    """Assignments that begin while another of the same customer and scheme holds."""
    other = Assignment.objects.filter(
        Q(active_to__isnull=True) | Q(active_to__gt=OuterRef("active_from")),
        customer=OuterRef("customer"),
        scheme=OuterRef("scheme"),
        active_from__lte=OuterRef("active_from"),
    ).exclude(pk=OuterRef("pk"))
    rows = Assignment.objects.filter(Exists(other)).order_by("pk")
    return rows.values_list("pk", flat=True).iterator(CHUNK)


def _shown_wrongly(now: datetime) -> Iterator[object]:
    rows = selectors.showing_wrongly(now)
    late = selectors.showing_wrongly(now - SHOWN_WITHIN).filter(pk=OuterRef("pk"))
    return rows.filter(Exists(late)).order_by("pk").values_list("number", flat=True).iterator(CHUNK)


def _more_than_places(_now: datetime) -> Iterator[object]:
    """Places taken beyond the number of places, in any list of a run; ranks have no gaps, so the last says it."""
    runs = RatingRun.objects.filter(state__in=("computed", "published")).order_by("pk")
    last = dict[int, list[tuple[str, int | None, int]]]()
    rows = RatingRow.objects.exclude(won="").order_by().values_list("run", "won", "seat")
    for run, won, seat, rank in rows.annotate(last=Max("rank")):
        last.setdefault(run, []).append((won, seat, rank))
    for one in runs:
        told = terms.read(one.parameters)
        for won, seat, rank in last.get(one.pk, ()):
            places = {"main": told.gold_main, "new": told.gold_new}
            if rank > (places[won] if won in places else told.silver.get(seat or 0, 0)):
                yield f"{one.pk} {won}"


def _triggers(_now: datetime) -> Iterator[object]:
    yield from missing_triggers(*TRIGGERS[connection.vendor])


def _stars_without_level(now: datetime) -> Iterator[object]:
    """Stars whose level in force is another, though the hourly job has run since."""
    counted = StarCount.objects.order_by("-day").first()
    if counted is None or counted.counted_at > now - SHOWN_WITHIN:
        return
    yield from differing().order_by("pk").values_list("customer__number", flat=True).iterator(CHUNK)


add_invariant(Invariant("levels_do_not_overlap", _("同一客户在同一体系的层级期间互不重叠"), _overlapping))
add_invariant(Invariant("tier_shown", _("列表显示的层级等于客户今天的层级"), _shown_wrongly))
add_invariant(
    Invariant("stars_are_levels", _("每位客户的星级等于其在个险星级体系中的级别"), _stars_without_level)
)
add_invariant(Invariant("tiers_triggers", _("层级期间和已发布评定的保护触发器都在"), _triggers))
add_invariant(Invariant("ratings_keep_to_their_places", _("每次评定的每份名单不超过名额"), _more_than_places))
