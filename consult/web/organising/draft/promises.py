"""The form of what is promised before the first answer: period, participants, who decides."""

from msgspec.structs import replace

from consult.web import services as find_services
from consult.web.forms.choices import OneOf, Tick, Ticks
from consult.web.forms.fields import Moment, WholeNumber, Words
from consult.web.forms.reader import WORDS_LENGTH_MAX
from consult.web.forms.staff_form import StaffForm
from consult.wording.drafting import ballot_publication
from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.consultations.terms import Terms

MINUTES_MAX = 120
ELSEWHERE = (
    ("anybody", N_("They can take part")),
    ("connected", N_("They can take part if they work or study in one of the wards")),
    ("nobody", N_("They cannot take part")),
)
INTERIM = (
    ("hidden", N_("Hidden"), N_("Nobody is swayed by how others answered.")),
    ("shown", N_("Shown"), N_("Everybody sees how it stands.")),
)


class PromisesForm(StaffForm):
    """The terms of a draft. Choices depend on the site and on the partnership."""

    closes_at = Moment(
        N_("Last day"),
        name="closes",
        clock=N_("Closing time on that day"),
        clock_hint=N_("UK time, like 23:59."),
    )
    eligibility = Words(
        N_("Who can take part"),
        most=WORDS_LENGTH_MAX,
        needed=N_("Say who can take part."),
        look={"rows": 3},
    )
    is_declared = Tick(
        N_("People tick that this holds for them"),
        name="declared",
        hint=N_(
            "They tick the words that you wrote under “Who can take part”. Leave it out where "
            "everybody can take part."
        ),
    )
    has_organisations = Tick(
        N_("Organisations and meetings can answer online"),
        name="organisations",
        hint=N_(
            "People are then asked for whom they answer, what it is called, and how many members "
            "it has. The results count people, organisations and meetings apart. A desk can always "
            "answer for them."
        ),
    )
    wards = Ticks(
        N_("Wards that take part"),
        stem="ward",
        hint=N_("People can say in which of them they live. None ticked means all."),
    )
    elsewhere = OneOf(N_("People who live elsewhere"), ELSEWHERE)
    decides = Words(
        N_("Who decides, and what the answers count for"),
        hint=N_(
            "It is shown on the first page, on the receipt and with the results, so it must be "
            "true in each of these places."
        ),
        most=WORDS_LENGTH_MAX,
        needed=N_("Say who decides, and what the answers count for."),
        look={"rows": 3},
    )
    identity = Ticks(
        N_("How people show who they are"),
        stem="identity",
        hint=N_(
            "Each way counts a person once. Whoever can use two of them could answer twice, so "
            "choose few."
        ),
        needed=N_("Choose at least one way."),
    )
    open_reason = Words(
        N_("Why nobody has to show who they are"),
        hint=N_(
            "Needed only where nobody has to, and a vote decides about money: one person could "
            "then vote any number of times. It is published."
        ),
        most=WORDS_LENGTH_MAX,
        look={"rows": 2},
    )
    minutes = WholeNumber(
        N_("Minutes people need"),
        what=N_("The time needed"),
        least=1,
        most=MINUTES_MAX,
        empty=5,
        look={"width": 3, "inputmode": "numeric", "autocomplete": "off"},
    )
    interim = OneOf(N_("While it is open, rankings are"), INTERIM, needed=N_("Choose one."))
    openings = OneOf(N_("After it closes, single ballots are seen by"), needed=N_("Choose one."))
    other_rule_shown = Tick(
        N_("With the results, also show what the other rule for money would have funded"),
        name="other_rule",
        hint=N_("For information. It cannot be added later, when it is known whom it would help."),
    )

    def validate_closes_at(self, closes_at: Moment) -> None:
        """Refuse a time that has passed."""
        if closes_at.data is not None and closes_at.data <= find_services().clock():
            closes_at.refuse(_("That time has passed. Choose a later one."))

    def stated(self, known: Terms | None) -> Terms:
        """Return the terms; of those that were known, what the form does not show is kept.

        No ward ticked means all wards, as does every ward ticked.
        """
        assert self.closes_at.data is not None, "it was validated"
        told = {name: value for name, value in self.data.items() if name != "openings"}
        told["elsewhere"] = self.elsewhere.data or ELSEWHERE[0][0]
        if len(self.wards.data) == len(self.wards.options):
            told["wards"] = ()
        return replace(
            known or Terms(closes_at=self.closes_at.data),
            **told,
            **ballot_publication.read(self.openings.data),
        )
