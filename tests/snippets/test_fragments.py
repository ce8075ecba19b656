"""Which passages readers see below a title."""

from __future__ import annotations

from harbor_search.article import Article
from harbor_search.snippets import Occurrence, best_snippets, title_ranges
from tests.snippets.articles import article, marked, occurrences

BACK_PAIN = article(
    "Most adults have back pain at some time. It usually eases within a few weeks.",
    (
        "Sleeping with a sore back",
        "Lie on your side with a pillow between your knees. If back pain wakes you at night, try a firmer mattress. "
        "A warm shower before bed relaxes muscles.",
    ),
    (
        "When to see a doctor",
        "See Dr. Lee or your own doctor if the pain spreads down a leg. Fever with pain is a warning sign.",
    ),
    title="Back pain: what helps",
)


def shown(source: Article, words: str, *, count: int = 1, length: int = 120, **weights: float) -> list[str]:
    found = best_snippets(source, occurrences(source, words, weights), count=count, length=length)
    return [marked(each) for each in found]


def test_the_passage_with_the_most_different_words_comes_first() -> None:
    assert shown(BACK_PAIN, "back pain night", length=110) == [
        "If [back] [pain] wakes you at [night], try a firmer mattress. A warm shower before bed relaxes muscles."
    ]


def test_a_snippet_names_the_heading_it_stands_under() -> None:
    (snippet,) = best_snippets(BACK_PAIN, occurrences(BACK_PAIN, "fever"), count=1, length=60)
    assert (snippet.field, snippet.heading, snippet.anchor) == ("body", "When to see a doctor", "when-to-see-a-doctor")
    assert marked(snippet) == "[Fever] with pain is a warning sign."


def test_one_word_repeated_does_not_win_over_two_words() -> None:
    source = article("Iron, iron and iron again: iron is in meat.", "Tea with meals lowers how much iron you take up.")
    assert shown(source, "iron tea") == ["[Tea] with meals lowers how much [iron] you take up."]


def test_a_rare_word_wins_over_a_common_one() -> None:
    source = article("Sleep well.", "Melatonin is a hormone.")
    assert shown(source, "sleep melatonin", melatonin=5.0) == ["[Melatonin] is a hormone."]


def test_a_section_that_repeats_another_is_not_shown_twice() -> None:
    said = "Iron is in meat and in beans."
    source = article("Tea is a drink.", ("Sources", said), ("Sources, again", said), ("Tablets", "Iron may upset you."))
    assert shown(source, "iron", count=2) == ["[Iron] is in meat and in beans.", "[Iron] may upset you."]
    assert shown(article(("Sources", said), ("Sources, again", said)), "iron", count=2) == [
        "[Iron] is in meat and in beans."
    ]


def test_words_beside_each_other_win_over_words_apart() -> None:
    source = article("Pain in the neck may pass down the upper back.", "Heat eases back pain.")
    assert shown(source, "back pain") == ["Heat eases [back] [pain]."]


def test_words_beside_each_other_win_over_words_near_each_other() -> None:
    source = article("Pain of the back is common.", "Heat eases back pain.")
    assert shown(source, "back pain") == ["Heat eases [back] [pain]."]


def test_words_scattered_over_a_text_do_not_add_up() -> None:
    filler = "Nothing to read here at all. " * 8
    source = article(f"Iron and tea do not mix. {filler}Iron is a metal. {filler}Tea is warm.")
    assert shown(source, "iron tea", length=60) == ["[Iron] and [tea] do not mix. Nothing to read here at all."]


def test_words_near_each_other_win_over_words_far_apart() -> None:
    source = article(
        "Iron is a mineral that is found in red meat, beans and leafy greens, and coffee is a drink.",
        "Iron and strong coffee do not mix.",
    )
    assert shown(source, "iron coffee") == ["[Iron] and strong [coffee] do not mix."]


def test_the_first_of_equal_passages_is_shown() -> None:
    source = article("Iron is a metal.", "Iron is a mineral.")
    assert shown(source, "iron") == ["[Iron] is a metal."]


def test_the_second_snippet_comes_from_another_section() -> None:
    first, second = best_snippets(BACK_PAIN, occurrences(BACK_PAIN, "pain"), count=2, length=60)
    assert first.heading != second.heading


def test_of_equal_second_snippets_one_from_another_section_is_shown() -> None:
    filler = "Nothing to read here at all. " * 8
    source = article(("One", f"Pain is dull. {filler}Pain upon pain is hard."), ("Other", "Pain is felt."))
    assert shown(source, "pain", count=2, length=27) == ["[Pain] upon [pain] is hard.", "[Pain] is felt."]


def test_the_second_snippet_shows_the_words_that_the_first_does_not() -> None:
    source = article("Iron tablets work.", "Iron is in meat.", "Tea slows that.")
    assert shown(source, "iron tablets tea", count=2) == ["[Iron] [tablets] work.", "[Tea] slows that."]


def test_snippets_from_one_section_do_not_overlap() -> None:
    text = "Pain may be dull. " * 3 + "Nothing to see here, really nothing. " * 5 + "Pain may be sharp. " * 3
    source = article(text)
    found = shown(source, "pain", count=4, length=60)
    assert len(found) >= 2
    assert sum(each.count("[Pain]") for each in found) <= 6
    plain = [each.replace("[", "").replace("]", "").strip("\u2026") for each in found]
    assert any("sharp" in each for each in plain) and any("dull" in each for each in plain)


def test_the_same_passage_is_not_shown_twice() -> None:
    assert len(shown(article("One pain only."), "pain", count=3)) == 1


