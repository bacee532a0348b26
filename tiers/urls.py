"""Addresses of the rank floor."""

from django.urls import path

from tiers.views import assignments, stars

app_name = "tiers"
urlpatterns = [
    path("customers/<int:pk>/tiers/", assignments.history, name="customer-tiers"),
    path("customers/<int:pk>/tier/", assignments.standing, name="customer-tier"),
    path("customers/<int:pk>/star/", stars.customer_star, name="customer-star"),
    path("stars/", stars.star_list, name="star-list"),
]
