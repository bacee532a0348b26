"""Text that would become a script, a tag or a formula where somebody forgot to escape it, planted in every text of every row."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.db import DatabaseError, models, transaction

# Whatever of these becomes an element, carries this id; an event or an address of a script would call it.
MARK = "jx"
PAYLOADS = (
    "<img src=x id=jx>",
    "<b id=jx>b",
    "<svg/onload=jx() id=jx>",
    "<img src=x onerror=jx() id=jx>",
    "'\"><img src=x onerror=jx() id=jx>",
    '"><svg onload=jx() id=jx>',
    "'><svg onload=jx() id=jx>",
    "<script id=jx>jx()</script>",
    "</script><script id=jx>jx()</script>",
    "</title><script id=jx>jx()</script>",
    "</textarea><script id=jx>jx()</script>",
    "</option></select><img src=x id=jx onerror=jx()>",
    "</style><script id=jx>jx()</script>",
    "--><script id=jx>jx()</script>",
    "]]><script id=jx>jx()</script>",
    '" autofocus onfocus=jx() id=jx x="',
    "' autofocus onfocus=jx() id=jx x='",
    '" onmouseover=jx() id=jx x="',
    "x onmouseover=jx() id=jx",
    "javascript:jx()",
    "JaVaScRiPt:jx()",
    "java\tscript:jx()",
    "data:text/html,<script id=jx>jx()</script>",
    "<a href=javascript:jx() id=jx>a</a>",
    '<a href="&#106;avascript:jx()" id=jx>a</a>',
    "<iframe srcdoc='<script>parent.jx()</script>' id=jx>",
    "<iframe src=javascript:jx() id=jx>",
    "<object data=javascript:jx() id=jx>",
    "<embed src=javascript:jx() id=jx>",
    "<form action=javascript:jx() id=jx><button>",
    "<button formaction=javascript:jx() id=jx>",
    "<details open ontoggle=jx() id=jx>",
    "<video><source onerror=jx() id=jx>",
    "<math><mtext id=jx><script>jx()</script>",
    "<svg><script id=jx>jx()</script>",
    "<style id=jx>*{background:url(//127.0.0.1/jx)}</style>",
    "<base href=//127.0.0.1/ id=jx>",
    "<meta http-equiv=refresh content=0;url=/jx id=jx>",
    "<div hx-get=/jx hx-trigger=load id=jx>",
    "<ScRiPt id=jx>jx()</sCrIpT>",
    "＜script id=jx＞jx()＜/script＞",
    "{{7*7}}${7*7}<b id=jx>",
)
SHORT = "<b id=jx>b"
# What people or files write is long enough for a tag. What the system makes itself is an address, a digest, a name of
# a kind: changing that breaks the row's meaning, and no person can.
OURS = frozenset(
    (
        *("action", "alarm", "boot_id", "code", "digest", "digests", "external_id", "finish", "fingerprint"),
        *(
            "hash",
            "job",
            "key",
            "kind",
            "lease_token",
            "link",
            "list",
            "number",
            "occasion",
            "password",
            "path",
        ),
        *("previous", "provider", "provider_ref", "query", "request_id", "result", "result_file", "rule"),
        *(
            "serial",
            "slot",
            "stamp",
            "start",
            "table",
            "tier",
            "tier_shown",
            "level",
            "token",
            "unit",
            "username",
        ),
    )
)
SUBJECTS_OF_OURS = frozenset({"crm.occurrence", "crm.logentry", "crm.loginattempt", "crm.loginfailure"})


def texts(model: type[models.Model]) -> list[Any]:
    """This function will name the fields of a model in which somebody's own words stand."""
    return [
        field
        for field in model._meta.concrete_fields
        if isinstance(field, models.CharField | models.TextField)
        and not field.choices
        and field.name not in OURS
        and not field.name.endswith(("_sealed", "_index", "_digest"))
        and not (field.name == "subject" and model._meta.label_lower in SUBJECTS_OF_OURS)
        and (field.max_length or len(SHORT)) >= len(SHORT)
    ]


def ours() -> Iterator[type[models.Model]]:
    """This function will go through the models of the house."""
    for name in ("crm", "tiers", "servicing", "claims"):
        yield from apps.get_app_config(name).get_models()


def plant(first: int = 0) -> dict[str, int]:
    """This function will plant a payload in every text of every row, another in each, beginning with the `first`.

    Rows that must not change are written anew with it. Returns how many rows of each field took it.
    """
    taken: dict[str, int] = {}
    turn = first
    for model in ours():
        for field in texts(model):
            count = 0
            for row in list(model._base_manager.order_by("pk")[:60]):
                payload = PAYLOADS[turn % len(PAYLOADS)]
                turn += 1
                if field.max_length and len(payload) > field.max_length:
                    payload = SHORT
                count += _put(row, field.attname, payload)
            taken[f"{model._meta.label_lower}.{field.name}"] = count
    return taken


def _put(row: models.Model, name: str, payload: str) -> bool:
    rows = type(row)._base_manager.filter(pk=row.pk)
    try:
        with transaction.atomic():
            return bool(rows.update(**{name: payload}))
    except DatabaseError:  # unique, checked, or never to be changed
        pass
    row.pk = None
    setattr(row, name, payload)
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except DatabaseError:
        return False
    return True
