"""A real browser, a real server: what a reader does works, and nothing else happens.

Needs Debian's chromium and chromium-driver.  The searcher is the fake one, over the loopback
interface, except in the journey at the end, which runs the command over `corpus/`.
"""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
from fake_searcher import LONG, SAMPLES, FakeSearcher, make
from web_client import serving

from indexer.bulletin import Block
from indexer.settings import Settings
from webui import create_app

pytest.importorskip("selenium")
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM, DRIVER = Path("/usr/bin/chromium"), Path("/usr/bin/chromedriver")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (CHROMIUM.exists() and DRIVER.exists()), reason="needs chromium and chromium-driver"
    ),
]
QUIET = (
    *("--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    "--accept-lang=zh-CN",
)
DEEP = make(
    "b-0000000000dd",
    77,
    "2020-06-01",
    "一篇很长的简报",
    *(Block(LONG.replace("复工", "返岗")) for _ in range(40)),
    Block("很长的一段。" * 200 + "这里才说到复工复产。"),
)
TWICE = tuple(
    make(f"b-0000000000{n}e", n, "2019-06-01", f"转来转去{n}", Block(LONG.replace("复工", "返工")))
    for n in (1, 2)
)
BULLETINS = (*SAMPLES, DEEP, *TWICE)
JOURNEY = ("复工复产", "第27期", "青屿市质量协会")


class HostPages(BaseHTTPRequestHandler):
    """Another site: `/CODE` shows the page whose body is in `bodies`."""

    bodies: ClassVar[dict[str, str]] = {}

    def do_GET(self):
        body = self.bodies.get(self.path, "")
        page = (
            f"<!doctype html><html><meta charset=utf-8><link rel=icon href='data:,'>{body}</html>"
        )
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(page.encode())

    def log_message(self, *args):
        pass


@pytest.fixture(scope="module")
def host():
    """The address of another site, on another port."""
    with ThreadingHTTPServer(("127.0.0.1", 0), HostPages) as site:
        threading.Thread(target=site.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{site.server_address[1]}"
        site.shutdown()


@pytest.fixture(scope="module")
def home(host):
    """The address of our site, which lets `host` embed it."""
    settings = Settings(port=0, embed_origins=(host,))
    searcher = FakeSearcher(bulletins=BULLETINS)
    app = create_app(settings, lambda _: searcher, lambda _: searcher.generation)
    with serving(app, settings) as address:
        yield address


@pytest.fixture(scope="module")
def chromium(tmp_path_factory):
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*QUIET, f"--user-data-dir={tmp_path_factory.mktemp('profile')}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    service = webdriver.ChromeService(str(DRIVER))
    with webdriver.Chrome(options=options, service=service) as browser:
        yield browser


@pytest.fixture
def browser(chromium):
    """A browser window; whatever it complains about in its console fails the test."""
    size(chromium, 1440, 900)
    script(chromium, True)
    yield chromium
    complaints = [entry["message"] for entry in chromium.get_log("browser")]
    chromium.get("about:blank")
    assert complaints == []


def size(browser, width, height):
    screen = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", screen)


def script(browser, on):
    browser.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not on})


def find(browser, selector, text=""):
    """Return the first visible element of `selector` that has `text`, waiting for it."""

    def found(browser):
        elements = browser.find_elements(By.CSS_SELECTOR, selector)
        return next((e for e in elements if text in e.text and e.is_displayed()), None)

    # A list that is being filled anew takes its elements away while they are looked at.
    waiting = WebDriverWait(browser, 10, ignored_exceptions=[StaleElementReferenceException])
    return waiting.until(found, f"no {selector} with {text!r}")


def texts(browser, selector):
    return [element.text for element in browser.find_elements(By.CSS_SELECTOR, selector)]


def in_sight(browser, selector="main mark"):
    """Return the elements that stand wholly inside the window, below what sticks to its top."""
    return browser.execute_script(
        """const bar = document.querySelector(".hits");
        const top = bar ? Math.max(0, bar.getBoundingClientRect().bottom) : 0;
        return [...document.querySelectorAll(arguments[0])].filter((element) => {
          const box = element.getBoundingClientRect();
          return box.top >= top && box.bottom <= innerHeight && box.left >= 0
            && box.right <= innerWidth && box.width > 0;
        }).map((element) => element.textContent);""",
        selector,
    )


