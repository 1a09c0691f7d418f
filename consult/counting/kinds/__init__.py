"""What the tally of each kind of question has besides the number of answers."""