def test_a_matching_heading_makes_its_section_attractive() -> None:
    source = article(
        ("Causes", "Sitting long hurts the back."),
        ("Treating back pain", "Exercise strengthens the back."),
    )
    assert shown(source, "treat back pain") == ["Exercise strengthens the [back]."]


def test_a_section_whose_heading_alone_matches_shows_its_beginning() -> None:
    source = article("Some words first.", ("Insomnia", "Many people lie awake at night. It passes."))
    (snippet,) = best_snippets(source, occurrences(source, "insomnia"), count=2, length=40)
    assert (snippet.heading, snippet.text, snippet.ranges) == ("Insomnia", "Many people lie awake at night.", ())


def test_without_a_match_the_first_text_is_shown() -> None:
    source = article(
        "", ("Basics", "Sleep restores the body. It is not optional."), title="Rest", lead="Sleep restores."
    )
    (snippet,) = best_snippets(source, occurrences(source, "naps"), count=2, length=30)
    assert (snippet.field, snippet.heading, snippet.text, snippet.ranges) == (
        "body",
        "Basics",
        "Sleep restores the body.",
        (),
    )


def test_without_a_body_the_lead_is_shown() -> None:
    assert shown(article(lead="Sleep restores."), "sleep") == ["Sleep restores."]


def test_an_article_without_text_has_no_snippet() -> None:
    assert shown(article(" \n", title="Sleep"), "sleep") == []


def test_a_passage_begins_with_its_sentence_and_is_cut_between_words() -> None:
    source = article(
        "Nothing here. Magnesium helps some people who have cramps at night, though trials disagree on how much of it "
        "anyone would need to take."
    )
    assert shown(source, "magnesium", length=60) == ["[Magnesium] helps some people who have cramps at night,\u2026"]


def test_a_passage_that_begins_with_a_sentence_wins_over_one_that_does_not() -> None:
    source = article("word " * 60 + "and pain at last", "It may be pain.")
    assert shown(source, "pain", length=60) == ["It may be [pain]."]


def test_words_of_two_sentences_are_shown_together_where_only_a_cut_sentence_can() -> None:
    source = article(
        "A long introduction that says very little indeed about iron. It also says that nobody should drink any tea."
    )
    (found,) = shown(source, "iron tea", length=64)
    assert "[iron]" in found and "[tea]" in found


def test_a_passage_goes_on_past_the_end_of_a_sentence_to_show_a_word() -> None:
    source = article("Iron is taken up slowly by the body. Black tea slows that, and so does coffee, and milk as well.")
    assert shown(source, "iron tea", length=60) == ["[Iron] is taken up slowly by the body. Black [tea] slows that,…"]


def test_a_short_sentence_is_followed_by_the_beginning_of_the_next() -> None:
    source = article("Iron helps. Take it with orange juice in the morning, as vitamin C helps you take up more of it.")
    assert shown(source, "iron", length=60) == ["[Iron] helps. Take it with orange juice in the morning, as…"]


def test_a_match_inside_an_endless_word_is_shown() -> None:
    source = article("Read sleep-hygiene-for-people-who-work-at-night-and-rest-by-day-and-never-tire first.")
    (found,) = shown(source, "people", length=40)
    assert "[people]" in found


def test_a_match_late_in_a_long_sentence_is_shown_with_what_is_around_it() -> None:
    source = article("word " * 60 + "near the ankle pain spreads into the foot " + "word " * 60)
    (found,) = shown(source, "ankle", length=60)
    assert found.startswith("\u2026") and found.endswith("\u2026")
    assert "near the [ankle] pain" in found


def test_a_sentence_is_not_cut_at_an_abbreviation() -> None:
    assert shown(BACK_PAIN, "leg", length=70) == ["See Dr. Lee or your own doctor if the pain spreads down a [leg]."]


def test_a_short_passage_at_the_end_of_a_text_is_filled_up_from_before() -> None:
    source = article("One thing first. Stretch daily. Rest.")
    assert shown(source, "rest", length=30) == ["Stretch daily. [Rest]."]


def test_paragraphs_become_one_line() -> None:
    source = article("Iron is a mineral.\n\nIt is  in\tred\r\nmeat.")
    assert shown(source, "iron red meat") == ["[Iron] is a mineral. It is in [red] [meat]."]


def test_overlapping_matches_are_marked_as_one() -> None:
    source = article("Heart-healthy food.")
    both = (Occurrence("body", 0, 0, 5, 0, 1.0), Occurrence("body", 0, 3, 13, 1, 1.0))
    (snippet,) = best_snippets(source, both, count=1, length=60)
    assert marked(snippet) == "[Heart-healthy] food."


def test_a_word_longer_than_the_passage_is_cut_between_characters() -> None:
    source = article("e\u0301" * 300)
    (snippet,) = best_snippets(source, (Occurrence("body", 0, 100, 102, 0, 1.0),), count=1, length=51)
    assert len(snippet.text) <= 51
    assert snippet.text.strip("\u2026").startswith("e") and snippet.text.strip("\u2026").endswith("\u0301")


def test_of_too_many_matches_a_rare_word_far_down_is_still_found() -> None:
    source = article("Pain and more. " * 4_000 + "Here is the sciatica.")
    (found,) = shown(source, "pain sciatica", sciatica=9.0, length=60)
    assert "[sciatica]" in found and "[Pain]" in found


def test_title_ranges_are_the_matches_in_the_title() -> None:
    assert title_ranges(occurrences(BACK_PAIN, "pain back what sore")) == ((0, 4), (5, 9), (11, 15))


def test_no_snippets_are_made_where_none_are_wanted() -> None:
    assert shown(BACK_PAIN, "pain", count=0) == []