def wait_for(browser, condition):
    return WebDriverWait(browser, 10).until(lambda _: condition())


def narrow(browser, name, label):
    """Choose the first value of the facet `name` that has `label` in it; return its label."""
    facets = browser.find_elements(By.CSS_SELECTOR, ".facets > section")
    facet = next(f for f in facets if f.find_element(By.CSS_SELECTOR, "h2").text == name)
    links = facet.find_elements(By.CSS_SELECTOR, "a")
    link = next(link for link in links if label in link.text)
    chosen = link.find_element(By.CSS_SELECTOR, ".label").text
    count = link.find_element(By.CSS_SELECTOR, ".count").text
    link.click()
    find(browser, ".chips", chosen)
    assert f"找到 {count} 篇" in find(browser, ".summary").text
    return chosen


def travel(browser, home, words, issue="第", organization=""):
    """Search, narrow by an issue and an organization, open a hit, see a mark, go back."""
    browser.get(home)
    find(browser, "#q").send_keys(words, Keys.ENTER)
    find(browser, ".hit mark", words)
    narrow(browser, "期号", issue)
    organization = narrow(browser, "单位", organization)
    find(browser, ".hit h3 a").click()
    find(browser, "article.bulletin")
    wait_for(browser, lambda: words in in_sight(browser))
    find(browser, ".back").click()
    assert organization in find(browser, ".chips").text


@pytest.mark.parametrize("width", [1440, 1000])
def test_a_reader_searches_narrows_opens_and_sees_the_mark(browser, home, width):
    size(browser, width, 900)
    travel(browser, home, *JOURNEY)


def test_a_reader_without_javascript_does_the_same(browser, home):
    script(browser, False)
    travel(browser, home, *JOURNEY)
    browser.get(f"{home}/b/b-000000000027?q=复工复产")
    assert texts(browser, ".jumps a") == ["1", "2", "3", "4"]
    assert not browser.find_element(By.CSS_SELECTOR, ".cite").is_displayed()
    find(browser, ".jumps a", "4").click()
    wait_for(browser, lambda: in_sight(browser, "#m4") == ["复工复产"])


def test_a_reader_on_a_telephone_unfolds_the_filters(browser, home):
    size(browser, 390, 844)
    browser.get(f"{home}/?q=复工复产")
    assert not browser.find_element(By.CSS_SELECTOR, ".facets a").is_displayed()
    find(browser, ".facets > summary").click()
    find(browser, ".facets a", "第27期").click()
    find(browser, ".hit h3 a").click()
    wait_for(browser, lambda: "复工复产" in in_sight(browser))


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844), (320, 568)])
@pytest.mark.parametrize("number", [45, 5])
def test_a_link_to_a_paragraph_shows_its_hit_or_its_beginning(browser, home, width, height, number):
    """Paragraph 45 is longer than the window, with its only hit in the last line."""
    size(browser, width, height)
    browser.get(f"{home}/b/{DEEP.id}?q=复工复产#p{number}")
    find(browser, ".steps")
    if number == 45:
        wait_for(browser, lambda: in_sight(browser) == ["复工复产"])
    else:
        wait_for(browser, lambda: in_sight(browser, f"#p{number} .number"))


def test_hits_are_stepped_through_round_and_round(browser, home):
    browser.get(f"{home}/b/b-000000000027?q=复工复产")
    seen = []
    for _ in range(5):
        seen.append(wait_for(browser, lambda: find(browser, ".hits .position", "/").text))
        assert in_sight(browser, "mark.current") == ["复工复产"]
        find(browser, "[data-step='1']").click()
    assert seen == ["第 1/4 处", "第 2/4 处", "第 3/4 处", "第 4/4 处", "第 1/4 处"]


