"""What axe-core finds against WCAG 2.1 A and AA."""

import json

from project import ROOT

SCRIPT = ROOT / ".cache" / "axe" / "axe.min.js"
# WCAG 2.0, 2.1 at levels A and AA.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
# Those among them that another theme may break.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def violations(browser, rules=RULES):
    """What axe-core finds on the page as it stands: rules with their elements."""
    if not browser.evaluate("'axe' in window"):
        browser.evaluate(SCRIPT.read_text(encoding="utf-8") + ";undefined")
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    return browser.evaluate(
        "axe.run(document, %s).then(r => r.violations.map("
        "v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' + n.failureSummary.slice(0, 200)).join(' | ')))"
        % json.dumps(options))
