"""Words of what stands in a list: roles, states, channels, levels and facts, a row for each."""
