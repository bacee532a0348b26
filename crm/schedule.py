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
    title: str
    task: str
    every: timedelta
    sentence: str
    per_day: bool = False
    doubts_clock: bool = True


JOBS: tuple[Job, ...] = (
    Job(
        name="plan_greetings",
        title="展开生日祝福",
        task="servicing.plan_greetings",
        every=DAY,
        per_day=True,
        sentence="每一天展开一次：哪些服务对象的生日祝福应在这一天发出。",
    ),
    Job(
        name="replan_greetings",
        title="补上生日祝福",
        task="servicing.replan_greetings",
        every=HOUR,
        sentence="每小时：为新导入、新升级的客户补上未来几天的生日祝福，并补记已受理短信的履约凭据。",
    ),
    Job(
        name="open_greetings",
        title="生成生日祝福",
        task="servicing.open_greetings",
        every=EVERY_TICK,
        sentence="每分钟：到了发送时刻的祝福，登记承诺并写入待发消息；不能发的写明原因。",
    ),
    Job(
        name="deliver_messages",
        title="发送消息",
        task="crm.deliver_messages",
        every=EVERY_TICK,
        doubts_clock=False,
        sentence="每分钟：发送到期的消息，向服务商核对结果未知的消息。",
    ),
    Job(
        name="sweep_commitments",
        title="查看到时的承诺",
        task="servicing.sweep_commitments",
        every=EVERY_TICK,
        sentence="每分钟：查看到时的承诺，提醒、记录超时、逐级上报。",
    ),
    Job(
        name="work_on_jobs",
        title="接着办后台任务",
        task="crm.work_on_jobs",
        every=EVERY_TICK,
        sentence="每分钟：接着办中断了或在排队的后台任务，如导入。",
    ),
    Job(
        name="forget_calls",
        title="清理接口调用",
        task="crm.forget_calls",
        every=HOUR,
        sentence="每小时：删除一天前的接口调用及其回答。",
    ),
    Job(
        name="carry_out_handovers",
        title="继续交接",
        task="crm.carry_out_handovers",
        every=EVERY_TICK,
        sentence="每分钟：继续没有做完的客户交接，一位客户一步，做完为止。",
    ),
    Job(
        name="file_handover_notices",
        title="补记告知凭据",
        task="servicing.file_handover_notices",
        every=HOUR,
        sentence="每小时：补记已受理的更换客户经理告知短信的履约凭据。",
    ),
    Job(
        name="seal_audit",
        title="封存操作记录",
        task="crm.seal_audit",
        every=EVERY_TICK,
        doubts_clock=False,
        sentence="每分钟：给新写下的操作记录加封条，事后改动、删除、插入都查得出来。",
    ),
    Job(
        name="refresh_tiers",
        title="更新列表中的层级",
        task="tiers.refresh_shown",
        every=HOUR,
        sentence="每小时：把已开始或已到期的层级反映到客户列表。",
    ),
    Job(
        name="count_stars",
        title="计算星点值",
        task="tiers.count_stars",
        every=HOUR,
        sentence="每小时：按保单重算每位个险客户的星点值，达到门槛当天升星，到期不足进入维持期或降星；漏掉的日子逐日补算。",
    ),
    Job(
        name="backup",
        title="备份",
        task="crm.backup",
        every=DAY,
        sentence="每天：做一份加密备份，只留最近的若干份。",
    ),
    Job(
        name="audit_invariants",
        title="核对数据",
        task="crm.audit_invariants",
        every=DAY,
        sentence="每天：核对数据必须成立的句子，有不成立的告知总公司管理员。",
    ),
    Job(
        name="forget_forms",
        title="清理表单令牌",
        task="crm.forget_forms",
        every=DAY,
        sentence="每天：删除七天前的表单令牌。",
    ),
    Job(
        name="forget_long_jobs",
        title="清理后台任务记录",
        task="crm.forget_long_jobs",
        every=DAY,
        sentence="每天：删除九十天前已结束的后台任务记录。",
    ),
    Job(
        name="forget_logins",
        title="清理登录记录",
        task="crm.forget_logins",
        every=DAY,
        sentence="每天：删除过期的登录会话、一天前的登录尝试和九十天前的登录记录。",
    ),
    Job(
        name="forget_uploads",
        title="清理导入文件",
        task="crm.forget_uploads",
        every=HOUR,
        sentence="每小时：删除一天前上传而没有确认的导入文件。",
    ),
    Job(
        name="forget_runs",
        title="清理运行记录",
        task="crm.forget_runs",
        every=DAY,
        sentence="每天：删除三十天前已顺利结束的作业运行记录。",
    ),
)


def title_of(name: str) -> str:
    """This function will name a job for people; one that is no longer in the list shows its code."""
    return next((job.title for job in JOBS if job.name == name), name)
