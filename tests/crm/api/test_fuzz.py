"""The API under calls that nobody would think of: drawn from the committed description, right ones and wrong ones.

Whatever is sent, the answer is one that the description names, in its shape; a refusal is a Chinese sentence. A
short form runs with every test, the same calls each time; `script/faults F29` asks for the long one, with new calls.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import yaml
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from crm.api.throttles import PerToken
from crm.models import Customer, User
from tests.factories.api import token
from tests.figures import size
from tests.house.test_every_address import World
from tests.house.test_every_api_operation import key_of

DESCRIPTION = yaml.safe_load(
    (Path(__file__).resolve().parents[3] / "docs" / "openapi.yaml").read_text(encoding="utf-8")
)
EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES") or size(0, 2000))
FEW = 8
REFUSED = 400
HAN = re.compile("[一-鿿]")
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
OPERATIONS = sorted((path, method.upper()) for path, ways in DESCRIPTION["paths"].items() for method in ways)
MODES = pytest.mark.parametrize(
    "mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"]
)

pytestmark = pytest.mark.django_db


def described() -> Any:
    schema = schemathesis.openapi.from_dict(DESCRIPTION)
    schema.app = get_wsgi_application()
    return schema


def of_the_world(path: str, world: World) -> dict[str, Any]:
    """This function will name rows that stand, for the address of an operation."""
    noun = path.split("/")[3]
    ids = {"customers": world.customer.pk, "policies": world.policy.pk}
    if "{external_id}" in path:
        nouns = {"customers": "customer", "contacts": "contact", "policies": "policy", "premiums": "premium"}
        return {"source": "core", "external_id": key_of(nouns[noun], world)}
    return {
        "id": ids.get(noun, world.promise.pk if world.promise else 0),
        "pk": ids.get(noun, world.promise.pk if world.promise else 0),
        "number": world.ticket.number,
    }


@pytest.fixture(autouse=True)
def one_connection() -> Iterator[None]:
    """The test's own transaction lies under every call, so that a call's end does not close its connection."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def caller(manager: User, monkeypatch: pytest.MonkeyPatch) -> str:
    """A token that may do all that a manager may, however often."""
    monkeypatch.setattr(PerToken, "rate", f"{10_000_000}/min")
    return token(manager).text


class TestEveryOperation:
    @MODES
    @pytest.mark.parametrize(("path", "method"), OPERATIONS, ids=lambda one: one.removeprefix("/api/v1/"))
    def test_answers_as_it_is_described(
        self, path: str, method: str, mode: GenerationMode, caller: str, lin: User
    ) -> None:
        operation, world, answers = described()[path][method], World(lin), set[int]()
        known = of_the_world(path, world)
        if mode == GenerationMode.NEGATIVE and not (operation.body or "{" in path or operation.query):
            pytest.skip("nothing can be said wrongly")

        @settings(
            max_examples=EXAMPLES or FEW,
            derandomize=not EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(case=operation.as_strategy(generation_mode=mode), meet=st.booleans())
        def called(case: Any, meet: bool) -> None:
            if meet and case.path_parameters:
                case.path_parameters.update({k: v for k, v in known.items() if k in case.path_parameters})
            version = Customer.objects.values_list("version", flat=True).get(pk=world.customer.pk)
            sent = {"Authorization": f"Bearer {caller}", **({"If-Match": f'"{version}"'} if meet else {})}
            answer = case.call(headers=sent)
            met = not meet and mode == GenerationMode.NEGATIVE
            case.validate_response(answer, checks=[*CHECKS, *([negative_data_rejection] if met else [])])
            answers.add(answer.status_code)
            if answer.status_code >= REFUSED:
                told = answer.json()
                assert HAN.search(told["title"]), told
                assert all(HAN.search(one) for said in told.get("fields", {}).values() for one in said), told

        called()
        assert answers - {401}
