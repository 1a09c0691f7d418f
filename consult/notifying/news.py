"""News by e-mail for those who asked: a result, that there will be none, and what came of it.

Follow-up rows that are published shortly after each other are sent as one mail.
"""

from collections.abc import Sequence
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from consult.people.mailboxes import notices
from consult.people.mailboxes.contacts import Contact
from consult.people.mailboxes.notices import Letter
from consult.people.vault import KeyGone
from consult.services import Services
from consult.wording import ending
from consult.wording.figures import utc
from consult.wording.follow_up_words import rows
from consult.wording.language import DEFAULT, current, in_language
from consult.wording.language import gettext as _
from consult.wording.outcomes import campaigns, verdicts
from consult.wording.outcomes.counted import Counted
from consult.wording.shown_consultation import ShownConsultation
from events.consultations import states
from projections.consultations import Consultations
from projections.follow_ups import FollowUps, Shown
from projections.partnerships import PartnershipPage, Partnerships
from projections.results import Results

QUIET_TIME = timedelta(minutes=10)
"""The time after the latest follow-up row before all of them are sent."""
RESULT = "result/"
FOLLOW_UP = "follow-up/"
STOPPED = "stopped"


class _News:
    """The news of one consultation, by event."""

    def __init__(self, services: Services, consultation_id: UUID) -> None:
        views = services.views
        consultations, partnerships = views.reader(Consultations), views.reader(Partnerships)
        with views.connect() as db:
            page = consultations.by_id(db, consultation_id)
            assert page is not None
            publication = views.reader(Results).published(db, consultation_id)
            results = views.reader(Results).of(db, consultation_id)
            told = views.reader(FollowUps).of(db, consultation_id)
            partnership = partnerships.by_id(db, page.partnership_id) or PartnershipPage()
        self.asked = ShownConsultation(page, partnership, 0.0)
        self.site = services.config.public_url
        self.is_stopped = page.state == states.WITHDRAWN and publication is None
        self.publication = publication if len(results) >= len(page.counted_questions) else None
        self.results = results
        latest = max((utc(one.published_at) for one in told), default=None)
        is_quiet = latest is not None and latest + QUIET_TIME <= services.clock()
        self.told: dict[str, Shown] = {}
        if is_quiet and publication is not None:
            self.told = {f"{FOLLOW_UP}{one.id}": one for one in told}

    @property
    def events(self) -> list[str]:
        """The names of what has happened; a corrected result is another event."""
        if self.is_stopped:
            return [STOPPED]
        if self.publication is None:
            return [*self.told]
        digests = "".join(sorted(one.result_digest for one in self.results.values()))
        name = digests or self.publication.tallies_digest
        return [f"{RESULT}{sha256(name.encode()).hexdigest()[:24]}", *self.told]

    def write(self, contact: Contact, events: Sequence[str]) -> Letter:
        """Write one mail in the contact's language."""
        with in_language(contact.language):
            if any(event.startswith(RESULT) for event in events):
                subject = _("Results: %(title)s", title=self.asked.title)
                parts = self._result()
            elif STOPPED in events:
                subject = _("Stopped: %(title)s", title=self.asked.title)
                parts = self._stop()
            else:
                subject = _("What came of it: %(title)s", title=self.asked.title)
                parts = []
            told = [self.told[event] for event in events if event in self.told]
            parts += self._follow_up(told) if told else []
            stop = self._address(f"/stop/{contact.id}", contact.language)
            parts.append(_why_and_stop(self.asked.title, stop))
        headers = {
            "Content-Language": contact.language,
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
        return Letter(subject, "\n\n".join(parts) + "\n", headers)

    def _result(self) -> list[str]:
        questions = self.asked.page.questions
        found = [
            Counted(self.asked, questions[id], one.outcome, one.comparison)
            for id, one in self.results.items()
        ]
        page = self._address(f"/c/{self.asked.slug}/results")
        return [
            _("The result of “%(title)s” is published.", title=self.asked.title),
            "\n".join(campaigns.statements(found)) or verdicts.without_rule(len(questions)),
            _("All of it, and who took part:") + f"\n{page}",
        ]

    def _stop(self) -> list[str]:
        page, title = self.asked.page, self.asked.title
        about = _("You asked about “%(title)s”.", title=title)
        why = f"{ending.stop_title(page)} {ending.stop_words(page)}"
        return [f"{about} {why}", self._address(f"/c/{self.asked.slug}")]

    def _follow_up(self, told: Sequence[Shown]) -> list[str]:
        lines = [f"{row['theme']}: {row['status']}\n{row['did']}" for row in rows(told)]
        page = self._address(f"/c/{self.asked.slug}/what-we-did")
        about = _("You asked about “%(title)s”. This is what came of it:", title=self.asked.title)
        return [about, *lines, _("All of it:") + f"\n{page}"]

    def _address(self, path: str, language: str = "") -> str:
        chosen = language or current()
        return f"{self.site}{'' if chosen == DEFAULT else f'/{chosen}'}{path}"


def tell(services: Services) -> int:
    """Queue a mail for every mailbox with unreported news; return how many."""
    number = 0
    for consultation_id in notices.consultations(services.vault):
        news = _News(services, consultation_id)
        if not news.events:
            continue
        try:
            number += notices.tell(
                services.vault, consultation_id, news.events, news.write, services.clock()
            )
        except KeyGone:
            continue  # its addresses are deleted too
    return number


def _why_and_stop(title: str, stop: str) -> str:
    why = _("You get this because you asked to be told what comes of “%(title)s”.", title=title)
    return f"{why}\n" + _("To stop these mails, open this page and press the button:") + f"\n{stop}"
