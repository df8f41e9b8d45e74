"""axe-core on a page, with complaints that say where and how to mend."""

from playwright.sync_api import Page

from tests.files import ROOT

SCRIPT = ROOT / "tests" / "vendor" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = """async (rules) => {
  // axe would fetch style sheets of other origins; to a file every other file is one.
  const preload = location.protocol !== "file:";
  const found = await axe.run(document, {preload, runOnly: {type: "tag", values: rules}});
  return found.violations.map((v) => ({
    rule: v.id, help: v.help, impact: v.impact,
    nodes: v.nodes.map((n) => [n.target.join(" "), n.html.slice(0, 160), n.failureSummary]),
  }));
}"""


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with the page as it is shown now, one text per element."""
    if not page.evaluate("'axe' in window"):
        # By evaluate, since the content policy rightly refuses a script element from elsewhere.
        page.evaluate(SCRIPT.read_text(encoding="utf-8"))
    return [
        f"{one['rule']} ({one['impact']}): {one['help']}\n  at {target}\n  {html}\n  {summary}"
        for one in page.evaluate(RUN, RULES)
        for target, html, summary in one["nodes"]
    ]
