"""A published standard is only ever closed; events and evidence are only ever added (rulebook X-20)."""

from django.db import migrations

from crm.triggers import rows_are_only_added, rows_are_only_closed

STANDARD_COLUMNS = [
    *["id", "code", "version", "programme", "rule", "name", "wording", "kind", "authority", "tiers", "start"],
    *["finish", "unit", "amount", "pause_reasons", "evidence", "sourced", "active_from", "active_to", "digest"],
]


class Migration(migrations.Migration):
    dependencies = [("servicing", "0001_initial")]
    operations = [
        rows_are_only_closed(
            "servicing_servicestandard",
            "a published standard is never changed, publish a new version",
            columns=STANDARD_COLUMNS,
            closing="active_to",
        ),
        rows_are_only_added("servicing_commitmentevent", "an event of a promise is never changed"),
        rows_are_only_added("servicing_evidence", "evidence is never changed, add a new entry"),
    ]
