"""Where a request came from. Pure: told what the server saw and how many of our own proxies stand before it."""

from collections.abc import Mapping
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any

HOUSE_BITS = 64


def of_client(seen: Mapping[str, Any], proxies: int) -> str:
    """This function will return the client's address, believing only what our own proxies wrote.

    Each proxy adds the address it was called from at the end of X-Forwarded-For, so with N proxies the Nth entry
    from the end is true and everything before it may be invented. What is no address counts for nothing.
    """
    direct = str(seen.get("REMOTE_ADDR", ""))
    told = [one.strip() for one in str(seen.get("HTTP_X_FORWARDED_FOR", "")).split(",")]
    if proxies < 1 or len(told) < proxies:
        return _clean(direct)
    return _clean(told[-proxies]) or _clean(direct)


def household(address: str) -> str:
    """This function will return what counts as one place: an IPv4 address, or the /64 that one IPv6 line is given."""
    clean = _clean(address)
    if ":" not in clean:
        return clean
    return str(IPv6Network((clean, HOUSE_BITS), strict=False))


def _clean(text: str) -> str:
    try:
        found = ip_address(text)
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return found.compressed.partition("%")[0]
