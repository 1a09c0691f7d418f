"""Import and export of files of votes and answers."""
