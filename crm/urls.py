"""Every address of the house. Upper floors are mounted by name, so that the ground floor imports none of them."""

from django.contrib.auth.views import LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from crm.views import (
    book_import,
    calendar_import,
    calendars,
    contacts,
    customer,
    customers,
    edits,
    health,
    jobs,
    login,
    messages,
)

pages = [
    path("calendars/", calendars.calendar, name="calendar"),
    path("calendars/<int:year>/", calendars.calendar_year, name="calendar-year"),
    path("calendars/import/", calendar_import.calendar_import, name="calendar-import"),
    path("calendars/drafts/<int:pk>/", calendar_import.calendar_draft, name="calendar-draft"),
    path("calendars/drafts/<int:pk>/<str:act>/", calendar_import.calendar_decide, name="calendar-decide"),
    path("messages/", messages.message_list, name="message-list"),
    path("messages/unsent/", messages.unsent_list, name="message-unsent"),
    path("jobs/", jobs.job_list, name="job-list"),
    path("jobs/resume/", jobs.job_resume, name="job-resume"),
    path("import/", book_import.import_book, name="import-book"),
    path("import/template/", book_import.import_template, name="import-template"),
    path("import/<str:token>/", book_import.import_check, name="import-check"),
    path("import/<str:token>/failures/", book_import.import_failures, name="import-failures"),
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/new/", customers.customer_new, name="customer-new"),
    path("customers/<int:pk>/", customer.customer_detail, name="customer-detail"),
    path("customers/<int:pk>/edit/", edits.customer_edit, name="customer-edit"),
    path("customers/<int:pk>/contacts/<int:contact_pk>/edit/", edits.contact_edit, name="contact-edit"),
    path("customers/<int:pk>/contacts/new/", contacts.contact_new, name="contact-new"),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/reveal/<str:field>/",
        contacts.contact_reveal,
        name="contact-reveal",
    ),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("login/", login.Login.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("home/", RedirectView.as_view(pattern_name="servicing:workbench"), name="home"),
    path("", include((pages, "crm"))),
    path("", include("tiers.urls")),
    path("", include("servicing.urls")),
]
