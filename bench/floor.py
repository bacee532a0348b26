"""The floor: 50 running promises of a branch by a DRF serializer, for somebody who is logged in, and nothing more."""

from typing import Any

from django.urls import path
from rest_framework import serializers
from rest_framework.authentication import SessionAuthentication
from rest_framework.generics import ListAPIView

from servicing.models import Commitment


class Shape(serializers.ModelSerializer[Commitment]):
    """Every column of a promise."""

    class Meta:
        """All of them."""

        model = Commitment
        fields = "__all__"


class Floor(ListAPIView[Any]):
    """One list, one statement."""

    authentication_classes = (SessionAuthentication,)
    serializer_class = Shape

    def get_queryset(self) -> Any:
        """This function will ask for the rows."""
        branch = self.request.user.branch_id
        return Commitment.objects.filter(branch_id=branch, state="open").order_by("due_at")[:50]


urlpatterns = [path("floor", Floor.as_view())]
