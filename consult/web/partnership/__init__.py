"""Pages about a partnership: its public statement, its wards, its people."""
