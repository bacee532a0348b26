"""What machines are told outside the operations of the API: addresses that are none, bodies too large, a database away."""

from django.http import HttpRequest, JsonResponse

API = "/api/"
PROBLEM = "application/problem+json"


def calls(request: HttpRequest) -> bool:
    """This function will say whether a request goes to an address for machines, who cannot read a page."""
    return request.path.startswith(API)


def problem(status: int, title: str) -> JsonResponse:
    """This function will make the answer, in the shape that every refusal of the API has."""
    return JsonResponse({"status": status, "title": title}, status=status, content_type=PROBLEM)
