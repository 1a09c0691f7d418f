"""Files of votes and answers, in and out."""
