"""Every address of the house. Upper floors are mounted by name, so that the ground floor imports none of them."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import include, path
from django.views.generic import RedirectView

from crm.views import contacts, customer, customers

pages = [
    path("customers/", customers.customer_list, name="customer-list"),
    path("customers/new/", customers.customer_new, name="customer-new"),
    path("customers/<int:pk>/", customer.customer_detail, name="customer-detail"),
    path("customers/<int:pk>/contacts/new/", contacts.contact_new, name="contact-new"),
    path(
        "customers/<int:pk>/contacts/<int:contact_pk>/reveal/<str:field>/",
        contacts.contact_reveal,
        name="contact-reveal",
    ),
]

urlpatterns = [
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("home/", RedirectView.as_view(pattern_name="servicing:workbench"), name="home"),
    path("", include((pages, "crm"))),
    path("", include("tiers.urls")),
    path("", include("servicing.urls")),
]
