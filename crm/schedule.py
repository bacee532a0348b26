"""Every periodic job of the product, in one list. The tick walks it; no date is ever given to the broker."""

from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings

EVERY_TICK = timedelta(seconds=settings.TICK_SECONDS)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Job:
    """One periodic job. `per_day` jobs are run once for every day that the schedule unrolls, past or coming.

    `doubts_clock` jobs must not run while the clock is in doubt, because what they write cannot be taken back.
    """

    name: str
    task: str
    every: timedelta
    sentence: str
    per_day: bool = False
    doubts_clock: bool = True


JOBS: tuple[Job, ...] = (
    Job(
        name="plan_greetings",
        task="servicing.plan_greetings",
        every=DAY,
        per_day=True,
        sentence="每一天展开一次：哪些服务对象的生日祝福应在这一天发出。",
    ),
    Job(
        name="replan_greetings",
        task="servicing.replan_greetings",
        every=HOUR,
        sentence="每小时：为新导入、新升级的客户补上未来几天的生日祝福，并补记已受理短信的履约凭据。",
    ),
    Job(
        name="open_greetings",
        task="servicing.open_greetings",
        every=EVERY_TICK,
        sentence="每个节拍：到了发送时刻的祝福，登记承诺并写入待发消息；不能发的写明原因。",
    ),
    Job(
        name="deliver_messages",
        task="crm.deliver_messages",
        every=EVERY_TICK,
        doubts_clock=False,
        sentence="每个节拍：发送到期的消息，向服务商核对结果未知的消息。",
    ),
    Job(
        name="sweep_commitments",
        task="servicing.sweep_commitments",
        every=EVERY_TICK,
        sentence="每个节拍：查看到时的承诺，提醒、记录超时、逐级上报。",
    ),
    Job(
        name="seal_audit",
        task="crm.seal_audit",
        every=EVERY_TICK,
        doubts_clock=False,
        sentence="每个节拍：给新写下的操作记录加封条，事后改动、删除、插入都查得出来。",
    ),
    Job(
        name="refresh_tiers",
        task="tiers.refresh_shown",
        every=HOUR,
        sentence="每小时：把已开始或已到期的层级反映到客户列表。",
    ),
    Job(
        name="forget_forms",
        task="crm.forget_forms",
        every=DAY,
        sentence="每天：删除七天前的表单令牌。",
    ),
    Job(
        name="forget_uploads",
        task="crm.forget_uploads",
        every=HOUR,
        sentence="每小时：删除一天前上传而没有确认的导入文件。",
    ),
    Job(
        name="forget_runs",
        task="crm.forget_runs",
        every=DAY,
        sentence="每天：删除三十天前已顺利结束的作业运行记录。",
    ),
)
