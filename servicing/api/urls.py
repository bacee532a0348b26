"""The addresses of the promise floor's API."""

from django.urls import path

from servicing.api import promises, tickets

app_name = "servicing-api"
urlpatterns = [
    path("promises", promises.Promises.as_view(), name="promises"),
    path("promises/<int:pk>/receipt", promises.OneReceipt.as_view(), name="receipt"),
    path("tickets", tickets.Tickets.as_view(), name="tickets"),
    path("tickets/<str:number>", tickets.OneTicket.as_view(), name="ticket"),
]
