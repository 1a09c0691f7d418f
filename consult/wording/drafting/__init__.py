"""What is said to those who draw a consultation up."""
