"""One person walking through the house in a real browser, who looks closely at every page."""

from dataclasses import dataclass, field

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

# A refused form answers 422 or 409 on purpose; the browser notes each in its console.
ON_PURPOSE = ("status of 422", "status of 409")


@dataclass
class Walker:
    """One person's browser, and what it complained of so far."""

    page: Page
    base: str
    complaints: list[str] = field(default_factory=list)

    def go(self, path: str) -> None:
        """This function will open a page and look at it."""
        self.page.goto(self.base + path)
        self.look()

    def look(self) -> None:
        """This function will weigh the page as it stands: no serious barrier, nothing refused by the policy."""
        self.page.wait_for_load_state("networkidle")
        found = Axe().run(self.page).response["violations"]
        grave = [one["id"] for one in found if one["impact"] in ("serious", "critical")]
        refused = self.page.evaluate("window.__refused || []")
        assert not grave, (self.page.url, grave)
        assert not refused, (self.page.url, refused)
        assert not self.complaints, self.complaints

    def press(self, name: str) -> None:
        """This function will press a button of the page by its word."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def text(self) -> str:
        """This function will read what stands on the page."""
        return self.page.locator("main").inner_text()

    def note(self, message: ConsoleMessage) -> None:
        """This function will keep what the browser's console complains of."""
        if message.type in ("error", "warning") and not any(words in message.text for words in ON_PURPOSE):
            self.complaints.append(message.text)
