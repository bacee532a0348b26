"""Rules that hold at every door of the address list: no act without the page's own token, no page without its policy."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from crm import rights
from crm.models import User
from crm.models.staff import Role
from tests.factories import crm as make
from tests.house.addresses import ADDRESSES
from tests.house.api_operations import NAMES as OPERATIONS
from tests.house.test_every_address import World, path_of

UNSAFE = ("post", "put", "patch", "delete")
FOREIGN = "f" * 64
WAYS: dict[str, dict[str, Any]] = {
    "without a token": {},
    "with a foreign token": {"HTTP_X_CSRFTOKEN": FOREIGN},
    "by htmx": {"HTTP_HX_REQUEST": "true"},
    "by htmx with a foreign token": {"HTTP_HX_REQUEST": "true", "HTTP_X_CSRFTOKEN": FOREIGN},
    "as JSON": {"content_type": "application/json", "data": "{}"},
    "from another site": {"HTTP_ORIGIN": "https://evil.example"},
}
INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|<script(?![^>]*\bsrc=)(?![^>]*application/json)|javascript:"
)


def views(patterns: list[Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from views(one.url_patterns, f"{before}{one.namespace}:" if one.namespace else before)
        elif isinstance(one, URLPattern):
            yield f"{before}{one.name}", one.callback


def exempt() -> set[str]:
    found = views(get_resolver().url_patterns)
    return {name for name, view in found if getattr(view, "csrf_exempt", False)}


@pytest.fixture
def world(lin: User) -> World:
    return World(lin)


class TestAnUnsafeRequest:
    """By post, put, patch and delete, to every address there is."""

    def test_without_the_pages_own_token_is_refused_everywhere(self, world: World, head_office: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(head_office)
        let_in = [
            f"{method} {name} {way}"
            for name in ADDRESSES
            if name not in exempt()
            for method in UNSAFE
            for way, how in WAYS.items()
            if getattr(client, method)(path_of(name, world), **how).status_code != 403
        ]
        assert not let_in

    def test_needs_no_token_only_at_doors_for_machines(self) -> None:
        machines = {name for name, address in ADDRESSES.items() if address.machine}
        assert exempt() == machines | OPERATIONS

    def test_is_refused_in_a_sentence(self, head_office: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(head_office)
        page = client.post("/account/logins/end-others/")
        assert page.status_code == 403 and "刷新" in page.text


class TestAPage:
    """Every address that answers a browser."""

    def test_carries_a_policy_that_allows_nothing_inline_and_is_kept_in_no_cache(self, world: World) -> None:
        clients: dict[Any, Client] = {}
        wrong: list[str] = []
        for name, address in ADDRESSES.items():
            role = next(
                (one for one in Role if not address.right or one in rights.table()[address.right]["roles"]),
                Role.HEAD_OFFICE,
            )
            if role not in clients:
                root = make.branch_tree().head_office if role == Role.HEAD_OFFICE else None
                clients[role] = Client()
                clients[role].force_login(make.person(f"page-{role}", role=role, branch=root))
            if name == "logout":
                continue
            wrong += _faults(name, clients[role].get(path_of(name, world)), public=address.public)
        assert not wrong


def _faults(name: str, answer: Any, *, public: bool) -> list[str]:
    policy = answer.headers.get("Content-Security-Policy", "")
    found = []
    framed = "frame-ancestors 'none'" not in policy and "sandbox;" not in policy
    if "default-src 'none'" not in policy or "unsafe" in policy or framed:
        found.append(f"{name}: policy {policy!r}")
    if not public and "no-store" not in answer.headers.get("Cache-Control", ""):
        found.append(f"{name}: may be cached")
    if answer.headers.get("Content-Type", "").startswith("text/html") and not answer.streaming:
        inline = INLINE.search(answer.text)
        if inline:
            found.append(f"{name}: inline {inline.group()!r}")
    return found
