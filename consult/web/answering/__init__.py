"""Taking part: from the start page to sending answers."""
