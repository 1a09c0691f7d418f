"""The people who run consultations: opaque references here; names are in the vault."""
