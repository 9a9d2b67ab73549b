"""Times and sizes as a browser tab sees them, taken inside the tab so that no test tool's polling is in them."""

from dataclasses import dataclass, field

from playwright.sync_api import Page, WebSocket

# Notes when the first h1 is there.
WATCH_TITLE = """
new MutationObserver((_, watcher) => {
    if (document.querySelector('h1')) { window.titleAt = performance.now(); watcher.disconnect(); }
}).observe(document, {subtree: true, childList: true});
"""

# Asked by evaluate() rather than by waiting for a function, which the Content-Security-Policy forbids.
FIRST = """() => new Promise(resolve => {
    const look = () => {
        const [painted] = performance.getEntriesByName('first-contentful-paint');
        if (painted && window.titleAt) resolve(Math.max(painted.startTime, window.titleAt));
        else setTimeout(look, 20);
    };
    look();
})"""

CLICK = """([pressed, shown]) => new Promise((resolve, reject) => {
    const app = document.querySelector('[data-testid=stApp]');
    const texts = () => [...document.querySelectorAll(shown)].map(each => each.textContent).join('\\n');
    const before = shown && texts(), started = performance.now();
    let ran = false;
    const done = () => {
        const running = app.dataset.testScriptState === 'running';
        ran = ran || running;
        if (shown ? texts() === before : !ran || running) return;
        watcher.disconnect();
        resolve(performance.now() - started);
    };
    const watcher = new MutationObserver(done);
    watcher.observe(document.body, {subtree: true, childList: true, characterData: true, attributes: true});
    setTimeout(() => { watcher.disconnect(); reject(new Error('nothing changed after ' + pressed)); }, 15000);
    document.querySelector(pressed).click();
})"""


@dataclass
class Socket:
    """How many bytes came over the page's WebSocket since the last look."""

    received: int = 0
    _sockets: list[WebSocket] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Count what comes over every WebSocket that the page opens."""
        page.on("websocket", self._count)

    def take(self) -> int:
        """The bytes since the last call."""
        taken, self.received = self.received, 0
        return taken

    def _count(self, socket: WebSocket) -> None:
        self._sockets.append(socket)
        socket.on("framereceived", lambda payload: self._add(len(payload)))

    def _add(self, size: int) -> None:
        self.received += size


def first_title(page: Page, address: str) -> float:
    """Open an address with a cold cache; milliseconds until the title is there, painted."""
    page.add_init_script(WATCH_TITLE)
    page.goto(address)
    page.wait_for_load_state("load")
    shown: float = page.evaluate(FIRST)
    return shown


def click(page: Page, pressed: str, shown: str = "") -> float:
    """Click an element; milliseconds until the text at `shown` has changed, or the run of the page has ended."""
    took: float = page.evaluate(CLICK, [pressed, shown])
    return took
