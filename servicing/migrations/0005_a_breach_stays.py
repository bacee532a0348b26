"""A breach is a fact: once a promise is broken, the moment and the due time it broke at never change.

A later migration that rebuilds `servicing_commitment` on SQLite must add the trigger again; the nightly check of
the data names a trigger that is gone.
"""

from django.db import migrations

from crm.triggers import columns_stay_once_marked


class Migration(migrations.Migration):
    dependencies = [("servicing", "0004_urged_event")]
    operations = [
        columns_stay_once_marked(
            "servicing_commitment",
            "a breach is never undone",
            mark="breached_at",
            beside=["due_at"],
        ),
    ]
