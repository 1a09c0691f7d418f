"""The tables of the vault.

A column marked PERSONAL has somebody's words or address; the database then keeps no
statistics of its values, which would outlive the rows.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    Uuid,
)

from consult.people.metadata import PERSONAL, metadata
from consult.people.work_tables import job, trouble

__all__ = ["job", "metadata", "trouble"]

key = Table(
    "key",
    metadata,
    Column("name", String(100), primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    comment="secrets: two per consultation, and those of the site; empty once destroyed",
)

draft = Table(
    "draft",
    metadata,
    Column("id", String(64), nullable=False),
    Column("consultation_id", Uuid, nullable=False),
    Column("content", Text, nullable=False, info=PERSONAL),
    Column("changed_at", DateTime(timezone=True), nullable=False),
    PrimaryKeyConstraint("id", "consultation_id"),
    Index("draft_by_age", "changed_at"),
    comment="answers not sent yet; id is a hash of the secret in the person's browser",
)

free_text = Table(
    "free_text",
    metadata,
    Column("commitment", String(64), primary_key=True),
    Column("consultation_id", Uuid, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("question_id", String(64), nullable=False),
    Column("words", Text, nullable=False, info=PERSONAL),
    Column("salt", LargeBinary, nullable=False, info=PERSONAL),
    Column("kept_at", DateTime(timezone=True)),
    Index("free_text_by_subject", "subject_id"),
    Index("free_text_by_consultation", "consultation_id"),
    comment="what people wrote; the record holds only the commitment",
)

attachment = Table(
    "attachment",
    metadata,
    Column("commitment", String(64), primary_key=True),
    Column("consultation_id", Uuid, nullable=False),
    Column("subject_id", Uuid),
    Column("draft_id", String(64), nullable=False),
    Column("question_id", String(64), nullable=False),
    Column("name", String(100), nullable=False, info=PERSONAL),
    Column("kind", String(8), nullable=False),
    Column("size_bytes", Integer, nullable=False),
    Column("scan", String(12), nullable=False),
    Column("content", LargeBinary, nullable=False, info=PERSONAL),
    Column("salt", LargeBinary, nullable=False, info=PERSONAL),
    Column("kept_at", DateTime(timezone=True), nullable=False),
    Index("attachment_by_draft", "draft_id"),
    Index("attachment_by_subject", "subject_id"),
    Index("attachment_by_consultation", "consultation_id"),
    comment="files people attached; the record holds only the commitment",
)

read_mark = Table(
    "read_mark",
    metadata,
    Column("commitment", String(64), primary_key=True),
    Column("consultation_id", Uuid, nullable=False),
    Column("staff_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Index("read_mark_by_consultation", "consultation_id"),
    comment="which texts and files somebody has marked as read; goes with them",
)

return_code = Table(
    "return_code",
    metadata,
    Column("code_hash", String(64), primary_key=True),
    Column("draft_id", String(64), nullable=False),
    Column("consultation_id", Uuid, nullable=False),
    Column("mails", Integer, nullable=False, default=0),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Index("return_code_by_draft", "draft_id"),
    comment="leads from a code, kept as a keyed hash, to the draft of whoever has it",
)

contact = Table(
    "contact",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("consultation_id", Uuid, nullable=False),
    Column("email", String(254), nullable=False, info=PERSONAL),
    Column("language", String(8), nullable=False),
    Column("owner", String(43), nullable=False, unique=True),
    Column("mailbox", String(43)),
    Column("waiting_since", DateTime(timezone=True)),
    Index("contact_by_consultation", "consultation_id"),
    sqlite_with_rowid=False,
    comment="whom to tell how it ends; id is random and in the link that stops it; mailbox is a "
    "keyed hash; waiting until the person has confirmed the address",
)

told = Table(
    "told",
    metadata,
    Column("consultation_id", Uuid, nullable=False),
    Column("mailbox", String(43), nullable=False),
    Column("event", String(80), nullable=False),
    PrimaryKeyConstraint("consultation_id", "mailbox", "event"),
    sqlite_with_rowid=False,
    comment="what a mailbox, as a keyed hash, has been told already; goes with the addresses",
)

equality_answer = Table(
    "equality_answer",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("consultation_id", Uuid, nullable=False),
    Column("question", String(64), nullable=False),
    Column("value", String(64), nullable=False, info=PERSONAL),
    Column("owner", String(43), nullable=False, unique=True),
    Index("equality_by_consultation", "consultation_id", "question"),
    sqlite_with_rowid=False,
    comment="one row for one answer, joined to nobody and to no other answer",
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("consultation_id", Uuid),
    Column("recipient", String(254), nullable=False, info=PERSONAL),
    Column("subject", String(200), nullable=False, info=PERSONAL),
    Column("text", Text, nullable=False, info=PERSONAL),
    Column("headers", Text, nullable=False, info=PERSONAL),
    Column("put_at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("next_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Index("outbox_by_turn", "next_at"),
    comment="mails on their way; gone when a server took them, or when they are of no use",
)

letter_code = Table(
    "letter_code",
    metadata,
    Column("code_hash", String(22), primary_key=True),
    Column("consultation_id", Uuid, nullable=False),
    Column("batch_id", String(32), nullable=False),
    Column("kept_at", DateTime(timezone=True), nullable=False),
    Index("letter_code_by_batch", "batch_id"),
    Index("letter_code_by_consultation", "consultation_id"),
    sqlite_with_rowid=False,
    comment="one-use codes sent by post: a keyed hash of each, and no sign of who used it",
)

email_code = Table(
    "email_code",
    metadata,
    Column("id", String(64), primary_key=True),
    Column("consultation_id", Uuid, nullable=False),
    Column("email", String(254), nullable=False, info=PERSONAL),
    Column("code", String(43), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False, default=0),
    Index("email_code_by_age", "until"),
    comment="codes on their way; the code is a keyed hash, and a row lives a quarter of an hour",
)

attempt = Table(
    "attempt",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("whose", String(43), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False),
    Index("attempt_by_whose", "whose", "at"),
    Index("attempt_by_age", "until"),
    sqlite_with_rowid=False,
    comment="what was asked for lately, to limit how often; by whom is a keyed hash, for an hour",
)

mark = Table(
    "mark",
    metadata,
    Column("name", String(40), primary_key=True),
    Column("position", BigInteger, nullable=False, default=0),
    Column("at", DateTime(timezone=True)),
    comment="up to where in the record, or until when, something was done here",
)

staff = Table(
    "staff",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("email", String(254), nullable=False, unique=True, info=PERSONAL),
    Column("name", String(200), nullable=False, info=PERSONAL),
    comment="people who run consultations: the only place that has their names",
)

setting_up = Table(
    "setting_up",
    metadata,
    Column("name", String(10), primary_key=True),
    Column("token_hash", String(64), nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("browser_hash", String(64), nullable=False),
    Column("staff_id", Uuid),
    Column("slug", String(60), nullable=False),
    comment="the link that sets up a site, and who used it; gone with its first partnership",
)

staff_session = Table(
    "staff_session",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", Uuid, nullable=False),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("seen_at", DateTime(timezone=True), nullable=False),
    Column("way", String(10)),  # how it was begun
    Column("device", String(60)),  # browser and system in words; no address
    Column("confirmed_at", DateTime(timezone=True)),  # when a passkey last showed who it is
    Index("staff_session_by_person", "staff_id"),
    comment="who is signed in; the token itself is in their browser only",
)

passkey = Table(
    "passkey",
    metadata,
    Column("credential_id", String(1400), primary_key=True),
    Column("staff_id", Uuid, nullable=False),
    Column("public_key", LargeBinary, nullable=False),
    Column("counter", BigInteger, nullable=False),
    Column("name", String(100), nullable=False, info=PERSONAL),
    Column("made_at", DateTime(timezone=True), nullable=False),
    Column("used_at", DateTime(timezone=True)),
    Index("passkey_by_person", "staff_id"),
    comment="what signs people in who run consultations: the public half; the other is with them",
)

recovery_code = Table(
    "recovery_code",
    metadata,
    Column("staff_id", Uuid, primary_key=True),
    Column("code_hash", String(43), nullable=False),
    Column("made_at", DateTime(timezone=True), nullable=False),
    comment="what somebody on the staff wrote down in case their passkeys are lost, as a keyed "
    "hash; gone when used",
)

staff_identity = Table(
    "staff_identity",
    metadata,
    Column("who_hash", String(43), primary_key=True),
    Column("staff_id", Uuid, nullable=False),
    Index("staff_identity_by_person", "staff_id"),
    comment="accounts elsewhere that staff sign in with, as a keyed hash",
)

sign_in_link = Table(
    "sign_in_link",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("staff_id", Uuid, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("used", Integer, nullable=False, default=0),
    Column("asked_in", String(64)),  # a hash of the secret of the browser that asked
    Column("code_hash", String(43)),  # keyed; of the code that any other browser is asked for
    Column("tries", Integer),
    comment="links that sign somebody in once; the token itself is in the mail only",
)
