"""Free text, files and equality answers, and drafts that are not sent yet."""
