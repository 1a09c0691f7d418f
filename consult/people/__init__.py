"""The vault: everything that must be erasable, and nothing else.

Keys, drafts, free text, staff and their sign-in links live here and never in the record.
"""
