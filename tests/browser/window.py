"""A tab of the browser, with what readers do in it: visit, type, click, press keys, look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from selenium.webdriver import ActionChains, Chrome
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

__all__ = ["Window"]

PATIENCE_SECONDS = 30
BOX = "input[type=search]"

ANSWERING = """
    const [answer, after] = arguments;
    window.asked = [];
    window.realFetch ??= window.fetch;
    window.fetch = (address, options = {}) => {
        if (!String(address).includes("/api/v1/suggest")) return window.realFetch(address, options);
        const question = {q: new URL(address).searchParams.get("q"), aborted: false};
        window.asked.push(question);
        return new Promise((resolve, reject) => {
            options.signal?.addEventListener("abort", () => {
                question.aborted = true;
                reject(new DOMException("", "AbortError"));
            });
            setTimeout(() => answer ? resolve(Response.json({query: question.q, ...answer})) : reject(new TypeError("no")), after);
        });
    };
"""


class Window:
    """One tab at the site whose address is `base`."""

    def __init__(self, chrome: Chrome, base: str) -> None:
        self.chrome = chrome
        self.base = base

    def visit(self, path: str) -> None:
        self.chrome.get(self.base + path)

    @property
    def path(self) -> str:
        """The current address without the site's own."""
        return self.chrome.current_url.removeprefix(self.base)

    def find(self, selector: str) -> WebElement:
        return self.chrome.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[WebElement]:
        return self.chrome.find_elements(By.CSS_SELECTOR, selector)

    def texts(self, selector: str) -> list[str]:
        return [each.text for each in self.all(selector)]

    def script(self, code: str, *arguments: Any) -> Any:
        return self.chrome.execute_script(code, *arguments)

    def command(self, name: str, **arguments: Any) -> Any:
        """A command of the DevTools protocol."""
        return self.chrome.execute_cdp_cmd(name, arguments)

    def click(self, text: str, within: str = "body") -> None:
        """Follow the link that shows `text`, and wait for the page it leads to."""
        link = next(each for each in self.all(f"{within} a") if text in each.text)
        self._leave(link.click)

    def search(self, words: str) -> None:
        """Type `words` into the box in place of what is there, and press Enter."""
        box = self.find(BOX)
        box.clear()
        box.send_keys(words)
        self._leave(box.submit)

    def wait_for(self, condition: Callable[[], Any]) -> Any:
        """What `condition` gives once that is true."""
        return WebDriverWait(self.chrome, PATIENCE_SECONDS, poll_frequency=0.05).until(lambda _: condition())

    def type(self, words: str, selector: str = BOX) -> None:
        """Type `words` into a field, key by key, in place of what is there."""
        field = self.find(selector)
        field.clear()
        field.send_keys(words)

    def answer_suggestions(self, answer: dict[str, Any] | None, after_ms: int = 0) -> None:
        """From now on this page's questions for suggestions get `answer`, whatever is asked; None: no connection."""
        self.script(ANSWERING, answer, after_ms)

    def back(self) -> None:
        self._leave(self.chrome.back)

    def press(self, *keys: str) -> None:
        """Press `keys` together, wherever the focus is."""
        chain = ActionChains(self.chrome)
        for key in keys:
            chain.key_down(key)
        for key in reversed(keys):
            chain.key_up(key)
        chain.perform()

    def focused(self) -> WebElement:
        return self.chrome.switch_to.active_element

    def resize(self, width: int, height: int) -> None:
        self.command(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=width < 600
        )

    def emulate(self, media: str = "", **features: str) -> None:
        """Show the page as for `media` (print) and `features` (prefers_color_scheme="dark")."""
        named = [{"name": name.replace("_", "-"), "value": value} for name, value in features.items()]
        self.command("Emulation.setEmulatedMedia", media=media, features=named)

    def without_scripts(self) -> None:
        """Pages of this tab run no JavaScript from the next visit on."""
        self.command("Emulation.setScriptExecutionDisabled", value=True)

    def style(self, selector: str, name: str) -> str:
        return self.find(selector).value_of_css_property(name)

    def complaints(self) -> list[str]:
        """What the browser wrote to its console since the last call: errors, refusals by the policy."""
        return [str(entry["message"]) for entry in self.chrome.get_log("browser")]  # type: ignore[no-untyped-call]

    def _leave(self, act: Any) -> None:
        shown = self.find("main > *")  # goes with its page, and also where only the results are replaced
        act()
        waiting = WebDriverWait(self.chrome, PATIENCE_SECONDS, poll_frequency=0.05)
        waiting.until(lambda _: _is_gone(shown))
        waiting.until(lambda _: self.all("main > *"))


def _is_gone(page: WebElement) -> bool:
    from selenium.common.exceptions import StaleElementReferenceException, WebDriverException

    try:
        page.tag_name  # noqa: B018 - asking is enough to learn whether the page still stands
    except (StaleElementReferenceException, WebDriverException):
        return True
    return False
