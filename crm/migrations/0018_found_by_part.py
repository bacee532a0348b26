from django.db import migrations, models

import crm.name_parts
from crm.name_parts import found_by_beginning, found_by_part


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0017_merging"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="contact",
            index=models.Index(fields=["name_initials"], name="contact_by_initials"),
        ),
        migrations.AddIndex(
            model_name="customer",
            index=models.Index(crm.name_parts.NumberEnd("number"), name="customer_number_end"),
        ),
        found_by_part("crm_customer", "name", "customer_name_parts"),
        found_by_part("crm_customer", "name_initials", "customer_initials_parts"),
        found_by_part("crm_contact", "name", "contact_name_parts"),
        found_by_beginning("crm_customer", "number", "customer_number_begins"),
        found_by_beginning("crm_customer", "registration_no", "customer_registration_begins"),
        found_by_beginning("crm_policy", "number", "policy_number_begins"),
    ]
