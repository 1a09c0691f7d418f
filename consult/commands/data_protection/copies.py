"""Subject access: everything held about one person, and nothing about anybody else."""

from typing import Any, cast
from uuid import UUID

from consult.people.answers import attachments, equality, texts
from consult.people.mailboxes import contacts
from consult.people.vault import KeyGone
from consult.services import Services
from events import Consultation, Submission
from events.submission import AnswersGiven
from projections.data_protection import DataProtection

FORMAT = "folkmoot/disclosure/v1"
EQUALITY = {
    "en": (
        "Equality answers, if you gave any, are kept apart and joined to nobody, so they cannot be "
        "shown here. They can be erased with your changing code as long as the key of the "
        "consultation exists."
    ),
    "cy": (
        "Cedwir atebion cydraddoldeb, os rhoesoch rai, ar wahân a heb eu cysylltu â neb, felly ni "
        "ellir eu dangos yma. Gellir eu dileu gyda’ch cod newid cyhyd ag y bo allwedd yr "
        "ymgynghoriad yn bodoli."
    ),
}
Document = dict[str, Any]


def disclose(services: Services, submission: Submission) -> Document:
    """Return everything that belongs to a person's submission, as JSON.

    Each version has the number of the privacy notice that was shown. Words that were erased or
    whose retention has ended are null. Files appear with name and size; `files_of` returns their
    content.
    """
    consultation = services.record.get(Consultation, submission.consultation_id)
    with services.whole(DataProtection) as (db, data_protection):
        erased = data_protection.erased(db, submission.id)
    document: Document = {
        "format": FORMAT,
        "at": services.clock().isoformat(),
        "consultation": {
            "id": str(consultation.id),
            "slug": consultation.slug,
            "title": dict(consultation.title),
        },
        "pseudonym": submission.pseudonym,
        "state": submission.state,
        "history": _history(services, submission),
        "contacts": _contacts(services, submission),
        "erased": [
            {"up_to_version": version, "at": at.isoformat()} for version, at in erased.items()
        ],
    }
    if consultation.id in equality.consultations(services.vault):
        document["equality_answers"] = EQUALITY
    return document


def files_of(services: Services, submission: Submission) -> dict[str, bytes]:
    """Return the files that a person sent and that are still stored, by name.

    Names begin with a number, to be unique.
    """
    found: dict[str, bytes] = {}
    sent = attachments.of_person(services.vault, submission.id)
    for number, file in enumerate(sent, start=1):
        content = attachments.content_of(
            services.vault, submission.consultation_id, file.commitment
        )
        if content is not None:
            found[f"{number}-{file.name}"] = content
    return found


def _history(services: Services, submission: Submission) -> list[Document]:
    words: dict[str, Any] = dict(texts.words_of(services.vault, submission.id))
    for file in attachments.of_person(services.vault, submission.id):
        words[file.commitment] = {"file": file.name, "size_bytes": file.size_bytes}
    history: list[Document] = []
    for event in services.record.events.get(submission.id):
        version, fact = event.originator_version, cast("Any", event).fact
        entry: Document = {
            "version": version,
            "what": fact.NAME,
            "at": fact.at.isoformat(),
            "channel": fact.by.channel,
        }
        if isinstance(fact, AnswersGiven):
            entry |= _given(fact, words)
        elif hasattr(fact, "reason"):
            entry["reason"] = fact.reason
        elif hasattr(fact, "campaign"):
            entry["campaign"] = fact.campaign
            entry |= {"campaign_names": fact.names} if fact.names else {}
        history.append(entry)
    return history


def _given(fact: AnswersGiven, words: dict[str, Any]) -> Document:
    return {
        "privacy_notice": fact.privacy_notice,
        "answers": fact.answers,
        "texts": {id: words.get(commitment) for id, commitment in fact.texts.items()},
        "area": fact.area,
        "respondent": fact.respondent,
        "members": fact.members,
        "organisation": words.get(fact.organisation),
        "assurance": fact.assurance,
        "said_that_the_conditions_hold": fact.is_declared,
    }


def _contacts(services: Services, submission: Submission) -> list[Document]:
    whose: tuple[UUID, UUID, int] = (
        submission.consultation_id,
        submission.id,
        submission.version,
    )
    try:
        found = contacts.of_person(services.vault, *whose)
    except KeyGone:
        return []
    return [{"email": contact.email, "language": contact.language} for contact in found]
