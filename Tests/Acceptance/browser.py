"""Drives headless Chromium over the DevTools protocol: a page in a profile of its own, nothing but 127.0.0.1 reachable.

Chromium is started once, since that takes longer than most of what is looked at; each Browser is a new profile in it, with
cookies, stores, caches and permissions of its own, and nothing is left of it when it is closed.

Every name but 127.0.0.1 fails to resolve, and what the page asked for and logged is kept, so that a test can show that no
request left the origin, that no policy was violated and that nothing was written to the console as an error.

    with Browser(width=360, height=740) as browser:
        browser.open("http://127.0.0.1:8080/")
        browser.wait_for("document.querySelectorAll('.entry').length > 0")
        browser.click(".facet summary")
        assert browser.evaluate("document.title")
        assert browser.errors() == [] and browser.foreign_hosts() == set()

Needs Chromium (CHROMIUM names another binary) and the package websocket-client.
"""

from __future__ import annotations

import atexit
import base64
import json
import os
import pathlib
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse
from collections.abc import Callable
from typing import Any

import websocket

# WebGL 2 without a GPU; no name but 127.0.0.1 resolves; no background traffic of the browser's own.
FLAGS = [
    "--headless=new",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    "--no-sandbox",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-extensions",
    "--disable-sync",
    "--disable-dev-shm-usage",
    # A page is never slowed down because another window lies above it.
    "--disable-backgrounding-occluded-windows",
    "--disable-background-timer-throttling",
    "--disable-renderer-backgrounding",
    "--force-color-profile=srgb",
    "--remote-debugging-port=0",
    "--remote-allow-origins=*",
]

KEYS = {
    "Tab": (9, None), "Enter": (13, "\r"), "Escape": (27, None), "Space": (32, " "), "Home": (36, None), "End": (35, None),
    "ArrowLeft": (37, None), "ArrowUp": (38, None), "ArrowRight": (39, None), "ArrowDown": (40, None), "Backspace": (8, None),
}
# Virtual key codes of characters whose code is not their capital letter's.
CHARACTER_CODES = {"+": 187, "-": 189, ",": 188, ".": 190, "/": 191}


# After so many seconds what is waited for never comes.
LIMIT = 300


# Keeps the maps that a page makes, so that a test can ask whether they are drawn.
WATCH_MAP = """(() => {
    let library;
    const maps = [];
    Object.defineProperty(window, 'drawnMaps', {value: maps});
    Object.defineProperty(window, 'maplibregl', {configurable: true, enumerable: true, get: () => library, set(given) {
        library = given;
        const Map = given.Map;
        given.Map = class extends Map { constructor(...options) { super(...options); maps.push(this); } };
    }});
})()"""
# A map says itself whether style, tiles and movement are done. What follows is done in the next frame and may ask it to
# draw again: nothing follows any more where five frames have found it at rest.
SETTLED = """(async () => {
    for (let quiet = 0; quiet < 5;) {
        await new Promise(requestAnimationFrame);
        quiet = drawnMaps.length > 0 && drawnMaps.every(map => map.loaded() && map.areTilesLoaded() && !map.isMoving()) ? quiet + 1 : 0;
    }
})()"""


class BrowserError(Exception):
    """The page or the browser did not do what was asked."""


