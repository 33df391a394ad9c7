"""A headless Chromium, spoken to over a pipe (--remote-debugging-pipe): one page, and what it complained of."""

import json
import os
import select
import shutil
import subprocess
import tempfile
import time

PATIENCE_S = 120
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")


class Failed(Exception):
    pass


def find():
    named = os.environ.get("COMPILER_CACHE_TEST_BROWSER")
    return named or next((path for path in map(shutil.which, NAMES) if path), None)


class Browser:
    def __init__(self, program):
        self.folder = tempfile.mkdtemp(prefix="compiler-cache-browser-")
        (to_read, self.write), (self.read, to_write) = os.pipe(), os.pipe()

        def arrange():  # the program reads from 3 and writes to 4; the ends that it gets may be one of these
            first, second = os.dup(to_read), os.dup(to_write)
            first, second = (os.dup(fd) if fd in (3, 4) else fd for fd in (first, second))
            os.dup2(first, 3)
            os.dup2(second, 4)

        self.process = subprocess.Popen(
            [program, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
             "--disable-dev-shm-usage", "--disable-background-networking", "--remote-debugging-pipe",
             f"--user-data-dir={self.folder}/profile", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, preexec_fn=arrange,
            close_fds=False, start_new_session=True)
        os.close(to_read)
        os.close(to_write)
        self.bytes, self.number, self.session, self.complaints, self.requests, self.events = b"", 0, None, [], [], []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(domain + ".enable")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.read)
        os.close(self.write)
        shutil.rmtree(self.folder, ignore_errors=True)

    def message(self, until):
        while b"\0" not in self.bytes:
            if not select.select([self.read], [], [], max(0, until - time.monotonic()))[0]:
                raise Failed("the browser does not answer")
            more = os.read(self.read, 1 << 20)
            if not more:
                raise Failed("the browser has ended")
            self.bytes += more
        message, self.bytes = self.bytes.split(b"\0", 1)
        return json.loads(message)

    def note(self, event):
        method, what = event.get("method"), event.get("params", {})
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            self.complaints.append(json.dumps(what["exceptionDetails"]))
        elif method == "Runtime.consoleAPICalled" and what["type"] in ("error", "warning", "assert"):
            self.complaints.append(json.dumps(what["args"]))
        elif method == "Log.entryAdded":
            self.complaints.append(what["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(what["request"]["url"])

    def call(self, method, **parameters):
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write, json.dumps(request).encode() + b"\0")
        until = time.monotonic() + PATIENCE_S
        while True:
            answer = self.message(until)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise Failed(f"{method}: {answer['error']}")
                return answer["result"]
            self.note(answer)

    def js(self, expression):
        """The value of an expression, which may be a promise."""
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise Failed(f"{expression}: {done['exceptionDetails'].get('exception', {}).get('description')}")
        return done["result"].get("value")

    def wait(self, expression, what):
        until = time.monotonic() + PATIENCE_S
        while not self.js(expression):
            if time.monotonic() > until:
                raise Failed(f"not in time: {what}")
            time.sleep(0.05)

    def open(self, url):
        """The report at this address, once it is drawn."""
        self.call("Page.navigate", url=url)
        self.wait("document.documentElement?.dataset.ready === 'true' && document.readyState === 'complete'", "the page")

    def size(self, width, height, scale=1):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=scale, mobile=False)
        self.js("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def prefer(self, scheme, media=""):
        self.call("Emulation.setEmulatedMedia", media=media, features=[{"name": "prefers-color-scheme", "value": scheme}])

    def key(self, key, code=None, modifiers=0):
        text = {"Enter": "\r", " ": " "}.get(key, key if len(key) == 1 else "")
        codes = {"Tab": 9, "Enter": 13, "ArrowLeft": 37, "ArrowRight": 39}
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=code or key, modifiers=modifiers,
                      windowsVirtualKeyCode=codes.get(key, 0), **({"text": text} if text and kind == "keyDown" else {}))

    def click(self, selector):
        """By the mouse, where the element is."""
        place = self.js(f"(() => {{ const it = document.querySelector({json.dumps(selector)}); it.scrollIntoView({{block: 'center', "
                        "behavior: 'instant'}); const box = it.getBoundingClientRect(); "
                        "return [box.left + box.width / 2, box.top + box.height / 2]; })()")
        for kind in ("mousePressed", "mouseReleased"):
            self.call("Input.dispatchMouseEvent", type=kind, x=place[0], y=place[1], button="left", clickCount=1)
