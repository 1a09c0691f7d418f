"""Drafts of answers: store what was typed, and remove it. The browser's secret is the right."""

from uuid import UUID

from consult.people.answers import attachments, drafts
from consult.people.answers.drafts import Content
from consult.services import Services


def save_draft(services: Services, secret: str, consultation_id: UUID, content: Content) -> bool:
    """Store a draft, replacing the one before; return False if it is too large."""
    return drafts.save(services.vault, secret, consultation_id, content, now=services.clock())


def delete_draft(services: Services, secret: str, consultation_id: UUID) -> None:
    """Delete a draft with its files and its return code; idempotent."""
    drafts.delete(services.vault, secret, consultation_id)


def remove_file(services: Services, secret: str, consultation_id: UUID, question_id: str) -> None:
    """Delete the file of a draft to one question; idempotent."""
    of = drafts.draft_id(secret)
    attachments.forget_draft(services.vault, of, consultation_id, question_id)
