"""The public page of the interests that the members of partnerships have declared."""

from flask import render_template

from consult.web import services as find_services
from consult.web.pages import Room
from projections.consultations import ConsultationPage, Consultations
from projections.interests import InterestPage, Interests
from projections.partnerships import PartnershipPage, Partnerships

interests = Room("interests", __name__, url_prefix="/interests")

Told = tuple[InterestPage, ConsultationPage | None]
"""An interest, and the consultation that it is about once that is public."""


@interests.get("", is_listed=True)
def show() -> str:
    """Show for each partnership with members what they have declared, the ended interests last."""
    with find_services().views.connect() as db:
        partnerships = find_services().views.reader(Partnerships).all(db)
    told = [(page, of_partnership(page)) for page in partnerships if page.members]
    return render_template("partnership/interests.html", told=told)


def of_partnership(page: PartnershipPage) -> list[Told]:
    """Return the interests in a partnership; a consultation that has not opened is not named."""
    views = find_services().views
    with views.connect() as db:
        declared = views.reader(Interests).of_partnership(db, page.id)
        about = {
            each.consultation_id: views.reader(Consultations).by_id(db, each.consultation_id)
            for each in declared
            if each.consultation_id is not None
        }
    public = {id: found for id, found in about.items() if found and found.opened_at is not None}
    return [(each, public.get(each.consultation_id or each.id)) for each in declared]
