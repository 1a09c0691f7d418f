"""Titles of facts in the trail: one for every topic."""

from consult.wording.language import N_
from consult.wording.language import gettext as _

TITLES = {
    "consult.partnership.formed": N_("The partnership was formed"),
    "consult.partnership.area_defined": N_("The wards and their populations were set"),
    "consult.partnership.member_joined": N_("A member joined the partnership"),
    "consult.partnership.member_left": N_("A member left the partnership"),
    "consult.partnership.sub_partnership_created": N_("A themed group was set up"),
    "consult.partnership.look_set": N_("The look of the pages was changed"),
    "consult.partnership.redescribed": N_("The partnership was described anew"),
    "consult.partnership.particulars_stated": N_("The partnership said how to reach it"),
    "consult.consultation.drafted": N_("A draft was begun"),
    "consult.short_name.taken": N_("It got its address"),
    "consult.consultation.described": N_("Title and overview were written"),
    "consult.consultation.question_added": N_("A question was added"),
    "consult.consultation.question_changed": N_("A question was changed"),
    "consult.consultation.question_removed": N_("A question was removed"),
    "consult.consultation.option_added": N_("An option was added"),
    "consult.consultation.option_changed": N_("An option was changed"),
    "consult.consultation.option_removed": N_("An option was removed"),
    "consult.consultation.terms_fixed": N_("The terms were written"),
    "consult.consultation.opened": N_("Consultation opened"),
    "consult.consultation.period_extended": N_("Closing date changed"),
    "consult.consultation.paused": N_("Consultation paused"),
    "consult.consultation.resumed": N_("Consultation went on"),
    "consult.consultation.codes_issued": N_("Codes for letters were made"),
    "consult.consultation.codes_voided": N_("Codes for letters were stopped"),
    "consult.consultation.closed": N_("Consultation closed"),
    "consult.consultation.results_published": N_("Results published"),
    "consult.consultation.lot_drawn": N_("The draw that decides ties was entered"),
    "consult.consultation.withdrawn": N_("Consultation stopped"),
    "consult.count.counted": N_("Count finished"),
    "consult.count.published": N_("A count was published"),
    "consult.count.superseded": N_("Count replaced by a later one"),
    "consult.ballot.cast": N_("Somebody answered"),
    "consult.ballot.replaced": N_("Somebody changed their answers"),
    "consult.ballot.withdrawn": N_("Somebody took their answers back"),
    "consult.ballot.voided": N_("An answer was set aside"),
    "consult.response.submitted": N_("Somebody answered"),
    "consult.response.replaced": N_("Somebody changed their answers"),
    "consult.response.withdrawn": N_("Somebody took their answers back"),
    "consult.response.campaign_grouped": N_("An answer was marked as part of a campaign"),
    "consult.follow_up.published": N_("People were told what came of it"),
    "consult.follow_up.changed": N_("What came of it was brought up to date"),
    "consult.interest.declared": N_("A member declared an interest"),
    "consult.interest.ended": N_("An interest of a member ended"),
    "consult.disclosure.personal_data_erased": N_("Somebody's personal data was erased"),
    "consult.disclosure.retention_run": N_("Personal data was erased because its time was up"),
    "consult.disclosure.key_destroyed": N_("Nothing links answers to people any more"),
    "consult.disclosure.legal_hold_set": N_("A legal hold keeps the data for now"),
    "consult.disclosure.legal_hold_lifted": N_("The legal hold ended"),
    "consult.disclosure.words_read": N_("What people wrote was read"),
    "consult.disclosure.words_exported": N_("What people wrote was exported to a file"),
    "consult.disclosure.file_taken": N_("A file that the public does not get was taken"),
    "consult.disclosure.copy_given": N_("A copy of somebody's personal data was taken"),
    "consult.disclosure.count_read": N_("Staff counted what the public cannot count"),
    "consult.disclosure.references_looked_up": N_("Answers sent by staff were looked up"),
}


def title_of(topic: str) -> str:
    """Return the title of a fact in the language of the page; unknown topics as they are."""
    known = TITLES.get(topic.rpartition(".")[0])
    return _(known) if known else topic
