"""The vault: the data that must be erasable, and nothing else.

Keys, drafts, free text, staff and their sign-in links are stored here, never in the record.
"""
