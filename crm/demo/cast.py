"""Who works where in the demo. Every name is invented; the password is the same for all and is printed."""

from dataclasses import dataclass
from datetime import timedelta

from crm.models import Branch, User
from crm.models.staff import Role
from crm.registry import DemoStage
from crm.services import branches, demo, staff

HOUSE_IS_OLDER = timedelta(days=420)

# code, name, kind, class, code of the branch above
TREE = (
    ("1000", "总公司", "head_office", "A", ""),
    ("1200", "天津分公司", "province", "A", "1000"),
    ("1300", "河北分公司", "province", "B", "1000"),
    ("1201", "滨海中心支公司", "city", "A", "1200"),
    ("1202", "市区中心支公司", "city", "B", "1200"),
    ("1301", "石家庄中心支公司", "city", "B", "1300"),
    ("1302", "唐山中心支公司", "city", "B", "1300"),
    ("120101", "塘沽营业部", "office", "A", "1201"),
    ("120102", "汉沽营业部", "office", "B", "1201"),
    ("120201", "河西营业部", "office", "B", "1202"),
    ("130101", "裕华营业部", "office", "B", "1301"),
    ("130102", "正定营业部", "office", "B", "1301"),
    ("130201", "路北营业部", "office", "B", "1302"),
)


@dataclass(frozen=True, slots=True)
class Actor:
    """One person of the demo."""

    username: str
    name: str
    role: str
    branch: str
    supervisor: str = ""


M, S, C = Role.ACCOUNT_MANAGER.value, Role.SERVICE_AGENT.value, Role.CLAIMS_HANDLER.value
B, H, A = Role.BRANCH_MANAGER.value, Role.HEAD_OFFICE.value, Role.AUDITOR.value

# whose few customers were handed over when they left
LEFT = "lv"

# supervisors stand before their people
PEOPLE = (
    Actor("tang", "唐宁", H, "1000"),
    Actor("pei", "裴岚", H, "1000"),
    Actor("shen", "沈越", A, "1000"),
    Actor("gao", "高远", B, "1200"),
    Actor("jiang", "蒋若", B, "1300"),
    Actor("meng", "孟川", B, "1201", "gao"),
    Actor("luo", "罗安", C, "1201", "meng"),
    Actor("dong", "董舟", B, "1202", "gao"),
    Actor("yuan", "袁溪", C, "1202", "dong"),
    Actor("fang", "方砚", B, "1301", "jiang"),
    Actor("xie", "谢澄", C, "1301", "fang"),
    Actor("pan", "潘岳山", B, "1302", "jiang"),
    Actor("du", "杜衡", C, "1302", "pan"),
    Actor("guo", "郭敏", B, "120101", "meng"),
    Actor("he", "何静", M, "120101", "guo"),
    Actor("lin", "林晓", M, "120101", "he"),
    Actor("wang", "王越", M, "120101", "he"),
    Actor("qin", "秦岚", S, "120101", "guo"),
    Actor("lv", "吕宁", M, "120101", "he"),
    Actor("song", "宋知", B, "120102", "meng"),
    Actor("liang", "梁朔", M, "120102", "song"),
    Actor("han", "韩漪", M, "120102", "song"),
    Actor("feng", "冯舒", S, "120102", "song"),
    Actor("deng", "邓遥", B, "120201", "dong"),
    Actor("cao", "曹沐", M, "120201", "deng"),
    Actor("peng", "彭屿", M, "120201", "deng"),
    Actor("zeng", "曾念", S, "120201", "deng"),
    Actor("xiao", "萧衍之", B, "130101", "fang"),
    Actor("tian", "田野", M, "130101", "xiao"),
    Actor("zhou", "周平", M, "130101", "xiao"),
    Actor("ren", "任嘉", S, "130101", "xiao"),
    Actor("yu", "于汐", B, "130102", "fang"),
    Actor("su", "苏淮", M, "130102", "yu"),
    Actor("lu", "卢清", M, "130102", "yu"),
    Actor("ding", "丁宁", S, "130102", "yu"),
    Actor("wei", "魏然", B, "130201", "pan"),
    Actor("xue", "薛桐", M, "130201", "wei"),
    Actor("ye", "叶澜", M, "130201", "wei"),
    Actor("yan", "严谨", S, "130201", "wei"),
)


def open_house(stage: DemoStage) -> None:
    """This function will open the branches and add everybody, as of more than a year ago."""
    then = stage.now - HOUSE_IS_OLDER
    opened: dict[str, Branch] = {}
    for code, name, kind, grade, above in TREE:
        opened[code] = branches.open_branch(
            name=name, code=code, kind=kind, grade=grade, parent=opened.get(above), now=then
        )
    people: dict[str, User] = {}
    for actor in PEOPLE:
        people[actor.username] = staff.add_person(
            username=actor.username,
            name=actor.name,
            branch=opened[actor.branch],
            role=actor.role,
            supervisor=people.get(actor.supervisor),
            now=then,
        )
    demo.give_password(people.values())
