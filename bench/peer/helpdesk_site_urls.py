"""The addresses of django-helpdesk's site."""

from django.urls import include, path

urlpatterns = [path("", include("helpdesk.urls"))]
