"""What is done with a consultation that has opened."""
