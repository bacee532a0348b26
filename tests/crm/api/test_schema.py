"""The committed description equals the code, and the page that shows it needs nothing from elsewhere."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.test import Client
from django.urls import reverse
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiYamlRenderer

from crm.models import User

COMMITTED = Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml"


def described() -> dict[str, Any]:
    return dict(SchemaGenerator().get_schema(request=None, public=True))  # type: ignore[no-untyped-call]


class TestTheDescription:
    def test_that_is_committed_equals_the_code(self) -> None:
        drawn = OpenApiYamlRenderer().render(described(), renderer_context={}).decode()

        assert COMMITTED.read_text("utf-8") == drawn, (
            "manage.py spectacular --validate --file docs/openapi.yaml"
        )

    def test_speaks_chinese_of_every_operation(self) -> None:
        operations = [one for path in described()["paths"].values() for one in path.values()]

        assert operations
        for one in operations:
            assert re.search("[一-鿿]", one["summary"]), one["operationId"]
            assert re.search("[一-鿿]", one["description"]), one["operationId"]
            assert {"401", "403", "422"} <= set(one["responses"]), one["operationId"]


class TestThePage:
    def test_takes_all_its_files_from_ourselves(self, lin: User, client_as: Callable[[User], Client]) -> None:
        page = client_as(lin).get(reverse("api-docs")).content.decode()

        assert 'data-script="/static/drf_spectacular_sidecar/' in page
        assert not re.findall(r"""(?:src|href)=["']https?://""", page)
