"""Whose address counts: what our proxies wrote, never what a client says of itself."""

import pytest

from crm import addresses, devices

SEEN = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "1.2.3.4, 203.0.113.9"}


class TestWithoutAProxy:
    def test_the_header_is_not_believed(self) -> None:
        assert addresses.of_client(SEEN, 0) == "10.0.0.1"


class TestBehindAProxy:
    def test_only_what_the_proxy_wrote_is_believed(self) -> None:
        assert addresses.of_client(SEEN, 1) == "203.0.113.9"

    def test_each_proxy_is_one_step_back(self) -> None:
        assert addresses.of_client(SEEN, 2) == "1.2.3.4"

    @pytest.mark.parametrize("header", ["", "unknown", "203.0.113.9, <script>", "1.2.3.4, "])
    def test_nonsense_leaves_the_proxys_own_address(self, header: str) -> None:
        assert addresses.of_client({**SEEN, "HTTP_X_FORWARDED_FOR": header}, 1) == "10.0.0.1"

    def test_a_request_that_came_past_the_proxies_is_its_own(self) -> None:
        assert addresses.of_client(SEEN, 3) == "10.0.0.1"


class TestAHousehold:
    @pytest.mark.parametrize(
        ("address", "place"),
        [
            ("203.0.113.9", "203.0.113.9"),
            ("::ffff:203.0.113.9", "203.0.113.9"),
            ("2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
            ("fe80::1%eth0", "fe80::/64"),
            ("", ""),
        ],
    )
    def test_is_what_one_line_is_given(self, address: str, place: str) -> None:
        assert addresses.household(address) == place


class TestADevice:
    @pytest.mark.parametrize(
        ("told", "words"),
        [
            ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit Chrome/126.0 Safari/537 Edg/126", "Edge · Windows"),
            ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Chrome/126.0 Safari/537", "Chrome · macOS"),
            (
                "Mozilla/5.0 (Linux; Android 14) Chrome/120 MicroMessenger/8.0 wxwork/4.1",
                "企业微信 · Android",
            ),
            ("Mozilla/5.0 (iPhone; CPU iPhone OS 17 like Mac OS X) Version/17 Safari/604", "Safari · iPhone"),
            ("curl/8", "未知设备"),
            ("", "未知设备"),
        ],
    )
    def test_is_named_in_a_few_words(self, told: str, words: str) -> None:
        assert devices.words(told) == words
