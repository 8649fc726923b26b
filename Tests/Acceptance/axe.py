"""What axe-core finds against WCAG 2.1 A and AA."""

import json

from project import ROOT

SCRIPT = ROOT / ".cache" / "axe" / "axe.min.js"
# WCAG 2.0, 2.1 at levels A and AA.
RULES = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}
# Those among them that another theme may break.
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
THEMES = {
    "dark": {"prefers_color_scheme": "dark"},
    "high contrast": {"prefers_contrast": "more"},
    "high contrast, dark": {"prefers_contrast": "more", "prefers_color_scheme": "dark"},
    "forced colours": {"forced_colors": "active"},
    "forced colours, dark": {"forced_colors": "active", "prefers_color_scheme": "dark"},
}
PLAIN = {"prefers_color_scheme": "light", "prefers_contrast": "no-preference", "forced_colors": "none"}

# Texts whose colours are nearer to each other than WCAG 1.4.3 allows, as the browser computes them.
FAINT = """(() => {
    const parts = colour => colour.match(/[\\d.]+/g).map(Number);
    const light = colour => {
        const [r, g, b] = parts(colour).map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const found = [];
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
        const element = walker.currentNode.parentElement;
        if (!walker.currentNode.data.trim() || !element.getClientRects().length || element.closest('svg')) continue;
        let ground = element;
        const opaque = e => (parts(getComputedStyle(e).backgroundColor)[3] ?? 1) > 0;
        while (ground.parentElement && !opaque(ground)) ground = ground.parentElement;
        const [a, b] = [light(getComputedStyle(element).color), light(getComputedStyle(ground).backgroundColor)];
        const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
        if (ratio < 4.5) found.push(`${ratio.toFixed(2)}: ${element.outerHTML.slice(0, 120)}`);
    }
    return found;
})()"""


def violations(browser, rules=RULES):
    """What axe-core finds on the page as it stands: rules with their elements."""
    if not browser.evaluate("'axe' in window"):
        browser.evaluate(SCRIPT.read_text(encoding="utf-8") + ";undefined")
    options = {"runOnly": rules, "resultTypes": ["violations"]}
    return browser.evaluate(
        "axe.run(document, %s).then(r => r.violations.map("
        "v => v.id + ': ' + v.nodes.map(n => n.html.slice(0, 160) + ' ' + n.failureSummary.slice(0, 200)).join(' | ')))"
        % json.dumps(options))


def in_themes(browser, themes=THEMES):
    """What is wrong with the page as it stands: against all rules in light colours, then, in the same page, against those
    about colours in further themes. Leaves the page in light colours."""
    found = {"light": violations(browser)}
    for theme in themes:
        browser.media(**PLAIN | THEMES[theme])
        # Where the system chooses the colours, axe would read those of the page.
        found[theme] = browser.evaluate(FAINT) if "forced" in theme else violations(browser, COLOURS)
    browser.media(**PLAIN)
    return {theme: problems for theme, problems in found.items() if problems}
