"""By keyboard alone: a row of a table opens its customer, and a funnel is built."""

from playwright.sync_api import Page

from tests.browser.driver import Server, act, choose_by_keyboard, visit


def tab_to(page: Page, wanted: str, most: int = 40) -> None:
    """Press Tab until what has the focus is called so (its name, its words or its kind)."""
    said = []
    for _ in range(most):
        page.keyboard.press("Tab")
        said.append(page.evaluate("""() => { const at = document.activeElement;
            return [at.getAttribute('aria-label'), at.innerText, at.tagName].filter(Boolean).join(' ') }"""))
        if wanted in said[-1]:
            return
    raise AssertionError(f"{wanted} is not reached: {said}")


def test_a_row_of_a_table_opens_its_customer(page: Page, server: Server):
    visit(page, server, "/rows?kpi=nps")
    page.get_by_role("combobox", name="Over").focus()
    tab_to(page, "CANVAS")
    page.wait_for_function(  # named by the heading above, a moment after it is painted
        "() => document.activeElement.closest('canvas')?.getAttribute('aria-label')?.startsWith('NPS: ')")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+Space")
    page.wait_for_url("**/customer?id=*")
    page.get_by_role("heading", name="One customer").wait_for()


def test_a_funnel_is_built(page: Page, server: Server):
    visit(page, server, "/funnel")
    page.get_by_role("combobox", name="Order").focus()
    tab_to(page, "Steps and conditions")
    act(page, lambda: page.keyboard.press("Enter"))
    tab_to(page, "Step 2")
    choose_by_keyboard(page, "Retention")
    assert "steps=consideration%7Cretention" in page.url
    page.keyboard.press("Escape")
    page.locator('[data-testid="stButtonGroup"] button', has_text="touchpoints").first.focus()
    act(page, lambda: page.keyboard.press("Enter"))
    assert "by=touchpoint" in page.url
