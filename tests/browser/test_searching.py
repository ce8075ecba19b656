"""A reader searches, narrows, turns pages, reads and goes back."""

from __future__ import annotations

from selenium.webdriver.common.by import By

from tests.browser.window import Window


def test_a_search_from_the_front_page_finds_the_article(window: Window) -> None:
    window.visit("/")
    window.search("low iron")
    assert window.path == "/search?q=low+iron"
    assert window.find("h1").text == "Results for “low iron”"
    assert window.find(".count").text.startswith("1 result")
    window.click("Signs of Low Iron", ".hit")
    assert window.path == "/articles/food/iron?q=low+iron"
    assert window.find("h1").text == "Signs of Low Iron"
    assert "iron" in [text.lower() for text in window.texts("mark")]


def test_one_press_of_back_undoes_one_search(window: Window) -> None:
    window.visit("/")
    window.search("iron")
    window.search("sleep")
    window.back()
    assert (window.path, window.find("input[type=search]").get_attribute("value")) == ("/search?q=iron", "iron")
    window.back()
    assert window.path == "/"


def test_a_section_filter_narrows_and_its_removal_widens_again(window: Window) -> None:
    window.visit("/search?q=sleep")
    everything = window.find(".count").text.split(" in ")[0]
    window.click("Family", ".filters")
    assert window.texts(".hit h2") == ["Toddlers at Night"]
    assert window.find(".filters a[aria-current]").text.startswith("Family")
    window.click("Family", ".filters-active")
    assert window.find(".count").text.split(" in ")[0] == everything
    window.back()
    assert window.texts(".hit h2") == ["Toddlers at Night"]


def test_dates_typed_into_the_filter_narrow_the_results(window: Window) -> None:
    window.visit("/search?q=sleep&section=Health")
    next(each for each in window.all("summary") if each.text == "From one day to another").click()
    window.script("document.querySelector('[name=date_from]').value = '2024-05-01'")
    window.script("document.querySelector('[name=date_to]').value = '2024-05-01'")
    window._leave(window.find(".dates button").click)
    assert window.texts(".hit h2") == ["Tea & Coffee"]
    assert "section=Health" in window.path


def test_pages_turn_forward_and_back(window: Window) -> None:
    window.visit("/search?q=sleep")
    first = window.texts(".hit h2")
    window.click("Next", ".pages")
    assert window.find(".count").text.startswith("11–20 of 26")
    assert not set(first) & set(window.texts(".hit h2"))
    window.click("Previous", ".pages")
    assert window.texts(".hit h2") == first


def test_the_order_can_be_switched(window: Window) -> None:
    window.visit("/search?q=sleep")
    window.click("Most read", ".sort")
    assert window.texts(".hit h2")[:2] == ["Night 24", "Night 23"]
    assert window.find(".sort a[aria-current]").text == "Most read"


def test_a_search_without_results_leads_on(window: Window) -> None:
    window.visit("/search?q=iron&section=Family")
    assert window.find(".count").text == "No results"
    window.click("Search all sections", ".empty")
    assert window.texts(".hit h2") == ["Signs of Low Iron"]


def test_the_way_back_from_an_article_keeps_page_and_filters(window: Window) -> None:
    window.visit("/search?q=sleep&section=Health&page=2")
    window.click("Night", ".hit")
    window.click("Results for", ".back")
    assert window.path == "/search?q=sleep&section=Health&page=2"


def test_a_snippets_link_lands_on_its_heading(window: Window) -> None:
    window.resize(1280, 300)
    window.visit("/search?q=tea")
    window.click("Iron and Tea", ".snippet")
    assert window.path.endswith("#iron-and-tea")
    heading = window.find("#iron-and-tea")
    assert heading.text == "Iron and Tea"
    assert heading.find_elements(By.TAG_NAME, "mark")
    top = window.script("return arguments[0].getBoundingClientRect().top", heading)
    assert 0 <= top < 300
    assert window.script("return window.scrollY") > 0


def test_pages_cause_no_complaint_in_the_console(window: Window) -> None:
    window.complaints()
    for path in ("/", "/search?q=sleep", "/search?q=zebra", "/articles/food/iron?q=iron", "/problems"):
        window.visit(path)
    assert window.complaints() == []
