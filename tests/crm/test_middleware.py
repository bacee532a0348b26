"""What every answer gets."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from crm import trace
from crm.middleware import PrivatePages
from crm.refusal import Refusal
from crm.rights import NotAllowed


def request_of(**headers: str) -> HttpRequest:
    """This function will make a request as the earlier middleware leaves it."""
    request = RequestFactory().get("/", headers=headers)
    request.user = AnonymousUser()
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]
    return request


class TestARefusalThatNoViewCaught:
    """Raised somewhere below."""

    @pytest.mark.parametrize(
        ("refusal", "status"), [(Refusal("别人已改过。"), 422), (NotAllowed("没有权限。"), 403)]
    )
    def test_becomes_a_page_with_its_sentence(self, refusal: Refusal, status: int) -> None:
        """Never a 500."""
        answer = PrivatePages(lambda request: HttpResponse()).process_exception(request_of(), refusal)
        assert answer is not None and answer.status_code == status
        assert refusal.message in answer.text

    def test_becomes_a_flash_for_htmx(self) -> None:
        """The rest of the page stays."""
        answer = PrivatePages(lambda request: HttpResponse()).process_exception(
            request_of(HX_Request="true"), NotAllowed("别人已改过。")
        )
        assert answer is not None and (answer.status_code, answer["HX-Retarget"]) == (422, "#flashes")
        assert "别人已改过。" in answer.text and "<html" not in answer.text

    def test_leaves_bugs_to_be_bugs(self) -> None:
        """Any other exception stays a 500."""
        door = PrivatePages(lambda request: HttpResponse())
        assert door.process_exception(request_of(), ValueError("bug")) is None


class TestAnAnswer:
    """On its way out."""

    def test_before_anybody_is_known_is_left_alone(self) -> None:
        """An earlier middleware may have answered."""
        answer = PrivatePages(lambda request: HttpResponse())(RequestFactory().get("/"))
        assert not answer.has_header("Cache-Control") and answer["Vary"] == "HX-Request"

    def test_is_made_under_a_name_that_ends_with_it(self) -> None:
        """The log can quote the request; the next work of the thread cannot."""
        seen: list[trace.Trace] = []

        def view(request: HttpRequest) -> HttpResponse:
            seen.append(trace.current())
            return HttpResponse()

        PrivatePages(view)(request_of())
        assert seen[0].request_id and seen[0].address == "127.0.0.1"
        assert trace.current() == trace.NOBODY


@pytest.mark.django_db
class TestABodyThatIsTooLarge:
    """Sent to any page, by anybody."""

    def test_is_refused_before_it_is_read(self) -> None:
        """A hundred megabytes are turned away by their length."""

        class Untouched:
            def read(self, *_size: int) -> bytes:
                raise AssertionError("read")

            readline = read

        answer = Client().generic(
            "POST", "/login/", b"", CONTENT_LENGTH=str(100 * 1024 * 1024), **{"wsgi.input": Untouched()}
        )
        assert answer.status_code == 413 and "最多 30 MB" in answer.text

    def test_of_text_is_refused_in_a_sentence(self) -> None:
        """Files may be larger than what is typed."""
        answer = Client().post("/login/", {"username": "x" * (6 * 1024 * 1024)})
        assert answer.status_code == 413 and "文字太多" in answer.text

    def test_of_ten_thousand_fields_is_refused_in_a_sentence(self) -> None:
        """A form of ours has a few dozen."""
        answer = Client().post("/login/", {f"f{n}": "x" for n in range(10_000)})
        assert answer.status_code == 413 and "项目太多" in answer.text


@pytest.mark.django_db
class TestEveryAnswer:
    """Pages, refusals, files."""

    @pytest.mark.parametrize("address", ["/login/", "/no-such-page/", "/healthz"])
    def test_says_what_a_browser_may_not_do(self, address: str) -> None:
        """No device, no framing, no guessing of types, no address given away."""
        headers = Client().get(address).headers
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["Referrer-Policy"] == "same-origin"
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
