"""What customers of the demo ask for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Wish:
    """One request as it comes in, with the answer and the words of its closing."""

    kind: str
    subject: str
    body: str
    answer: str
    closing: str
    change_type: str = ""
    channel: str = "phone"
    papers: tuple[str, ...] = ("营业执照副本", "经办人授权委托书")


WISHES = (
    Wish(
        "issue",
        "新员工团体投保出单",
        "新入职员工投保，资料已齐。",
        "已收到投保资料，正在核保。",
        "保单已签发并送达",
        "",
        "counter",
    ),
    Wish(
        "change",
        "增加被保险人",
        "新增被保险人，附人员清单。",
        "已收到清单，正在办理。",
        "批单已出具",
        "members",
        "email",
    ),
    Wish(
        "change",
        "变更受益人",
        "申请变更受益人，资料随附。",
        "已收到申请，正在审核。",
        "批单已出具",
        "beneficiary",
        "counter",
    ),
    Wish("change", "变更联系电话", "联系人换号，请更新。", "已更新，请核对。", "联系电话已变更", "phone"),
    Wish(
        "change",
        "变更通讯地址",
        "单位搬迁，请更新地址。",
        "已更新，请核对。",
        "地址已变更",
        "address",
        "wechat",
    ),
    Wish(
        "enquiry",
        "查询理赔进度",
        "来电查询上月报案的进度。",
        "案件正在审核，预计两日内有结论。",
        "已答复客户",
        "",
        "phone",
    ),
    Wish(
        "enquiry",
        "咨询保障范围",
        "咨询门诊是否在保障范围内。",
        "门诊责任在保障范围内，限额见条款。",
        "已答复客户",
        "",
        "wechat",
    ),
    Wish(
        "complaint",
        "对等待时间有意见",
        "柜面等候过久，希望改进。",
        "已核实并致歉，安排专人办理。",
        "客户认可处理结果",
        "",
        "phone",
    ),
    Wish(
        "complaint",
        "对核定金额有异议",
        "认为核定金额偏低，要求复核。",
        "已复核并说明计算依据。",
        "已书面答复",
        "",
        "letter",
    ),
    Wish("money_in", "保费到账对账", "已汇出保费，请核对到账。", "款项已到账。", "到账已确认", "", "email"),
    Wish("money_out", "退保金支付", "申请支付退保金。", "已提交支付。", "款项已支付", "", "counter"),
    Wish("request", "补寄保险凭证", "凭证遗失，请补寄。", "已安排补寄。", "凭证已寄出", "", "phone"),
    Wish("request", "开具缴费证明", "需要年度缴费证明。", "证明已开具。", "证明已发送", "", "web"),
    Wish("request", "预约上门讲解", "希望为新员工讲解保障。", "已约定时间。", "讲解已完成", "", "wechat"),
)
