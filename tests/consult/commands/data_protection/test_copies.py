"""The copy of a person's data holds exactly what is held about them, fact by fact."""

from datetime import timedelta
from typing import Any

import msgspec

from consult.commands.answers.attaching import attach_file
from consult.commands.answers.campaigns import group_campaign
from consult.commands.answers.holding import find_by_receipt
from consult.commands.answers.sheets import Sheet
from consult.commands.answers.submitting import replace_answers, submit_answers, withdraw_answers
from consult.commands.context import Actor
from consult.commands.data_protection.copies import FORMAT, disclose
from consult.commands.data_protection.erasure import erase_by_holder
from consult.people.mailboxes import contacts
from consult.services import Services
from events.submission import AnswersGiven
from tests.attached import pdf
from tests.builders import ORGANISER, RANKING, RESIDENT, Clock, consultation, question
from tests.consult.people.erasable import EMAIL

MORE = question("more", "text", "Anything else?", required=False)
PLAN = question("plan", "file", "Your plan", required=False)
PDF = pdf()
TOLD = {
    "answers": "answers",
    "texts": "texts",
    "area": "area",
    "respondent": "respondent",
    "members": "members",
    "assurance": "assurance",
    "privacy_notice": "privacy_notice",
    "is_declared": "said_that_the_conditions_hold",
    "organisation": "organisation",
}
"""Fields of a fact by what the copy calls them."""
TOLD_ONCE = {"consultation_id", "pseudonym", "at"}
"""Said for all versions together, or of every entry."""
OF_NOBODY = {
    "consultation_version": "the version of the questions",
    "commitment": "a hash that only the person's receipt can open",
    "receipt": "a keyed hash of the checking code, which the person has",
    "vouched": "what shows that the person asked for the change, as the public log has it",
    "holder": "a commitment to the changing code, which the person alone has",
    "by": "who recorded it: the channel is told, and the rest is of staff and of keys",
    "desk": "a keyed hash of somebody of the staff",
    "people": "more than one only in an import, which is of nobody",
}


def test_of_every_field_that_is_recorded_somebody_has_decided_whether_it_is_told():
    fields = {field.name for field in msgspec.structs.fields(AnswersGiven)}
    assert fields == set(TOLD) | TOLD_ONCE | set(OF_NOBODY)


def test_the_copy_is_exactly_what_was_given_changed_and_taken_back(
    services: Services, clock: Clock
):
    asked = consultation(services, RANKING, MORE, PLAN, wards=True, is_declared=True)
    file = attach_file(
        services, asked.id, PLAN, draft_secret="s" * 32, name="hedge.pdf", content=PDF
    )
    given_at = clock.now
    first = submit_answers(
        services,
        consultation_id=asked.id,
        voter="ann",
        sheet=Sheet(
            {"order": ["b", "a"]},
            texts={"more": "The hedge at Larch Road"},
            files={"plan": file.commitment},
            area="W09",
            respondent="organisation",
            members=720,
            organisation="Friends of the Hedge",
            is_declared=True,
        ),
        actor=Actor("resident", channel="telephone"),
        command_id="1",
    )
    contacts.keep(services.vault, asked.id, first.subject_id, first.version, EMAIL, "cy")
    submit_answers(
        services,
        consultation_id=asked.id,
        voter="bob",
        sheet=Sheet({"order": ["c"]}, texts={"more": "Bob’s own words"}, is_declared=True),
        actor=RESIDENT,
        command_id="bob",
    )
    clock.move(hours=1)
    group_campaign(services, asked.id, [first.subject_id], name="Hedges", actor=ORGANISER)
    clock.move(hours=1)
    second = replace_answers(
        services,
        code=first.changing_code,
        sheet=Sheet({"order": ["c"]}, texts={"more": "No hedge at all"}, is_declared=True),
        actor=RESIDENT,
        command_id="2",
    )
    clock.move(hours=1)
    withdraw_answers(services, holder=second.holder, actor=RESIDENT, command_id="3")

    def entry(version: int, what: str, hours: int, channel: str, **more: Any) -> dict[str, Any]:
        at = given_at + timedelta(hours=hours)
        return {"version": version, "what": what, "at": at.isoformat(), "channel": channel, **more}

    said = {"privacy_notice": 1, "assurance": "open", "said_that_the_conditions_hold": True}
    copy = disclose(services, find_by_receipt(services, second.code))
    pseudonym = services.vault.pseudonym(asked.id, "ann")
    assert copy == {
        "format": FORMAT,
        "at": clock().isoformat(),
        "consultation": {
            "id": str(asked.id),
            "slug": "riverside",
            "title": {"en": "Riverside Park", "cy": "Riverside Park (cy)"},
        },
        "pseudonym": pseudonym,
        "state": "withdrawn",
        "history": [
            entry(
                1,
                "submitted",
                0,
                "telephone",
                **said,
                answers={"order": ["b", "a"]},
                texts={
                    "more": "The hedge at Larch Road",
                    "plan": {"file": "hedge.pdf", "size_bytes": len(PDF)},
                },
                area="W09",
                respondent="organisation",
                members=720,
                organisation="Friends of the Hedge",
            ),
            entry(2, "campaign_grouped", 1, "online", campaign="Hedges"),
            entry(
                3,
                "replaced",
                2,
                "online",
                **said,
                answers={"order": ["c"]},
                texts={"more": "No hedge at all"},
                area="",
                respondent="individual",
                members=0,
                organisation=None,
            ),
            entry(4, "withdrawn", 3, "online"),
        ],
        "contacts": [{"email": EMAIL, "language": "cy"}],
        "erased": [],
    }

    clock.move(hours=1)
    erase_by_holder(services, holder=second.holder, actor=RESIDENT)
    after = disclose(services, find_by_receipt(services, first.code))
    assert [one.get("texts") for one in after["history"]] == [
        {"more": None, "plan": None},
        None,
        {"more": None},
        None,
    ]
    assert after["contacts"] == []
    assert after["erased"] == [{"up_to_version": 4, "at": clock().isoformat()}]
    gone = {"texts": None, "organisation": None}
    kept = [{**one, **gone} for one in copy["history"]]
    assert [{**one, **gone} for one in after["history"]] == kept, "the rest stays"
    assert after["history"][0]["organisation"] is None
