"""The public page of the interests that the members of partnerships have declared."""

from collections.abc import Mapping
from uuid import UUID

from flask import render_template

from consult.web import services as find_services
from consult.web.pages import Room
from consult.wording.language import N_
from projections.consultations import ConsultationPage, Consultations
from projections.interests import Interests
from projections.partnerships import Partnerships

interests = Room("interests", __name__, url_prefix="/interests")


@interests.get("", is_listed=True, title=N_("Interests of our members"))
def show() -> str:
    """Show for each partnership with members what they have declared, the ended interests last."""
    views = find_services().views
    with views.connect() as db:
        partnerships = [page for page in views.reader(Partnerships).all(db) if page.members]
        interests = views.reader(Interests)
        declared = {page.id: interests.of_partnership(db, page.id) for page in partnerships}
        named = {each.consultation_id for found in declared.values() for each in found}
        about = views.reader(Consultations).by_ids(db, named)
    told = [
        (page, [(each, _public(about, each.consultation_id)) for each in declared[page.id]])
        for page in partnerships
    ]
    return render_template("partnership/interests.html", told=told)


def _public(
    about: Mapping[UUID | None, ConsultationPage], consultation_id: UUID | None
) -> ConsultationPage | None:
    """Return a consultation that has opened; before that it is not named."""
    found = about.get(consultation_id)
    return found if found is not None and found.opened_at is not None else None
