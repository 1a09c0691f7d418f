"""Accounts of people who run consultations."""
