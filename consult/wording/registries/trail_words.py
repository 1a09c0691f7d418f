"""Facts in words, for the trail: a row for each."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from consult.wording import figures, language
from consult.wording.language import N_, said
from consult.wording.language import gettext as _
from consult.wording.outcomes import verdicts
from consult.wording.registries.approval_words import act_title
from events import (
    Approval,
    Ballot,
    Consultation,
    Count,
    DataProtectionCase,
    FollowUp,
    Interest,
    Partnership,
    Response,
    Seat,
    ShortName,
    StaffMember,
)
from events.base import FACTS, Fact

Detail = Mapping[str, Any]
"""A fact as JSON, without answers."""


class FactWords(NamedTuple):
    """What happened, and in a sentence of its details what that means, where it needs one."""

    title: str
    meaning: Callable[[Detail], str] | None = None


def _opened(_detail: Detail) -> str:
    return _("Questions, options and terms cannot change after this.")


def _extended(detail: Detail) -> str:
    closes_at = datetime.fromisoformat(detail["closes_at"])
    return _(
        "Closes on %(moment)s. Reason: %(reason)s",
        moment=figures.moment(closes_at, language.current()),
        reason=said(detail["reason"]),
    )


def _paused(detail: Detail) -> str:
    reason = said(detail["reason"])
    return _("Nobody can answer until it goes on. Reason: %(reason)s", reason=reason)


def _resumed(_detail: Detail) -> str:
    return _("People can answer again.")


def _closed(_detail: Detail) -> str:
    return _("No answer can be added or changed after this point.")


def _withdrawn(detail: Detail) -> str:
    return _("Reason: %(reason)s", reason=said(detail["reason"]))


def _results_published(_detail: Detail) -> str:
    return _("Everybody can see how many gave each answer to each question.")


def _counted(detail: Detail) -> str:
    return _(
        "Answers counted by the rule “%(rule)s”, version %(version)s: %(ballots)s.",
        ballots=figures.number(detail["ballots"]),
        rule=verdicts.rule_title(detail["rule"]),
        version=detail["rule_version"],
    )


def _told(detail: Detail) -> str:
    return f"{said(detail['row']['theme'])}."


def _asked_for(detail: Detail) -> str:
    return f"{act_title(detail['act'])}."


def _with_reason(detail: Detail) -> str:
    return _("%(act)s. Reason: %(reason)s", act=act_title(detail["act"]), reason=detail["reason"])


WORDS: dict[type[Fact], FactWords] = {
    Partnership.Formed: FactWords(N_("The partnership was formed")),
    Partnership.AreaDefined: FactWords(N_("The wards and their populations were set")),
    Partnership.MemberJoined: FactWords(N_("A member joined the partnership")),
    Partnership.MemberLeft: FactWords(N_("A member left the partnership")),
    Partnership.SubPartnershipCreated: FactWords(N_("A themed group was set up")),
    Partnership.LookSet: FactWords(N_("The look of the pages was changed")),
    Partnership.Redescribed: FactWords(N_("The partnership was described anew")),
    Partnership.ParticularsStated: FactWords(N_("The partnership said how to reach it")),
    Consultation.Drafted: FactWords(N_("A draft was begun")),
    ShortName.Taken: FactWords(N_("It got its address")),
    Consultation.Described: FactWords(N_("Title and overview were written")),
    Consultation.QuestionAdded: FactWords(N_("A question was added")),
    Consultation.QuestionChanged: FactWords(N_("A question was changed")),
    Consultation.QuestionRemoved: FactWords(N_("A question was removed")),
    Consultation.OptionAdded: FactWords(N_("An option was added")),
    Consultation.OptionChanged: FactWords(N_("An option was changed")),
    Consultation.OptionRemoved: FactWords(N_("An option was removed")),
    Consultation.TermsFixed: FactWords(N_("The terms were written")),
    Consultation.Opened: FactWords(N_("Consultation opened"), _opened),
    Consultation.PeriodExtended: FactWords(N_("Closing date changed"), _extended),
    Consultation.Paused: FactWords(N_("Consultation paused"), _paused),
    Consultation.Resumed: FactWords(N_("Consultation went on"), _resumed),
    Consultation.CodesIssued: FactWords(N_("Codes for letters were made")),
    Consultation.CodesVoided: FactWords(N_("Codes for letters were stopped")),
    Consultation.Closed: FactWords(N_("Consultation closed"), _closed),
    Consultation.ResultsPublished: FactWords(N_("Results published"), _results_published),
    Consultation.LotDrawn: FactWords(N_("The draw that decides ties was entered")),
    Consultation.Withdrawn: FactWords(N_("Consultation stopped"), _withdrawn),
    Count.Counted: FactWords(N_("Count finished"), _counted),
    Count.Published: FactWords(N_("A count was published")),
    Count.Superseded: FactWords(N_("Count replaced by a later one")),
    Ballot.Cast: FactWords(N_("Somebody answered")),
    Ballot.Replaced: FactWords(N_("Somebody changed their answers")),
    Ballot.Withdrawn: FactWords(N_("Somebody took their answers back")),
    Ballot.Voided: FactWords(N_("An answer was set aside")),
    Response.Submitted: FactWords(N_("Somebody answered")),
    Response.Replaced: FactWords(N_("Somebody changed their answers")),
    Response.Withdrawn: FactWords(N_("Somebody took their answers back")),
    Response.CampaignGrouped: FactWords(N_("An answer was marked as part of a campaign")),
    FollowUp.Published: FactWords(N_("People were told what came of it"), _told),
    FollowUp.Changed: FactWords(N_("What came of it was brought up to date"), _told),
    Interest.Declared: FactWords(N_("A member declared an interest")),
    Interest.Ended: FactWords(N_("An interest of a member ended")),
    Partnership.Constituted: FactWords(N_("It was said what the partnership is and decides")),
    Seat.SetUp: FactWords(N_("A seat on the board was set up")),
    Seat.Filled: FactWords(N_("A seat on the board was filled")),
    Seat.Vacated: FactWords(N_("A seat on the board became vacant")),
    Seat.GivenUp: FactWords(N_("A seat on the board was given up")),
    Approval.Asked: FactWords(N_("Somebody asked for what needs two people"), _asked_for),
    Approval.Given: FactWords(N_("A second person agreed, in another role"), _asked_for),
    Approval.TakenAlone: FactWords(
        N_("One person did alone what needs two, because there was no second"), _with_reason
    ),
    Approval.Declined: FactWords(N_("What needs two people was refused"), _asked_for),
    Approval.Expired: FactWords(N_("Nobody agreed in time to what needs two people"), _asked_for),
    Approval.CarriedOut: FactWords(N_("What two people agreed to was done"), _asked_for),
    StaffMember.AccountMade: FactWords(N_("Somebody got an account")),
    StaffMember.RoleGranted: FactWords(N_("Somebody got a role")),
    StaffMember.RoleEnded: FactWords(N_("A role of somebody ended")),
    DataProtectionCase.PersonalDataErased: FactWords(N_("Somebody's personal data was erased")),
    DataProtectionCase.RetentionRun: FactWords(
        N_("Personal data was erased because its time was up")
    ),
    DataProtectionCase.KeyDestroyed: FactWords(N_("Nothing links answers to people any more")),
    DataProtectionCase.LegalHoldSet: FactWords(N_("A legal hold keeps the data for now")),
    DataProtectionCase.LegalHoldLifted: FactWords(N_("The legal hold ended")),
    DataProtectionCase.WordsRead: FactWords(N_("What people wrote was read")),
    DataProtectionCase.WordsExported: FactWords(N_("What people wrote was exported to a file")),
    DataProtectionCase.FileTaken: FactWords(N_("A file that the public does not get was taken")),
    DataProtectionCase.CopyGiven: FactWords(N_("A copy of somebody's personal data was taken")),
    DataProtectionCase.CountRead: FactWords(N_("Staff counted what the public cannot count")),
    DataProtectionCase.ReferencesLookedUp: FactWords(N_("Answers sent by staff were looked up")),
}


def title_of(topic: str) -> str:
    """Return the title of a fact in the language of the page; unknown topics as they are."""
    return _(WORDS[FACTS[topic]].title) if topic in FACTS else topic


def meaning_of(topic: str, detail: Detail) -> str:
    """Return what a fact means, from its details; "" where its title says all."""
    say = WORDS[FACTS[topic]].meaning if topic in FACTS else None
    return say(detail) if say else ""
