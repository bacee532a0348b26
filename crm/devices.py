"""Names the device of a request in a few words, Chrome · Windows, from what the browser says of itself. Pure."""

# The first that fits wins: most browsers also call themselves by the names of others.
BROWSERS = (
    ("wxwork", "企业微信"),
    ("dingtalk", "钉钉"),
    ("lark", "飞书"),
    ("feishu", "飞书"),
    ("micromessenger", "微信"),
    ("edg", "Edge"),
    ("qqbrowser", "QQ 浏览器"),
    ("360se", "360 浏览器"),
    ("ucbrowser", "UC 浏览器"),
    ("firefox", "Firefox"),
    ("fxios", "Firefox"),
    ("chrome", "Chrome"),
    ("crios", "Chrome"),
    ("safari", "Safari"),
)
SYSTEMS = (
    ("harmonyos", "鸿蒙"),
    ("android", "Android"),
    ("iphone", "iPhone"),
    ("ipad", "iPad"),
    ("windows", "Windows"),
    ("mac os x", "macOS"),
    ("linux", "Linux"),
)
UNKNOWN = "未知设备"


def words(user_agent: str) -> str:
    """This function will return browser and system, or 未知设备; it keeps nothing of what it does not know."""
    told = user_agent.lower()
    found = [next((word for mark, word in marks if mark in told), "") for marks in (BROWSERS, SYSTEMS)]
    return " · ".join(word for word in found if word) or UNKNOWN
