"""Each kind of job: its parameters, and what does it."""
