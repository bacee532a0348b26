"""Invented names: towns' surroundings are real, companies and people are put together from syllables."""

from random import Random

PLACES = ("滨海", "津沽", "海河", "渤湾", "燕北", "冀中", "滦河", "盐山", "泊头", "潞河", "白洋", "蓟北")
FANCY_FIRST = "澜禾砚昱霁岑屿湛桁笙筠叙翊珩沅聿栩钧煦澄"
FANCY_SECOND = "川予岳庭舟野衡远棠卓屹歌牧穗言帆序朗峤安"
TRADES = (
    "精密机械",
    "冷链物流",
    "新材料",
    "水产加工",
    "环境工程",
    "医疗器械",
    "包装制品",
    "船舶配件",
    "信息技术",
    "建筑装饰",
    "食品",
    "纺织",
    "农业科技",
    "汽车零部件",
    "仓储",
    "电子",
    "幼儿教育",
    "餐饮管理",
)
FORMS = ("有限公司", "有限责任公司", "股份有限公司", "集团有限公司", "合作社")
SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎"
    "鲁韦昌马苗凤花方俞任袁柳"
)
GIVEN_FIRST = "建国志海文明秀丽雅静思雨子晨浩宇俊嘉欣怡若涵博书云清春晓玉兰德永立新"
GIVEN_SECOND = "强华平军伟芳敏娟洋磊霞涛斌燕玲波辉峰超颖宁然彤琳瑞昊轩诺航萱妍"
FIRST_TITLES = ("董事长", "总经理", "副总经理", "厂长", "校长")
SECOND_TITLES = ("人事经理", "行政主管", "财务主管", "经办人", "工会干事")


class Namer:
    """Gives out names, companies' never twice."""

    def __init__(self, dice: Random) -> None:
        """This function will start with no name taken."""
        self.dice = dice
        self.taken: set[str] = set()

    def company(self) -> str:
        """This function will invent a company."""
        while True:
            fancy = self.dice.choice(FANCY_FIRST) + self.dice.choice(FANCY_SECOND)
            name = self.dice.choice(PLACES) + fancy + self.dice.choice(TRADES) + self.dice.choice(FORMS)
            if name not in self.taken:
                self.taken.add(name)
                return name

    def person(self) -> str:
        """This function will invent a person; like real ones, two may share a name."""
        second = self.dice.choice(GIVEN_SECOND)
        first = self.dice.choice(GIVEN_FIRST) if self.dice.random() < 0.7 else ""
        return self.dice.choice(SURNAMES) + first + second
