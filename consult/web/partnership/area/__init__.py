"""The area of a partnership: its wards, from lines, files and lists."""
