from django.db import migrations

from crm.name_parts import parts_are_indexed_at_once


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0021_customers_by_name"),
    ]

    operations = [
        parts_are_indexed_at_once("customer_name_parts", "customer_initials_parts", "contact_name_parts"),
    ]
