"""The addresses of the ground floor's API."""

from django.urls import path

from crm.api import customers, rows

app_name = "api"
urlpatterns = [
    path("customers", customers.Customers.as_view(), name="customers"),
    path("customers/<int:pk>", customers.OneCustomer.as_view(), name="customer"),
    path("policies", customers.Policies.as_view(), name="policies"),
    path("policies/<int:pk>", customers.OnePolicy.as_view(), name="policy"),
    path("imports", rows.Imports.as_view(), name="imports"),
    path("customers/<str:source>/<str:external_id>", rows.PutCustomer.as_view(), name="customer-row"),
    path("contacts/<str:source>/<str:external_id>", rows.PutContact.as_view(), name="contact-row"),
    path("policies/<str:source>/<str:external_id>", rows.PutPolicy.as_view(), name="policy-row"),
    path("premiums/<str:source>/<str:external_id>", rows.PutPremium.as_view(), name="premium-row"),
]
