"""Addresses of the promise floor; mounted at the root by `crm.urls`."""

from django.urls import path

from servicing.views import (
    customer_tabs,
    deadlines,
    receipts,
    ticket_acts,
    ticket_detail,
    ticket_intake,
    ticket_list,
    workbench,
)

app_name = "servicing"
acts = [
    path(f"tickets/<str:number>/{verb}/", ticket_acts.act, {"verb": verb}, name=f"ticket-{verb}")
    for verb in ticket_acts.VERBS
]
urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("notices/read/", workbench.notices_read, name="notices-read"),
    path("notices/<int:pk>/", workbench.notice_open, name="notice-open"),
    path("tickets/", ticket_list.ticket_list, name="ticket-list"),
    path("tickets/new/", ticket_intake.ticket_open, name="ticket-open"),
    path("tickets/new/caller/", ticket_intake.caller, name="ticket-caller"),
    path("tickets/new/preview/", ticket_intake.preview, name="ticket-preview"),
    path("tickets/<str:number>/", ticket_detail.ticket_detail, name="ticket-detail"),
    *acts,
    path("promises/<int:pk>/", receipts.commitment_receipt, name="commitment-receipt"),
    path("promises/<int:pk>/evidence/", receipts.evidence_add, name="commitment-evidence"),
    path("deadlines/", deadlines.deadline_trial, name="deadline-trial"),
    path("customers/<int:pk>/promises/", customer_tabs.promises, name="customer-promises"),
    path("customers/<int:pk>/tickets/", customer_tabs.tickets, name="customer-tickets"),
]
