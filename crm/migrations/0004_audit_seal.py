"""Seals over the log: only added to, each beginning where the last one ended."""

import django.db.models.expressions
from django.db import migrations, models

from crm.triggers import ranges_follow_on, rows_are_only_added


class Migration(migrations.Migration):

    dependencies = [
        ('crm', '0003_calendar_draft'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditSeal',
            fields=[
                ('number', models.PositiveBigIntegerField(primary_key=True, serialize=False, verbose_name='段号')),
                ('first', models.PositiveBigIntegerField(unique=True, verbose_name='起')),
                ('last', models.PositiveBigIntegerField(unique=True, verbose_name='止')),
                ('rows', models.PositiveIntegerField(verbose_name='条数')),
                ('digests', models.TextField(verbose_name='逐条摘要')),
                ('previous', models.CharField(max_length=64, unique=True, verbose_name='上一段摘要')),
                ('hash', models.CharField(max_length=64, unique=True, verbose_name='摘要')),
                ('sealed_at', models.DateTimeField(verbose_name='封存时间')),
            ],
            options={
                'verbose_name': '封条',
                'constraints': [models.CheckConstraint(condition=models.Q(('number__gte', 1)), name='seals_are_counted_from_one'), models.CheckConstraint(condition=models.Q(('first__gte', 1), ('last__gte', models.F('first'))), name='a_seal_covers_a_stretch'), models.CheckConstraint(condition=models.Q(('rows__gte', 1), ('rows__lte', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('last'), '-', models.F('first')), '+', models.Value(1)))), name='a_seal_holds_rows_of_its_stretch'), models.CheckConstraint(condition=models.Q(('hash', models.F('previous')), _negated=True), name='a_seal_follows_another')],
            },
        ),
        rows_are_only_added("crm_auditseal", "a seal is never changed"),
        ranges_follow_on("crm_auditseal", "a seal begins where the last one ended"),
    ]
