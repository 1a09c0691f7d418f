"""Ways to prove identity: the checkboxes for organisers."""

from consult.config import Config
from consult.people.proving.identities import is_offered
from consult.wording.language import gettext as _
from consult.wording.registries.level_words import LEVELS
from events.consultations.terms import Terms


def choices(config: Config, terms: Terms | None) -> list[tuple[str, str, str]]:
    """Return each way with its title and meaning that this site can offer.

    A way chosen earlier stays in the list, so that saving does not silently drop it.
    """
    chosen = terms.identity if terms else ()
    return [
        (level, _(words.offered), _(words.meaning, name=config.oidc_provider))
        for level, words in LEVELS.items()
        if is_offered(config, level) or level in chosen
    ]
