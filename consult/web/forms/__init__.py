"""Forms of the staff: fields, their form, the way from what is posted to a command."""
