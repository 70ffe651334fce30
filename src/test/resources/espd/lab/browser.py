"""Looks at a page with Chromium through its DevTools protocol, and prints what it saw as KEY=VALUE.

usage: browser.py URL DIRECTORY; the screenshots go to DIRECTORY
"""
import base64, json, os, pathlib, socket, struct, subprocess, sys, tempfile, time, urllib.request

URL, DIRECTORY = sys.argv[1], pathlib.Path(sys.argv[2])
PATIENCE = 60
WATCHED = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")

CELLS = """[...document.querySelectorAll('#child-sas tbody tr')].map(r => [...r.cells].map(c => c.textContent).join('|')).join('\\n')"""
POINTS = """[...document.querySelectorAll('#bits .line, #packets .line')].map(p => p.getAttribute('d').split('L').length).join(' ')"""
# WCAG 2.2, 1.4.3: of everything that has text of its own, the ratio to what it stands on.
CONTRAST = """(() => {
  const numbers = (c) => c.match(/[\\d.]+/g).map(Number);
  const light = (c) => numbers(c).slice(0, 3).map((v) => v / 255)
    .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const c = getComputedStyle(e).backgroundColor;
      if (numbers(c)[3] !== 0) return c;
    }
    return 'rgb(255, 255, 255)';
  };
  let worst = [99, ''];
  for (const e of document.body.querySelectorAll('*')) {
    const own = [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim());
    if (!own || !e.getClientRects().length || e.closest('noscript, .hidden, .skip')) continue;
    const style = getComputedStyle(e);
    const [a, b] = [light(e instanceof SVGElement ? style.fill : style.color), light(ground(e))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    if (ratio < worst[0]) worst = [ratio, e.tagName + ' ' + e.textContent.slice(0, 40)];
  }
  return worst[0].toFixed(2) + ' ' + worst[1];
})()"""


class Page:
    """One page of a browser: commands go out, answers and events come in."""

    def __init__(self, url):
        host, path = url.removeprefix("ws://").split("/", 1)
        name, port = host.rsplit(":", 1)
        self.socket = socket.create_connection((name, int(port)))
        key = base64.b64encode(os.urandom(16)).decode()
        self.socket.sendall(
            f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode())
        self.input = self.socket.makefile("rb")
        while self.input.readline() not in (b"\r\n", b""):
            pass
        self.number = 0
        self.complaints = []
        self.requests = []

    def receive(self):
        whole = b""
        while True:
            first, length = self.input.read(2)
            if length == 126:
                length = struct.unpack(">H", self.input.read(2))[0]
            elif length == 127:
                length = struct.unpack(">Q", self.input.read(8))[0]
            whole += self.input.read(length)
            if first & 0x80:
                return json.loads(whole)

    def call(self, method, **parameters):
        self.number += 1
        text = json.dumps({"id": self.number, "method": method, "params": parameters}).encode()
        # A mask of zeros leaves the octets as they are.
        self.socket.sendall(struct.pack(">BBH4x", 0x81, 0x80 | 126, len(text)) + text)
        while True:
            message = self.receive()
            if message.get("id") == self.number:
                return message["result"]
            if message["method"] in WATCHED:
                self.complaints.append(json.dumps(message["params"])[:300])
            if message["method"] == "Network.requestWillBeSent":
                self.requests.append(message["params"]["request"]["url"])

    def value(self, expression):
        return self.call("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def wait(self, expression):
        deadline = time.monotonic() + PATIENCE
        while not self.value(expression):
            if time.monotonic() > deadline:
                sys.exit("never so: " + expression)
            time.sleep(0.2)


def tell(key, value):
    print(f"{key}={json.dumps(value)}", flush=True)


def look(page):
    for domain in ("Runtime", "Log", "Page", "Network", "Accessibility"):
        page.call(domain + ".enable")
    page.call("Page.navigate", url=URL)
    page.wait("document.querySelectorAll('#child-sas tbody tr').length > 1")
    tell("first", page.value(CELLS))
    page.wait(f"({POINTS}).split(' ').filter(n => n > 4).length === 4")
    tell("later", page.value(CELLS))
    tell("title", page.value("document.title"))
    tell("link", page.value("document.getElementById('link').textContent"))
    tell("identity", page.value("document.querySelector('#ike-sas tbody tr').cells[2].textContent"))
    tell("events", page.value("document.querySelector('#events tbody').innerText"))
    tell("now", page.value("document.getElementById('now').innerText"))
    tell("scripts", page.value("document.scripts.length"))
    tell("headless-columns", page.value(
        "[...document.querySelectorAll('th')].filter(h => !h.scope || !h.textContent).length"))
    tell("captions", page.value(
        "[...document.querySelectorAll('table')].filter(t => t.caption?.textContent).length"))
    nodes = page.call("Accessibility.getFullAXTree")["nodes"]
    role = lambda node: node.get("role", {}).get("value", "")
    named = {"combobox", "image", "img", "link", "table", "heading", "region"}
    tell("nameless", [role(n) for n in nodes if not n["ignored"] and role(n) in named
                      and not n.get("name", {}).get("value")])
    tell("roles", sorted({role(n) for n in nodes if not n["ignored"]}))
    for scheme in ("light", "dark"):
        page.call("Emulation.setEmulatedMedia",
                  features=[{"name": "prefers-color-scheme", "value": scheme}])
        for width, height in ((1440, 1500), (390, 3000)):
            page.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                      deviceScaleFactor=1, mobile=width < 500)
            time.sleep(0.7)
            tell(f"contrast-{scheme}-{width}", page.value(CONTRAST))
            tell(f"width-{scheme}-{width}", page.value("document.documentElement.scrollWidth"))
            shot = page.call("Page.captureScreenshot", format="png")["data"]
            (DIRECTORY / f"status-{scheme}-{width}.png").write_bytes(base64.b64decode(shot))
    tell("complaints", page.complaints)
    tell("requests", sorted(set(page.requests)))


with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as own:
    browser = subprocess.Popen(
        ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--no-proxy-server",
         "--no-first-run", "--user-data-dir=" + own, "--remote-debugging-port=0", "about:blank"],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        port = pathlib.Path(own) / "DevToolsActivePort"
        deadline = time.monotonic() + PATIENCE
        while not (port.exists() and port.read_text().count("\n")):
            if time.monotonic() > deadline:
                sys.exit("Chromium did not start")
            time.sleep(0.1)
        base = "http://127.0.0.1:" + port.read_text().split("\n")[0]
        tabs = json.load(urllib.request.urlopen(base + "/json"))
        look(Page(next(t for t in tabs if t["type"] == "page")["webSocketDebuggerUrl"]))
    finally:
        browser.terminate()
        browser.wait()
