"""Personal data: requests by its owner, and the work of the data protection officer."""
