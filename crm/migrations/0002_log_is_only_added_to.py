"""The log of acts is append-only, also for those who reach past the services."""

from django.db import migrations

from crm.triggers import rows_are_only_added


class Migration(migrations.Migration):
    dependencies = [("crm", "0001_initial")]
    operations = [rows_are_only_added("crm_logentry", "a log entry is never changed")]
