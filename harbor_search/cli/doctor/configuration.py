"""The settings: whether all can be, and whether variables of the environment are meant to be some."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from harbor_search.cli.finding import Finding
from harbor_search.config import Settings
from harbor_search.config_loading import misspelt_variables, variables_of_files
from harbor_search.errors import InvalidSettings, UserError
from harbor_search.web.site_settings import check_site

__all__ = ["misspelt", "site", "unusable_settings"]


def misspelt(settings: Settings) -> Iterator[Finding]:
    """Whether a variable of the environment is named nearly as one that is a setting, or as one that cannot be."""
    for variable, like in misspelt_variables():
        yield Finding(
            "settings",
            f"the variable {variable} is no setting and has no effect",
            f"unset {variable}, or name it {like}",
        )
    for variable in variables_of_files():
        yield Finding(
            "settings",
            f"the variable {variable} has no effect: only a file can hold this setting",
            f"unset {variable}, and state it in harbor.toml",
        )


def site(settings: Settings) -> Iterator[Finding]:
    """Whether a site can be made of what the settings say of it: colours, logo, language, links, addresses."""
    try:
        check_site(settings)
    except InvalidSettings as error:
        for each in error.faults:
            yield from unusable_settings(each, _places_of(each.where))


def _places_of(name: str) -> str:
    """Where the setting `name` may be stated."""
    (setting,) = (each for each in fields(Settings) if each.name == name)
    variable = "" if setting.metadata["file_only"] else f", or the variable HARBOR_{name.upper()}"
    return f"{name} in the settings file{variable}"


def unusable_settings(error: UserError, where: str) -> Iterator[Finding]:
    """A finding for each fault of settings that could not be loaded; `where` says what states them."""
    for each in error.faults if isinstance(error, InvalidSettings) else (error,):
        fault, _, proposal = str(each).partition("; did you mean ")
        cure = f"mend {where}"
        if proposal:
            cure += f": write {proposal.rstrip('?')} in place of {each.where!r}, or take it out"
        elif each.choices:
            cure += f"; known: {', '.join(each.choices)}"
        yield Finding("settings", fault, cure)
