"""Pages about a partnership: what it states, its wards, its people."""
