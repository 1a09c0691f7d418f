"""Logos are found by their digest for as long as the record is."""

from consult.commands.partnerships import set_look
from events import Partnership
from projections.logos import Logos
from tests.builders import ADMINISTRATOR, partnership
from tests.consult.web.test_themes import png
from tests.projections.asking import ask


def test_a_logo_that_was_replaced_or_taken_away_is_found_at_its_old_address(services):
    id = partnership(services).id
    digests = []
    for width in (4, 6):
        set_look(services, id, picture=png(width), actor=ADMINISTRATOR)
        digests.append(services.record.get(Partnership, id).look.logo)
    set_look(services, id, picture=b"", actor=ADMINISTRATOR)
    first, second = (ask(services, Logos, "content", digest) for digest in digests)
    assert first is not None
    assert second is not None
    assert first != second
    assert ask(services, Logos, "content", "0" * 64) is None
