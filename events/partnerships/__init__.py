"""What belongs to a partnership beside itself: its members' interests, the seats of its board."""
