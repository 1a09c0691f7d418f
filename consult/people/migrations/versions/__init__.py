"""One module for each version of the vault's tables, in their order.

Each spells out the tables as that version made them and imports nothing of `consult.people`: a
migration must do the same for ever, also when the tables of today are other ones.
"""
