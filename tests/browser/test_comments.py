"""The Comments page: a click on a topic reads its comments, search takes words literally, a comment leads to its customer."""

from playwright.sync_api import Page

from cx.metrics import comments
from tests.browser.driver import Server, act, text_of, visit


def test_a_topic_is_clicked_read_searched_and_leads_to_its_customer(page: Page, server: Server, store):
    topics = comments.topics(store)
    first = topics.iloc[0]
    visit(page, server, "/comments")
    assert f"Bad comments are about “{first['label']}”" in text_of(page)
    bar = page.locator('[data-testid="stVegaLiteChart"] path[aria-roledescription="bar"]').first
    act(page, lambda: bar.click(force=True))
    assert f"topic={first['topic'].replace(' ', '+')}" in page.url
    assert f"1–10 of {comments.count(store, topic=first['topic'])} comments" in text_of(page)
    act(page, lambda: page.get_by_role("button", name="Older").click())
    assert f"11–20 of {comments.count(store, topic=first['topic'])} comments" in text_of(page)
    box = page.get_by_role("textbox", name="Search in comments")
    act(page, lambda: (box.fill("twice."), box.press("Enter")))
    found = comments.count(store, topic=first["topic"], search="twice.")
    assert f"1–{min(10, found)} of {found} comments" in text_of(page)
    newest = comments.read(store, topic=first["topic"], search="twice.", limit=1).iloc[0]
    assert newest["comment"] in text_of(page)
    act(page, lambda: page.get_by_role("button", name="Open the journey").first.click())
    page.get_by_role("heading", name="One customer").wait_for()
    assert f"id={newest['customer_id']}" in page.url
