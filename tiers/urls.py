"""Addresses of the rank floor."""

from django.urls import path

from tiers.views import assignments, ratings, stars

app_name = "tiers"
urlpatterns = [
    path("ratings/", ratings.rating_list, name="rating-list"),
    path("ratings/<int:pk>/", ratings.rating_detail, name="rating-detail"),
    path("ratings/<int:pk>/submit/", ratings.rating_submit, name="rating-submit"),
    path("ratings/<int:pk>/report/", ratings.rating_export, name="rating-export"),
    path("ratings/<int:pk>/customers/<int:customer>/", ratings.rating_row, name="rating-row"),
    path("ratings/submissions/<int:pk>/<str:act>/", ratings.rating_decide, name="rating-decide"),
    path("ratings/<int:pk>/<str:act>/", ratings.rating_act, name="rating-act"),
    path("customers/<int:pk>/tiers/", assignments.history, name="customer-tiers"),
    path("customers/<int:pk>/tier/", assignments.standing, name="customer-tier"),
    path("customers/<int:pk>/star/", stars.customer_star, name="customer-star"),
    path("stars/", stars.star_list, name="star-list"),
]
