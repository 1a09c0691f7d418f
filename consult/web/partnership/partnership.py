"""Pages about the partnership itself: its public statement, its name and its profile."""

from flask import render_template

from consult import access
from consult.commands.partnerships import (
    constitute_partnership,
    redescribe_partnership,
    state_particulars,
)
from consult.web import services as find_services
from consult.web.forms.choices import OneOf
from consult.web.forms.fields import Words
from consult.web.forms.sending import Page
from consult.web.forms.staff_form import StaffForm
from consult.web.pages import Room
from consult.web.partnership.area.wards import wards
from consult.web.partnership.declaring_interests import interests
from consult.web.partnership.describing_forms import DescribingForm, called
from consult.web.partnership.look import look
from consult.web.partnership.members import members
from consult.web.partnership.organisations import organisations
from consult.web.partnership.particulars_forms import ParticularsForm
from consult.web.partnership.partnership_room import find, languages_of
from consult.web.partnership.seats import seats
from consult.web.partnership.steps import steps
from consult.wording.drafting.readiness_messages import stated_words
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.registries.sector_words import TIER_WORDS
from events.frameworks import days_min
from events.particulars import partnership_gaps
from events.partnership import TIERS, Constitution
from projections.consultations import ConsultationPage

partnership = Room(
    "partnership",
    __name__,
    url_prefix="/partnership/<partnership_slug>",
    who=access.STATE_PARTICULARS,
)
partnership.register_blueprint(interests)
partnership.register_blueprint(look)
partnership.register_blueprint(members)
partnership.register_blueprint(organisations)
partnership.register_blueprint(steps)
partnership.register_blueprint(seats)
partnership.register_blueprint(wards)


@partnership.get("/", title=N_("About the partnership"))
def index(partnership_slug: str) -> str:
    """List what is stated, what is missing, and what can be changed."""
    room = find(partnership_slug)
    # Check against all languages of the partnership: none opens with fewer.
    every = ConsultationPage(languages=languages_of(room.page))
    return render_template(
        "partnership/index.html",
        room=room,
        missing=[stated_words(gap) for gap in partnership_gaps(room.page, every)],
        profile=called(room.page.profile),
        days=days_min(room.page.profile),
    )


class ConstitutionForm(StaffForm):
    """What a partnership is, and what it can and cannot decide."""

    tier = OneOf(
        N_("Councils of the area"),
        [(tier, TIER_WORDS[tier]) for tier in TIERS],
        needed=N_("Choose what councils there are."),
    )
    status = Words(
        N_("What it is, in plain words"),
        hint=N_("Such as: a meeting of public bodies, firms and groups; no legal body of its own."),
        in_each=N_("Say what it is, in every language."),
    )
    decides = Words(
        N_("What it can decide"), in_each=N_("Say what it can decide, in every language.")
    )
    does_not_decide = Words(
        N_("What it cannot decide"), in_each=N_("Say what it cannot decide, in every language.")
    )


@partnership.route(
    "/constitution", methods=["GET", "POST"], title=N_("What the partnership is and may decide")
)
def constituting(partnership_slug: str) -> Page:
    """Say what the partnership is."""
    room = find(partnership_slug)
    form = ConstitutionForm(room.page.constitution, languages=room.page.languages)

    def act(key: str) -> None:
        constitution = Constitution(**form.data)
        constitute_partnership(
            find_services(), room.page.id, constitution, actor=room.actor, command_id=key
        )

    return form.submit(
        act,
        lambda: form.draw("partnership/constitution.html", room=room),
        room.address(),
        _("It is saved, and everybody can read it."),
    )


@partnership.route(
    "/facts", methods=["GET", "POST"], title=N_("How people reach you, and who is responsible")
)
def stating(partnership_slug: str) -> Page:
    """State how to reach the partnership, who is responsible and what it offers."""
    room = find(partnership_slug)
    form = ParticularsForm(
        room.page.particulars,
        languages=languages_of(room.page),
        choices={"ward": [(ward.code, said(ward.name)) for ward in room.page.wards]},
    )

    def act(key: str) -> None:
        state_particulars(
            find_services(), room.page.id, form.stated(), actor=room.actor, command_id=key
        )

    return form.submit(
        act,
        lambda: form.draw("partnership/particulars.html", room=room),
        room.after,
        _("It is saved, and residents see it on the pages."),
    )


@partnership.route(
    "/name",
    methods=["GET", "POST"],
    who=access.DESCRIBE_PARTNERSHIP,
    title=N_("Change the name, the languages or the profile"),
)
def describing(partnership_slug: str) -> Page:
    """Change the name, the area or the framework profile."""
    room = find(partnership_slug)
    form = DescribingForm.of(room.page)

    def act(key: str) -> None:
        redescribe_partnership(
            find_services(), room.page.id, **form.described(), actor=room.actor, command_id=key
        )

    return form.submit(
        act,
        lambda: form.draw("partnership/name.html", room=room),
        room.after,
        _("It is saved."),
    )
