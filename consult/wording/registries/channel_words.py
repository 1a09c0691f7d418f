"""Channels in words: a row for each."""

from typing import NamedTuple

from consult.wording.language import N_
from consult.wording.language import gettext as _
from events.channels import ASSISTED, AT_A_DESK, ONLINE, PAPER, TELEPHONE


class ChannelWords(NamedTuple):
    """What a channel is called, and at a desk how staff are in touch with somebody."""

    title: str
    at_desk: str = ""


CHANNELS = {
    ONLINE: ChannelWords(N_("Online")),
    PAPER: ChannelWords(N_("On paper"), N_("I type in what they wrote on paper")),
    TELEPHONE: ChannelWords(N_("By telephone"), N_("They are on the telephone")),
    ASSISTED: ChannelWords(N_("With help, in person"), N_("They are here, at the desk")),
}
TITLES = {channel: words.title for channel, words in CHANNELS.items()}


def channel_name(channel: str) -> str:
    """Return the name of a channel in the language of the page; an unknown one as it is."""
    return _(TITLES[channel]) if channel in TITLES else channel


def channels_at_desk() -> list[tuple[str, str]]:
    """Return the channels that staff choose from, each with how they are in touch."""
    return [(channel, _(CHANNELS[channel].at_desk)) for channel in AT_A_DESK]
