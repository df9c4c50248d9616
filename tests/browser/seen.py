"""What those who do not see a page well would stumble over: findings of axe-core, and faint texts of charts, whose
background it cannot tell."""

from __future__ import annotations

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from tests.browser.driver import settled

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
DARK_RULES = ["color-contrast", "target-size"]  # where the page has been seen in light, in full size

_STILL = """() => Promise.allSettled(document.getAnimations()
  .filter(each => each.effect.getComputedTiming().endTime < 2000).map(each => each.finished))"""  # what fades in is faint

_RUN = """async (rules) => {
  const found = await axe.run({resultTypes: ['violations'], runOnly: rules, iframes: false});
  return found.violations.filter(each => ['serious', 'critical'].includes(each.impact) || each.id === 'heading-order')
    .flatMap(each => each.nodes.map(node => `${each.id}: ${node.target.join(' ')} ${node.failureSummary}`));
}"""

_FAINT = """() => {
  const light = part => (part /= 255) <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  const luminance = ([r, g, b]) => 0.2126 * light(r) + 0.7152 * light(g) + 0.0722 * light(b);
  const colour = text => { const parts = text.match(/[\\d.]+/g).map(Number); return [...parts, 1].slice(0, 4); };
  const over = ([r, g, b, a], below) => [r, g, b].map((part, i) => part * a + below[i] * (1 - a));
  const opacity = shape => {
    let all = 1;
    for (let each = shape; each.tagName !== 'svg'; each = each.parentElement) all *= getComputedStyle(each).opacity;
    return all;
  };
  const painted = shape => {
    const style = getComputedStyle(shape);
    if (!/^rgb/.test(style.fill)) return null;
    const [r, g, b, a] = colour(style.fill);
    return [r, g, b, a * style.fillOpacity * opacity(shape)];
  };
  const paper = colour(getComputedStyle(document.querySelector('[data-testid="stApp"]')).backgroundColor).slice(0, 3);
  const faint = [];
  let texts = 0;
  for (const svg of document.querySelectorAll('[data-testid$="Chart"] > div svg, [data-testid$="Chart"] > svg')) {
    if (!svg.checkVisibility() || svg.closest('details:not([open]), [data-testid="stMetricChart"]')) continue;
    const shapes = [...svg.querySelectorAll('path')].map(each => [each, each.getBoundingClientRect()]);
    for (const text of svg.querySelectorAll('text')) {
      const ink = painted(text), box = text.getBoundingClientRect();
      if (!ink || ink[3] < 0.05 || !text.textContent.trim()) continue;
      texts += 1;
      const x = box.x + box.width / 2, y = box.y + box.height / 2;
      let below = paper;
      for (const [shape, at] of shapes) {
        if (at.x > x || at.right < x || at.y > y || at.bottom < y) continue;
        if (!(shape.compareDocumentPosition(text) & Node.DOCUMENT_POSITION_FOLLOWING)) continue;
        const fill = painted(shape);
        if (fill && shape.isPointInFill(new DOMPoint(x, y).matrixTransform(shape.getScreenCTM().inverse())))
          below = over(fill, below);
      }
      const [high, low] = [luminance(over(ink, below)), luminance(below)].sort((a, b) => b - a);
      const ratio = (high + 0.05) / (low + 0.05);
      if (ratio < 4.5) faint.push(`${text.textContent}: ${ratio.toFixed(2)} on ${below.map(Math.round)}`);
    }
  }
  return [texts, faint];
}"""


def hard_to_use(page: Page, rules: list[str] = RULES) -> list[str]:
    """What axe-core finds serious or critical, and headings out of order; `rules` are its rules or tags."""
    settled(page)
    page.evaluate(_STILL)
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE_SCRIPT)
    found: list[str] = page.evaluate(_RUN, rules)
    return found


def faint(page: Page) -> tuple[int, list[str]]:
    """How many texts the visible charts hold, and those of less contrast than 4.5."""
    texts, found = page.evaluate(_FAINT)
    return texts, found