def test_a_citation_is_copied(browser, home):
    grant = {"origin": home, "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]}
    browser.execute_cdp_cmd("Browser.grantPermissions", grant)
    browser.get(f"{home}/b/b-000000000027?q=复工复产#p7")
    find(browser, ".cite").click()
    find(browser, ".cite", "已复制")
    copied = browser.execute_async_script(
        "const done = arguments[0]; navigator.clipboard.readText().then(done, done)"
    )
    assert copied == (
        "云岭省质量促进会办公室. 齐心协力，助力复工复产. 云岭质量简报第27期，2020-03-18. "
        f"第 7 段. {home}/b/b-000000000027#p7"
    )


def test_a_slash_leads_to_the_box_and_is_not_typed_there(browser, home):
    browser.get(f"{home}/?q=复工")
    find(browser, "body").send_keys("/")
    assert browser.switch_to.active_element.get_attribute("id") == "q"
    browser.switch_to.active_element.send_keys("a/b")
    assert find(browser, "#q").get_attribute("value") == "a/b"


def test_another_way_to_match_searches_at_once(browser, home):
    browser.get(f"{home}/?q=复工复产")
    find(browser, ".modes label", "逐字").click()
    wait_for(browser, lambda: "mode=exact" in browser.current_url)
    assert "from=" not in browser.current_url, "empty fields are not sent"


def compose(browser, letters):
    """Let an input method show `letters` in the box, not yet taken over."""
    ends = {"selectionStart": len(letters), "selectionEnd": len(letters)}
    browser.execute_cdp_cmd("Input.imeSetComposition", {"text": letters, **ends})


def key_of_the_input_method(browser, key):
    """Press a key that the input method takes: code 229, whatever the key."""
    press = {"type": "rawKeyDown", "key": key, "windowsVirtualKeyCode": 229}
    browser.execute_cdp_cmd("Input.dispatchKeyEvent", press)
    browser.execute_cdp_cmd("Input.dispatchKeyEvent", press | {"type": "keyUp"})


def completions(browser):
    return [text.splitlines()[0] for text in texts(browser, "[role=option]")]


def test_what_is_typed_is_completed_and_the_arrows_choose(browser, home):
    browser.get(home)
    box = find(browser, "#q")
    assert box.get_attribute("role") == "combobox"
    box.send_keys("fugong")
    find(browser, "[role=option]", "复工复产")
    assert completions(browser) == ["复工复产", "复工指南"]
    assert box.get_attribute("aria-expanded") == "true"
    box.send_keys(Keys.ARROW_DOWN, Keys.ARROW_DOWN)
    chosen = find(browser, "[aria-selected=true]")
    assert box.get_attribute("aria-activedescendant") == chosen.get_attribute("id")
    assert "复工指南" in chosen.text
    assert box.get_attribute("value") == "fugong", "nothing is put in before it is taken"
    box.send_keys(Keys.ARROW_UP, Keys.ENTER)
    find(browser, ".hit mark", "复工复产")
    assert find(browser, "#q").get_attribute("value") == "复工复产"


def test_escape_closes_the_list_and_leaves_what_was_typed(browser, home):
    browser.get(home)
    box = find(browser, "#q")
    box.send_keys("复")
    find(browser, "[role=option]")
    box.send_keys(Keys.ESCAPE)
    assert not browser.find_elements(By.CSS_SELECTOR, "[role=option]")
    assert box.get_attribute("value") == "复"
    assert box.get_attribute("aria-expanded") == "false"
    box.send_keys(Keys.ENTER)
    wait_for(browser, lambda: "q=" in browser.current_url)
    assert find(browser, "#q").get_attribute("value") == "复"


def test_the_letters_of_an_input_method_are_completed_and_its_enter_does_not_search(browser, home):
    browser.get(home)
    before = browser.current_url
    box = find(browser, "#q")
    box.click()
    compose(browser, "fu'gong")
    find(browser, "[role=option]", "复工复产")
    key_of_the_input_method(browser, "ArrowDown")
    key_of_the_input_method(browser, "Enter")
    assert not browser.find_elements(By.CSS_SELECTOR, "[aria-selected=true]")
    browser.execute_cdp_cmd("Input.insertText", {"text": "复工"})
    find(browser, "[role=option]", "复工指南")
    assert browser.current_url == before
    assert box.get_attribute("value") == "复工"
    box.send_keys(Keys.ENTER)
    wait_for(browser, lambda: browser.current_url != before)
    assert find(browser, "#q").get_attribute("value") == "复工"


def test_a_suggestion_may_be_touched_also_while_an_input_method_composes(browser, home):
    size(browser, 390, 844)
    browser.get(home)
    find(browser, "#q").click()
    compose(browser, "fugong")
    find(browser, "[role=option]", "复工指南").click()
    wait_for(browser, lambda: "q=" in browser.current_url)
    assert find(browser, "#q").get_attribute("value") == "复工指南"


def test_the_last_term_is_completed_and_hostile_text_is_shown_as_text(browser, home):
    browser.get(home)
    box = find(browser, "#q")
    box.send_keys("口罩 alert")
    row = find(browser, "[role=option]", "<script>")
    assert len(row.find_elements(By.CSS_SELECTOR, "img, script")) == 0
    assert browser.execute_script("return document.documentElement.scrollWidth") <= 1440
    row.click()
    wait_for(browser, lambda: "q=" in browser.current_url)
    assert find(browser, "#q").get_attribute("value").startswith("口罩 <script>")


def test_suggestions_come_for_what_stands_in_the_box_and_not_for_what_did(browser, home):
    browser.get(home)
    box = find(browser, "#q")
    box.send_keys("fugong", Keys.BACKSPACE * 6, "青")
    find(browser, "[role=option]", "青屿市质量协会")
    assert completions(browser) == ["青屿市质量协会"]
    browser.execute_script("arguments[0].blur()", box)
    assert not browser.find_elements(By.CSS_SELECTOR, "[role=option]")


def test_what_is_like_a_bulletin_comes_by_itself_and_leads_to_the_passage_marked(browser, home):
    browser.get(f"{home}/b/{TWICE[0].id}")
    section = browser.find_element(By.CSS_SELECTOR, "section.relatives")
    browser.execute_script("arguments[0].scrollIntoView()", section)
    find(browser, ".relatives .related a", "那篇第 5 段").click()
    wait_for(browser, lambda: TWICE[1].id in browser.current_url)
    mark = find(browser, ".bulletin #p5 mark")
    assert mark.text == LONG.replace("复工", "返工")
    assert TWICE[0].title in find(browser, ".hits").text


def test_a_bar_is_clicked_and_leads_to_its_bulletins(browser, home):
    browser.get(f"{home}/?q=复工复产")
    find(browser, ".views a", "趋势").click()
    find(browser, ".sorts a", "年份").click()
    find(browser, ".sorts a[aria-current]", "年份")
    browser.find_element(By.CSS_SELECTOR, ".chart rect").click()
    find(browser, ".chips", "2020")
    assert texts(browser, ".hit h3")


def test_a_line_is_clicked_and_leads_to_its_place(browser, home):
    browser.get(f"{home}/concordance?q=复工复产&mode=exact")
    assert len(texts(browser, ".kwic tbody tr")) > 2
    find(browser, ".kwic .match a").click()
    find(browser, ".bulletin mark", "复工复产")
    assert in_sight(browser, ".bulletin mark")


def test_without_scripts_a_link_leads_to_what_is_like_a_bulletin(browser, home):
    script(browser, False)
    browser.get(f"{home}/b/{TWICE[0].id}")
    find(browser, ".relatives a", "看看有没有").click()
    wait_for(browser, lambda: browser.current_url.endswith("/similar"))
    assert "日期在前，可能是出处" in find(browser, ".related").text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("width", [320, 390, 800, 1440])
def test_no_page_scrolls_sideways(browser, home, width, language):
    size(browser, width, 700)
    for path in (
        "/?q=复工",
        "/?q=alert",
        "/b/b-000000000027?q=复工复产",
        "/b/b-0000000000ff?q=alert",
        "/help?",
        "/b/b-000000000027/similar?",
        "/b/b-0000000000ff/similar?",
        "/concordance?q=复工",
        "/concordance?q=alert",
        "/trends?q=复工 alert 没有",
        "/trends?q=复工 alert&by=series",
        "/embed?q=复工",
        "/?q=没有",
    ):
        browser.get(f"{home}{path}&lang={language}")
        width_of_page = browser.execute_script("return document.documentElement.scrollWidth")
        assert width_of_page <= width, path


def test_hostile_text_makes_no_element_and_runs_nothing(browser, home):
    for path in (
        "/?q=alert",
        "/b/b-0000000000ff?q=script>",
        "/embed?q=alert&box=1",
        "/?q=<svg onload=alert(3)>",
    ):
        browser.get(home + path)
        find(browser, "main")
        strangers = browser.execute_script(
            "return document.querySelectorAll(arguments[0]).length",
            "img, svg, script:not([src]), [onerror], [onload]",
        )
        assert strangers == 0


def embedded(browser, host, home, **data):
    """Show a page of `host` with our one line in it, and return its iframe."""
    attributes = "".join(f' data-{name}="{value}"' for name, value in data.items())
    line = f'<script src="{home}/embed.js"{attributes} async></script>'
    HostPages.bodies["/page"] = f"<p>别人的网页</p>{line}<p id=after>下文</p>"
    browser.get(f"{host}/page")
    return find(browser, "iframe")


def test_a_listed_site_shows_live_results_in_its_page(browser, host, home):
    frame = embedded(browser, host, home, q="复工复产", issue="27|8", size="5", theme="light")
    wait_for(browser, lambda: frame.rect["height"] not in (0, 192))
    neighbours = browser.execute_script(
        "const {previousElementSibling: a, nextElementSibling: b} = arguments[0];"
        "return [a.tagName, b.id]",
        frame,
    )
    assert neighbours == ["SCRIPT", "after"], "the frame stands at the place of its line"
    browser.switch_to.frame(frame)
    assert texts(browser, ".hit h3") == ["齐心协力，助力复工复产"]
    inner = browser.execute_script("return [document.body.scrollHeight, innerHeight]")
    assert inner[0] <= inner[1] + 1, "the frame is as high as its contents"
    find(browser, ".hit h3 a").click()
    browser.switch_to.default_content()
    wait_for(browser, lambda: len(browser.window_handles) == 2)
    page, opened = browser.window_handles
    browser.switch_to.window(opened)
    find(browser, "article.bulletin")
    assert browser.execute_script("return window.opener") is None
    browser.close()
    browser.switch_to.window(page)


def test_a_listed_site_shows_a_search_box_that_works(browser, host, home):
    frame = embedded(browser, host, home, box="", lang="en")
    wait_for(browser, lambda: 30 < frame.rect["height"] < 150)
    browser.switch_to.frame(frame)
    find(browser, "#q").send_keys("复工复产", Keys.ENTER)
    find(browser, ".hit mark", "复工复产")
    browser.switch_to.default_content()
    wait_for(browser, lambda: frame.rect["height"] > 300)


def test_a_height_is_believed_only_from_the_frame_itself(browser, host, home):
    frame = embedded(browser, host, home, q="复工复产", size="1")
    wait_for(browser, lambda: frame.rect["height"] not in (0, 192))
    before = frame.rect["height"]
    browser.execute_script("window.postMessage({type: 'jianbao:height', height: 7}, '*')")
    browser.execute_async_script("setTimeout(arguments[0], 200)")
    assert frame.rect["height"] == before


def test_a_site_that_is_not_listed_shows_nothing(browser, host, home):
    stranger = host.replace("127.0.0.1", "localhost")
    frame = embedded(browser, stranger, home, q="复工复产")
    browser.switch_to.frame(frame)
    assert "复工复产" not in browser.page_source
    assert not browser.find_elements(By.CSS_SELECTOR, ".hit")
    browser.switch_to.default_content()
    complaints = [entry["message"] for entry in browser.get_log("browser")]
    assert any("frame-ancestors" in message for message in complaints)


def test_only_a_listed_site_may_ask_the_api(browser, host, home):
    HostPages.bodies["/empty"] = ""
    ask = """const done = arguments[1];
        fetch(arguments[0]).then((answer) => answer.json())
          .then((json) => done(json.total), () => done("refused"));"""
    browser.get(f"{host}/empty")
    assert browser.execute_async_script(ask, f"{home}/api/v1/search?q=复工复产&issue=27") == 1
    browser.get(f"{host.replace('127.0.0.1', 'localhost')}/empty")
    assert browser.execute_async_script(ask, f"{home}/api/v1/search") == "refused"
    assert any("CORS" in entry["message"] for entry in browser.get_log("browser"))


def test_the_command_rebuilds_the_sample_corpus_and_serves_it(browser, tmp_path):
    index = ("--index", str(tmp_path / "index"))
    jianbao = (sys.executable, "-m", "indexer")
    corpus = str(Path(__file__).parent.parent / "corpus")
    subprocess.run([*jianbao, "rebuild", corpus, *index], check=True, timeout=300)
    command = [*jianbao, "serve", "--port", "0", *index]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as running:
        try:
            said = next(
                filter(None, (re.search(r"http://\S+:\d+", line) for line in running.stderr))
            )
            travel(browser, said[0], "复工复产")
        finally:
            running.terminate()
