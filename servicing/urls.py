"""Addresses of the promise floor; mounted at the root by `crm.urls`."""

from django.urls import path

from servicing.views import (
    customer_tabs,
    deadlines,
    promise_list,
    receipts,
    standard_drafts,
    standards,
    telling,
    ticket_acts,
    ticket_detail,
    ticket_intake,
    ticket_list,
    todo,
    urging,
    workbench,
)

app_name = "servicing"
acts = [
    path(f"tickets/<str:number>/{verb}/", ticket_acts.act, {"verb": verb}, name=f"ticket-{verb}")
    for verb in ticket_acts.VERBS
]
urlpatterns = [
    path("", workbench.workbench, name="workbench"),
    path("todo/", todo.todo_list, name="todo-list"),
    path("tickets/", ticket_list.ticket_list, name="ticket-list"),
    path("tickets/new/", ticket_intake.ticket_open, name="ticket-open"),
    path("tickets/new/caller/", ticket_intake.caller, name="ticket-caller"),
    path("tickets/new/preview/", ticket_intake.preview, name="ticket-preview"),
    path("tickets/<str:number>/", ticket_detail.ticket_detail, name="ticket-detail"),
    *acts,
    path("promises/", promise_list.promise_list, name="promise-list"),
    path("promises/<int:pk>/", receipts.commitment_receipt, name="commitment-receipt"),
    path("promises/<int:pk>/evidence/", receipts.evidence_add, name="commitment-evidence"),
    path("promises/<int:pk>/told/", telling.commitment_told, name="commitment-told"),
    path("promises/<int:pk>/urge/", urging.commitment_urge, name="commitment-urge"),
    path("deadlines/", deadlines.deadline_trial, name="deadline-trial"),
    path("standards/", standards.standard_list, name="standard-list"),
    path("standards/drafts/<int:pk>/", standard_drafts.standard_draft, name="standard-draft"),
    path("standards/drafts/<int:pk>/<str:act>/", standard_drafts.standard_decide, name="standard-decide"),
    path("standards/<str:code>/", standards.standard_detail, name="standard-detail"),
    path("standards/<str:code>/change/", standard_drafts.standard_change, name="standard-change"),
    path("customers/<int:pk>/promises/", customer_tabs.promises, name="customer-promises"),
    path("customers/<int:pk>/tickets/", customer_tabs.tickets, name="customer-tickets"),
]
