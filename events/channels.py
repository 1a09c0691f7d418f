"""The channels through which something was done, by the names that are stored and public."""

ONLINE, PAPER, TELEPHONE, ASSISTED = "online", "paper", "telephone", "assisted"
CHANNELS = (ONLINE, PAPER, TELEPHONE, ASSISTED)
"""Assisted is with help, in person."""
AT_A_DESK = (ASSISTED, TELEPHONE, PAPER)
"""Those of answers that staff send for somebody, in the order offered."""
