"""A draft of a calendar says why it was returned in the same words as every other proposal."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("crm", "0004_audit_seal"),
    ]

    operations = [
        migrations.RemoveConstraint("calendardraft", "a_returned_draft_says_why"),
        migrations.RenameField("calendardraft", "reason", "returned_because"),
        migrations.AddConstraint(
            "calendardraft",
            models.CheckConstraint(
                condition=~models.Q(decision="returned") | ~models.Q(returned_because=""),
                name="a_returned_draft_says_why",
            ),
        ),
        migrations.AlterField(
            "calendardraft",
            "decision",
            models.CharField(
                blank=True,
                choices=[("confirmed", "已确认"), ("returned", "已退回"), ("withdrawn", "已撤回")],
                max_length=10,
                verbose_name="结论",
            ),
        ),
    ]
