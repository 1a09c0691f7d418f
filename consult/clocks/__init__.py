"""The clock of the store, which decides on time limits, and that of people, which names days."""
