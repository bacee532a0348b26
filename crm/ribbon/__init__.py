"""The due ribbon 时效带: why a promise is due on the day it is due, as a picture, a sentence and a table. Pure."""

from crm.ribbon.draw import Ribbon, build_ribbon

__all__ = ["Ribbon", "build_ribbon"]
