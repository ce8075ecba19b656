"""Explanations of scores, formatted for the page."""

from __future__ import annotations

from typing import NamedTuple

from markupsafe import Markup

from harbor_search.explanation import Explanation, Part
from harbor_search.web.formatting import PLACES, bidi
from harbor_search.web.localization import N_, Language

__all__ = ["ExplanationView", "explanation_view"]

_KINDS = {
    "all_words": N_("All words are there"),
    "second_look": N_("How much of the query it covers"),
    "feedback": N_("What else it has in common with other good results"),
    "title_match": N_("How well the title fits the query"),
    "freshness": N_("How new it is"),
    "popularity": N_("How often it is read"),
    "repeats": N_("A better article has the same title"),
    "meaning": N_("How close it is in meaning"),
    "pin": N_("Put first by the editors"),
    "other": N_("Other reasons"),
}


class ExplanationView(NamedTuple):
    """A score; `rows` are (name, places, score) of its parts; `changes` say what would make the hit rank higher."""

    score: str
    rows: tuple[tuple[Markup | str, str, str], ...]
    changes: tuple[Markup, ...]


def explanation_view(explanation: Explanation, language: Language) -> ExplanationView:
    """An explanation for the results page."""
    return ExplanationView(
        score=_figure(explanation.score),
        rows=tuple((_name(part, language), _places(part, language), _figure(part.score)) for part in explanation.parts),
        changes=tuple(
            Markup(language.gettext("“%(word)s” %(where)s: number %(place)s"))
            % {
                "word": bidi(change.text),
                "where": language.gettext(PLACES[change.field]),
                "place": language.number(change.position),
            }
            for change in explanation.changes
        ),
    )


def _name(part: Part, language: Language) -> Markup | str:
    return language.gettext(_KINDS[part.kind]) if part.kind in _KINDS else bidi(part.text)


def _places(part: Part, language: Language) -> str:
    """The fields in which a word occurs, and how often."""
    places = (f"{language.gettext(PLACES[each.field])} {language.number(each.count)}×" for each in part.fields)
    return ", ".join(places)


def _figure(score: float) -> str:
    return f"{score:.3f}"
