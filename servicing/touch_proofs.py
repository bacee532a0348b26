"""Which touchpoints prove which promises (rulebook X-20). Pure: a standard's words for evidence in, kinds out."""

from collections.abc import Iterable

from crm.models.touchpoint import TouchpointKind

ANY = frozenset(TouchpointKind.values)
IN_PERSON = frozenset({TouchpointKind.VISIT.value, TouchpointKind.CAME.value, TouchpointKind.MEETING.value})
PROVES: dict[str, frozenset[str]] = {
    **dict.fromkeys(("拜访记录", "拜访内容", "拜访日期", "探望记录", "签收或照片"), IN_PERSON),
    **dict.fromkeys(
        ("沟通记录", "回访记录", "客户日志", "提醒记录", "告知记录", "通知记录", "约定记录", "受理记录"), ANY
    ),
}


def kinds_that_prove(evidence: Iterable[str]) -> frozenset[str]:
    """This function will give the kinds of touchpoints that a standard takes as evidence; often none."""
    return frozenset[str]().union(*(PROVES.get(word, frozenset()) for word in evidence))
