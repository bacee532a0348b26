"""The doors of the calendar: a year as a wall calendar, with its source and its readings."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now as read_clock
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm import access, rights
from crm.selectors import calendar_years, calendars
from crm.time import local_date
from crm.views.pages import signed_in


@require_safe
@access.needs("calendar_view")
def calendar(_request: HttpRequest) -> HttpResponse:
    """This function will lead to the year that runs."""
    return redirect("crm:calendar-year", local_date(read_clock()).year)


@require_safe
@access.needs("calendar_view")
def calendar_year(request: HttpRequest, year: int) -> HttpResponse:
    """This function will show a year: what is worked, what is off and why, and who says so."""
    now = read_clock()
    today, current = local_date(now), calendars.current()
    years = calendar_years.years_shown(current, today)
    if year not in years:
        raise Http404
    may_publish = rights.may(signed_in(request), "calendar_publish")
    context = {
        "now": now,
        "today": today,
        "page": calendar_years.year_page(year, current),
        "version": current.version,
        "before": year - 1 if year > years[0] else None,
        "after": year + 1 if year < years[-1] else None,
        "years": reversed(years),
        "weekdays": [_("一"), _("二"), _("三"), _("四"), _("五"), _("六"), _("日")],
        "may_publish": may_publish,
        "drafts": list(calendar_years.open_drafts()) if may_publish else [],
        "closures": list(calendar_years.closures(year)),
        "section": "calendar",
        "crumbs": [(_("日历"), reverse("crm:calendar")), (str(year), "")],
    }
    return render(request, "crm/calendars/year.html", context)
