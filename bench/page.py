"""How soon the page can be used once a server is ready: from going to its address to a box with the focus on it.

    python -m bench.page [--archive million]

Each visit is a new browser profile's, so nothing is cached; the first is the server's first request. ``known`` is when
the page also says what the archive holds, which may come later: one can type before.
"""

import argparse
from statistics import median

from playwright.sync_api import sync_playwright

from bench.measuring import WORK, save
from bench.serving import served
from qa.server.routes.status import WEB
from tests.browsing import ARGUMENTS, CHROMIUM

VISITS = 20
_USABLE = """() => document.activeElement?.id === "question" && performance.now()"""
_KNOWN = """() => document.getElementById("about")?.textContent && performance.now()"""


def main() -> None:
    """Measure, print and keep."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--archive", default="million", help="one of those under .bench")
    archive = parser.parse_args().archive
    usable: list[float] = []
    known: list[float] = []
    with served(WORK / archive) as (_, port, ready), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for _ in range(VISITS):
            context = browser.new_context()
            page = context.new_page()
            page.goto(f"http://127.0.0.1:{port}/", wait_until="commit")
            # Milliseconds since the visit began, by the page's own clock, looked at with each frame.
            usable.append(page.wait_for_function(_USABLE).json_value())
            known.append(page.wait_for_function(_KNOWN).json_value())
            context.close()
        browser.close()
    figures = {
        "archive": archive,
        "server_ready_s": round(ready, 2),
        "bytes": sum(path.stat().st_size for path in WEB.iterdir()),
        "milliseconds": {
            name: {"first": round(laps[0]), "median": round(median(laps)), "most": round(max(laps))}
            for name, laps in (("usable", usable), ("known", known))
        },
    }
    save("page", f"python -m bench.page --archive {archive}", figures)


if __name__ == "__main__":
    main()