class Chromium:
    """A running Chromium, in which profiles are made and dropped. Not thread-safe."""

    # The running ones: with WebGL, and without.
    running: dict[bool, Chromium] = {}
    # After so many profiles a new process takes over, so that nothing piles up in one.
    MOST_PROFILES = 60

    @classmethod
    def current(cls, webgl: bool) -> Chromium:
        """The one that runs, or a new one where it has ended or has had its share."""
        found = cls.running.get(webgl)
        if found is not None and (found.process.poll() is not None or found.made >= cls.MOST_PROFILES and not found.profiles):
            found.close()
            found = None
        if found is None:
            found = cls.running[webgl] = cls(webgl)
            atexit.register(found.close)
        return found

    def __init__(self, webgl: bool) -> None:
        binary = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
        if binary is None:
            raise BrowserError("Chromium is not installed (set CHROMIUM to its path if it is elsewhere)")
        flags = FLAGS if webgl else [flag for flag in FLAGS if "swiftshader" not in flag] + ["--disable-gpu", "--disable-3d-apis"]
        self.folder = tempfile.mkdtemp(prefix="kompass-browser-")
        self.made = 0
        self.profiles: set[str] = set()
        self._number = 0
        self._socket: websocket.WebSocket | None = None
        # A group of its own, so that closing ends the renderers too.
        self.process = subprocess.Popen(
            [binary, *flags, f"--user-data-dir={self.folder}", "about:blank"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            self.port, path = self._address()
            self._socket = websocket.create_connection(f"ws://127.0.0.1:{self.port}{path}", timeout=LIMIT)
        except BaseException:
            self.close()
            raise

    def _address(self) -> tuple[str, str]:
        """Chromium writes the port that it chose, and the path of its own socket, into its folder."""
        file = pathlib.Path(self.folder, "DevToolsActivePort")
        end = time.monotonic() + LIMIT
        while time.monotonic() < end:
            if self.process.poll() is not None:
                raise BrowserError(f"Chromium ended at start with code {self.process.returncode}")
            lines = file.read_text().splitlines() if file.exists() else []
            if len(lines) >= 2:
                return lines[0], lines[1]
            time.sleep(0.05)
        raise BrowserError("Chromium did not open its DevTools port")

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """Sends a command to the browser as a whole and waits for its answer."""
        if self._socket is None:
            raise BrowserError("Chromium is closed")
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        while True:
            answer = json.loads(self._socket.recv())
            if answer.get("id") == self._number:
                if "error" in answer:
                    raise BrowserError(f"{method}: {answer['error'].get('message')}")
                return answer["result"]

    def open(self, width: int, height: int) -> tuple[str, str]:
        """A new profile, and a page in a window of its own: their names."""
        profile = self.send("Target.createBrowserContext")["browserContextId"]
        self.made += 1
        self.profiles.add(profile)
        return profile, self.send(
            "Target.createTarget", url="about:blank", browserContextId=profile, width=width, height=height, newWindow=True)["targetId"]

    def drop(self, profile: str) -> None:
        """Closes a profile with its pages."""
        self.profiles.discard(profile)
        try:
            self.send("Target.disposeBrowserContext", browserContextId=profile)
        except (BrowserError, OSError, websocket.WebSocketException):
            self.close()  # it has ended: whoever needs one starts another

    def close(self) -> None:
        """Ends the process and removes its folder. May be called twice."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        try:
            os.killpg(self.process.pid, signal.SIGTERM)
            self.process.wait(10)
        except ProcessLookupError:
            pass
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)


class Browser:
    """One page in a profile of its own. Not thread-safe: use it from one thread."""

    def __init__(
        self,
        width: int = 1280,
        height: int = 800,
        *,
        dark: bool = False,
        reduced_motion: bool = True,
        javascript: bool = True,
        webgl: bool = True,
        scale: float = 1,
    ) -> None:
        self.requests: list[str] = []
        self.responses: dict[str, int] = {}
        # What came over the wire per address, header fields included, in bytes.
        self.transferred: dict[str, int] = {}
        self._asked: dict[str, str] = {}
        self.console: list[tuple[str, str]] = []
        self._profile: str | None = None
        self._socket: websocket.WebSocket | None = None
        self._answers: dict[int, dict[str, Any]] = {}
        self._condition = threading.Condition()
        self._number = 0
        self._loaded = 0
        self._traced = 0
        self._trace: list[dict[str, Any]] = []
        self._closing = False
        self._sessions: set[str] = set()
        self._chromium = Chromium.current(webgl)
        try:
            self._start(width, height, dark, reduced_motion, javascript, scale)
        except BaseException:
            self.close()
            raise

    # --- life -------------------------------------------------------------------------------------------------------

    def _start(self, width: int, height: int, dark: bool, reduced_motion: bool, javascript: bool, scale: float) -> None:
        self._profile, page = self._chromium.open(width, height)
        self._socket = websocket.create_connection(
            f"ws://127.0.0.1:{self._chromium.port}/devtools/page/{page}", timeout=None, max_size=None)
        threading.Thread(target=self._listen, daemon=True).start()
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.send(f"{domain}.enable")
        # Workers have a network of their own: what they ask for counts too.
        self.send("Target.setAutoAttach", autoAttach=True, waitForDebuggerOnStart=False, flatten=True)
        # As if each page's window were the one in front.
        self.send("Emulation.setFocusEmulationEnabled", enabled=True)
        self.resize(width, height, scale)
        self._features = {
            "prefers-color-scheme": "dark" if dark else "light",
            "prefers-reduced-motion": "reduce" if reduced_motion else "no-preference",
        }
        self.media()
        self.send("Page.addScriptToEvaluateOnNewDocument", source=WATCH_MAP)
        if not javascript:
            self.send("Emulation.setScriptExecutionDisabled", value=True)

    def close(self) -> None:
        """Closes the page and drops its profile. May be called twice."""
        self._closing = True
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        if self._profile is not None:
            self._chromium.drop(self._profile)
            self._profile = None

    def __enter__(self) -> Browser:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # --- protocol ---------------------------------------------------------------------------------------------------

    def send(self, method: str, *, session: str | None = None, **parameters: Any) -> dict[str, Any]:
        """Sends a DevTools command and waits for its answer."""
        if self._socket is None:
            raise BrowserError("the browser is closed")
        with self._condition:
            self._number += 1
            number = self._number
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if session is not None:
            message["sessionId"] = session
        self._socket.send(json.dumps(message))
        with self._condition:
            if not self._condition.wait_for(lambda: number in self._answers or self._closing, LIMIT):
                raise BrowserError(f"{method}: no answer within {LIMIT} s")
            answer = self._answers.pop(number, None)
        if answer is None:
            raise BrowserError(f"{method}: the browser went away")
        if "error" in answer:
            raise BrowserError(f"{method}: {answer['error'].get('message')}")
        return answer["result"]

    def _listen(self) -> None:
        socket = self._socket
        while socket is not None and not self._closing:
            try:
                raw = socket.recv()
            except (OSError, websocket.WebSocketException):
                break
            if not raw:
                break
            message = json.loads(raw)
            with self._condition:
                if "id" in message:
                    self._answers[message["id"]] = message
                else:
                    self._note(message["method"], message.get("params", {}))
                self._condition.notify_all()
        with self._condition:
            self._closing = True
            self._condition.notify_all()

    def _note(self, event: str, parameters: dict[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])
            self._asked[parameters["requestId"]] = parameters["request"]["url"]
        elif event == "Network.loadingFinished":
            address = self._asked.get(parameters["requestId"])
            if address is not None:
                self.transferred[address] = self.transferred.get(address, 0) + int(parameters["encodedDataLength"])
        elif event == "Network.responseReceived":
            self.responses[parameters["response"]["url"]] = parameters["response"]["status"]
        elif event == "Tracing.dataCollected":
            self._trace.extend(parameters["value"])
        elif event == "Tracing.tracingComplete":
            self._traced += 1
        elif event == "Page.loadEventFired":
            self._loaded += 1
        elif event == "Runtime.consoleAPICalled":
            words = [str(part.get("value", part.get("description", ""))) for part in parameters["args"]]
            self.console.append((parameters["type"], " ".join(words)))
        elif event == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.console.append(("exception", details.get("exception", {}).get("description") or details["text"]))
        elif event == "Log.entryAdded":
            entry = parameters["entry"]
            self.console.append((entry["level"], f"{entry['source']}: {entry['text']} {entry.get('url', '')}".strip()))
        elif event == "Target.attachedToTarget" and parameters["sessionId"] not in self._sessions:
            self._sessions.add(parameters["sessionId"])
            # Not through send(): this is the listening thread, which must not wait for itself.
            for method in ("Network.enable", "Runtime.enable", "Log.enable"):
                self._number += 1
                message = {"id": self._number, "method": method, "params": {}, "sessionId": parameters["sessionId"]}
                if self._socket is not None:
                    self._socket.send(json.dumps(message))

    # --- the page ---------------------------------------------------------------------------------------------------

    def open(self, address: str) -> None:
        """Loads an address and waits for the load event."""
        before = self._loaded
        result = self.send("Page.navigate", url=address)
        if result.get("errorText"):
            raise BrowserError(f"{address}: {result['errorText']}")
        if "loaderId" not in result:
            return  # only the fragment changed
        with self._condition:
            if not self._condition.wait_for(lambda: self._loaded > before, LIMIT):
                raise BrowserError(f"{address}: not loaded within {LIMIT} s")

    def evaluate(self, expression: str) -> Any:
        """The value of a JavaScript expression (a promise is awaited), as JSON types."""
        result = self.send("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True, userGesture=True)
        if "exceptionDetails" in result:
            details = result["exceptionDetails"]
            raise BrowserError(details.get("exception", {}).get("description") or details["text"])
        return result["result"].get("value")

    def wait_for(self, expression: str) -> Any:
        """Waits until an expression is true; returns its value."""
        end = time.monotonic() + LIMIT
        problem = ""
        while time.monotonic() < end:
            try:
                value = self.evaluate(f"((value) => (value instanceof Node ? true : value))({expression})")
                if value:
                    return value
            except BrowserError as error:
                if self._closing:
                    raise
                problem = f" ({error})"  # between two pages there may be nothing to ask
            time.sleep(0.05)
        raise BrowserError(f"not true within {LIMIT} s: {expression}{problem}")

    def settle(self) -> None:
        """Waits until the page's map has drawn everything and stands still, and what follows from that is done."""
        self.evaluate(SETTLED)

    def click(self, selector: str) -> None:
        """Clicks with the mouse in the middle of the first element of a selector.

        Fails where the element is missing, has no size, or is covered by another: a person could not click it either.
        """
        found = self.evaluate(
            """(async (selector) => {
                const target = document.querySelector(selector);
                if (!target) return {problem: 'there is no such element'};
                target.scrollIntoView({block: 'nearest', inline: 'nearest', behavior: 'instant'});
                // What follows a scroll (the map resets its own) has happened after two frames.
                for (let frame = 0; frame < 2; frame += 1) await new Promise(requestAnimationFrame);
                const box = target.getBoundingClientRect();
                if (!box.width || !box.height) return {problem: 'it has no size'};
                const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
                const hit = document.elementFromPoint(x, y);
                if (!hit) return {problem: 'it is outside the window'};
                if (!target.contains(hit)) return {problem: `it is covered by ${hit.outerHTML.slice(0, 120)}`};
                return {x, y};
            })(%s)""" % json.dumps(selector)
        )
        if "problem" in found:
            raise BrowserError(f"cannot click {selector}: {found['problem']}")
        self.click_at(found["x"], found["y"])

    def click_at(self, x: float, y: float) -> None:
        """Clicks at a position of the window, in CSS pixels."""
        self.send("Input.dispatchMouseEvent", type="mouseMoved", x=x, y=y)
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, text: str) -> None:
        """Types text into what has the focus."""
        self.send("Input.insertText", text=text)

    def press(self, key: str, *, shift: bool = False, times: int = 1) -> None:
        """Presses a key: a name of KEYS, or a single character."""
        code, text = KEYS.get(key) or (CHARACTER_CODES.get(key, ord(key.upper()[0])), key if len(key) == 1 else None)
        name = " " if key == "Space" else key
        common = {"key": name, "code": key, "windowsVirtualKeyCode": code, "modifiers": 8 if shift else 0}
        for _ in range(times):
            extra = {} if text is None else {"text": text}
            self.send("Input.dispatchKeyEvent", type="keyDown", **common, **extra)
            self.send("Input.dispatchKeyEvent", type="keyUp", **common)

    def resize(self, width: int, height: int, scale: float = 1) -> None:
        """Sets the window's size in CSS pixels."""
        self.send("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)

    def media(self, kind: str = "", **features: str) -> None:
        """What the visitor's system asks for, such as `prefers_contrast="more"`; `kind` is "print" for paper."""
        self._features |= {name.replace("_", "-"): value for name, value in features.items()}
        wanted = [{"name": name, "value": value} for name, value in self._features.items()]
        self.send("Emulation.setEmulatedMedia", media=kind, features=wanted)

    def offline(self, isolated: bool = True) -> None:
        """Cuts the net for the page and its workers, or joins it again."""
        conditions = {"offline": isolated, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.send("Network.emulateNetworkConditions", **conditions)
        for session in list(self._sessions):
            try:
                self.send("Network.emulateNetworkConditions", session=session, **conditions)
            except BrowserError:
                continue  # a worker that has ended

    def position(self, longitude: float, latitude: float) -> None:
        """Lets the page know a position, as if the visitor had agreed."""
        self.send("Browser.grantPermissions", permissions=["geolocation"], browserContextId=self._profile)
        self.send("Emulation.setGeolocationOverride", longitude=longitude, latitude=latitude, accuracy=50)

    def screenshot(self, file: str | os.PathLike[str], *, full_page: bool = False) -> None:
        """Writes a PNG of the window, or of the whole page."""
        picture = self.send("Page.captureScreenshot", format="png", captureBeyondViewport=full_page)
        pathlib.Path(file).write_bytes(base64.b64decode(picture["data"]))

    def pixels(self) -> bytes:
        """The window as PNG bytes."""
        return base64.b64decode(self.send("Page.captureScreenshot", format="png")["data"])

    def tasks(self, action: Callable[[], None]) -> list[float]:
        """Processor time of every task that the page's main thread ran during an action, in milliseconds, longest first.

        Not the time on the clock: what else the machine does changes nothing.
        """
        self._trace.clear()
        before = self._traced
        categories = ["toplevel", "disabled-by-default-devtools.timeline", "__metadata"]
        self.send("Tracing.start", transferMode="ReportEvents", traceConfig={"includedCategories": categories, "excludedCategories": ["*"]})
        action()
        self.send("Tracing.end")
        with self._condition:
            if not self._condition.wait_for(lambda: self._traced > before, LIMIT):
                raise BrowserError(f"no trace within {LIMIT} s")
        page = {(event["pid"], event["tid"]) for event in self._trace if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"}
        spent = [event["tdur"] / 1000 for event in self._trace if event["name"] == "RunTask" and (event["pid"], event["tid"]) in page and "tdur" in event]
        if not spent:
            raise BrowserError("the trace has no task with its processor time")
        return sorted(spent, reverse=True)

    # --- what was seen ----------------------------------------------------------------------------------------------

    def requests_by_host(self) -> dict[str, list[str]]:
        """Every address that page and workers asked for, by host and port (`data:` and `blob:` are no requests)."""
        hosts: dict[str, list[str]] = {}
        for address in list(self.requests):
            parts = urllib.parse.urlsplit(address)
            if parts.scheme in ("http", "https", "ws", "wss"):
                hosts.setdefault(parts.netloc, []).append(address)
        return hosts

    def foreign_hosts(self) -> set[str]:
        """Hosts other than 127.0.0.1 that were asked, whether or not they answered."""
        return {host for host in self.requests_by_host() if host.split(":")[0] != "127.0.0.1"}

    def errors(self) -> list[str]:
        """Console errors, exceptions and policy violations."""
        return [text for level, text in list(self.console) if level in ("error", "exception", "assert")]

    def clear(self) -> None:
        """Forgets requests and messages seen so far."""
        self.requests.clear()
        self.responses.clear()
        self.transferred.clear()
        self.console.clear()
