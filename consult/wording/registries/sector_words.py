"""Names of the sectors that members of a partnership belong to, and of the tiers of councils."""

from consult.wording.language import N_

SECTOR_WORDS = {
    "statutory": N_("Statutory (public bodies)"),
    "private": N_("Private (business)"),
    "voluntary": N_("Voluntary"),
    "community": N_("Community"),
}
TIER_WORDS = {
    "unitary": N_("One council does all (a unitary, metropolitan, London, Scottish or Welsh one)"),
    "county": N_("A county council, with districts in it"),
    "district": N_("A district council, in a county"),
    "none": N_("The area is not that of a council"),
}
