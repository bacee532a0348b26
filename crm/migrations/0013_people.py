"""Hand-overs, seats in a customer's team with what they are for, stand-ins; and what people may be given."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from crm.row_guards import column_stays, periods_do_not_overlap, person_is_in_use


def keep_the_teams(apps, schema_editor):
    """This function will give everybody who sat in a team a seat as a member."""
    customer, seat = apps.get_model("crm", "Customer"), apps.get_model("crm", "TeamSeat")
    old = customer.team.through.objects.values_list("customer_id", "user_id").iterator()
    seat.objects.bulk_create((seat(customer_id=one, user_id=user) for one, user in old), batch_size=500)


class Migration(migrations.Migration):

    dependencies = [
        ("crm", "0012_lists"),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cause', models.CharField(choices=[('leaving', '离职'), ('new_post', '调岗'), ('workload', '工作调整'), ('wish', '客户要求')], max_length=10, verbose_name='缘由')),
                ('reason', models.CharField(max_length=200, verbose_name='说明')),
                ('at', models.DateTimeField(verbose_name='交接时间')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('former', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handed_over', to=settings.AUTH_USER_MODEL)),
                ('rest_taker', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '交接',
            },
        ),
        migrations.CreateModel(
            name='HandoverItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('planned', '待交接'), ('moved', '已交接'), ('left', '未交接')], default='planned', max_length=8, verbose_name='状态')),
                ('done_at', models.DateTimeField(blank=True, null=True, verbose_name='完成时间')),
                ('note', models.CharField(blank=True, max_length=120, verbose_name='说明')),
                ('branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.branch', verbose_name='机构')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='crm.customer')),
                ('former', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='原客户经理')),
                ('former_branch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='crm.branch')),
                ('handover', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='items', to='crm.handover')),
                ('notice', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='handover_item', to='crm.message')),
                ('taker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='新客户经理')),
            ],
            options={
                'verbose_name': '交接客户',
            },
        ),
        migrations.CreateModel(
            name='StandIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('active_from', models.DateField(verbose_name='起')),
                ('active_to', models.DateField(verbose_name='止（不含）')),
                ('reason', models.CharField(blank=True, max_length=100, verbose_name='事由')),
                ('created_at', models.DateTimeField(verbose_name='登记时间')),
                ('by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stand_ins', to=settings.AUTH_USER_MODEL, verbose_name='本人')),
                ('stand_in', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stands_in', to=settings.AUTH_USER_MODEL, verbose_name='代班人')),
            ],
            options={
                'verbose_name': '代班',
            },
        ),
        migrations.CreateModel(
            name='TeamSeat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('deputy', '客户副经理'), ('leader', '领导小组'), ('member', '成员')], default='member', max_length=8, verbose_name='身份')),
                ('duty', models.CharField(blank=True, max_length=60, verbose_name='职责')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to='crm.customer')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='seats', to=settings.AUTH_USER_MODEL, verbose_name='员工')),
            ],
            options={
                'verbose_name': '团队成员',
            },
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(fields=['-at'], name='handover_list'),
        ),
        migrations.AddIndex(
            model_name='handover',
            index=models.Index(condition=models.Q(('finished_at__isnull', True)), fields=['at'], name='handover_unfinished'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('reason', ''), _negated=True), name='a_handover_says_why'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('rest_taker__isnull', True), ('former__isnull', False), _connector='OR'), name='the_rest_is_the_rest_of_somebody'),
        ),
        migrations.AddIndex(
            model_name='handoveritem',
            index=models.Index(fields=['customer', 'done_at'], name='handovers_of_a_customer'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'planned')), fields=('customer',), name='a_customer_waits_for_one_handover'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.UniqueConstraint(fields=('handover', 'customer'), name='a_handover_names_a_customer_once'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.CheckConstraint(condition=models.Q(('former', models.F('taker')), _negated=True), name='a_handover_changes_the_keeper'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('done_at__isnull', True), ('state', 'planned')), models.Q(models.Q(('state', 'planned'), _negated=True), ('done_at__isnull', False)), _connector='OR'), name='a_done_handover_says_when'),
        ),
        migrations.AddConstraint(
            model_name='handoveritem',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'left'), _negated=True), models.Q(('note', ''), _negated=True), _connector='OR'), name='what_is_left_says_why'),
        ),
        migrations.AddIndex(
            model_name='standin',
            index=models.Index(fields=['person', 'active_from'], name='stand_in_of'),
        ),
        migrations.AddIndex(
            model_name='standin',
            index=models.Index(fields=['stand_in', 'active_to'], name='stands_in_for'),
        ),
        migrations.AddConstraint(
            model_name='standin',
            constraint=models.CheckConstraint(condition=models.Q(('active_to__gte', models.F('active_from'))), name='a_stand_in_ends_after_it_starts'),
        ),
        migrations.AddConstraint(
            model_name='standin',
            constraint=models.CheckConstraint(condition=models.Q(('person', models.F('stand_in')), _negated=True), name='nobody_stands_in_for_themselves'),
        ),
        migrations.AddConstraint(
            model_name='teamseat',
            constraint=models.UniqueConstraint(fields=('customer', 'user'), name='a_colleague_sits_once_in_a_team'),
        ),
        migrations.AddConstraint(
            model_name='teamseat',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'deputy')), fields=('customer',), name='a_customer_has_one_deputy'),
        ),
        migrations.RunPython(keep_the_teams, migrations.RunPython.noop),
        migrations.RemoveField(model_name='customer', name='team'),
        migrations.AddField(
            model_name='customer',
            name='team',
            field=models.ManyToManyField(blank=True, related_name='team_customers', through='crm.TeamSeat', to=settings.AUTH_USER_MODEL, verbose_name='服务团队'),
        ),
        person_is_in_use("crm_customer", "owner_id", "a_keeper_is_in_use"),
        person_is_in_use("crm_teamseat", "user_id", "a_team_member_is_in_use"),
        periods_do_not_overlap("crm_standin", "person_id", "stand_ins_of_a_person_do_not_overlap"),
        column_stays("crm_branch", "path", "a_branch_keeps_its_path", "new:%"),
    ]
