"""Proposals of every kind end in the same words."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("servicing", "0005_a_breach_stays"),
    ]

    operations = [
        migrations.AlterField(
            "standarddraft",
            "decision",
            models.CharField(
                blank=True,
                choices=[("confirmed", "已确认"), ("returned", "已退回"), ("withdrawn", "已撤回")],
                max_length=10,
                verbose_name="结论",
            ),
        ),
    ]
