CREATE SCHEMA people;
SET search_path TO people;
CREATE TABLE attachment (
    commitment VARCHAR(64) NOT NULL,
    consultation_id UUID NOT NULL,
    subject_id UUID,
    draft_id VARCHAR(64) NOT NULL,
    question_id VARCHAR(64) NOT NULL,
    name VARCHAR(100) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    size_bytes INTEGER NOT NULL,
    scan VARCHAR(12) NOT NULL,
    content BYTEA NOT NULL,
    salt BYTEA NOT NULL,
    kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (commitment)
);
CREATE INDEX attachment_by_consultation ON attachment (consultation_id);
CREATE INDEX attachment_by_draft ON attachment (draft_id);
CREATE INDEX attachment_by_subject ON attachment (subject_id);
COMMENT ON TABLE attachment IS 'files people attached; the record holds only the commitment';
INSERT INTO attachment (commitment, consultation_id, subject_id, draft_id, question_id, name, kind, size_bytes, scan, content, salt, kept_at)
VALUES ('attachment commitment', 'e99a5cb904b055dd92ec8b8f71d39189', '5e441f2c8d7452b3ab423935507dd456', 'attachment draft_id', 'attachment question_id', 'attachment name', 'attachme', 1, 'attachment s', '\x636f6e74656e74', '\x73616c74', '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE attempt (
    id UUID NOT NULL,
    whose VARCHAR(43) NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX attempt_by_age ON attempt (until);
CREATE INDEX attempt_by_whose ON attempt (whose, at);
COMMENT ON TABLE attempt IS 'what was asked for lately, to limit how often; by whom is a keyed hash, for an hour';
INSERT INTO attempt (id, whose, at, until)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'attempt whose', '2026-11-20 12:00:00.000000+00:00', '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE contact (
    id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    email VARCHAR(254) NOT NULL,
    language VARCHAR(8) NOT NULL,
    owner VARCHAR(43) NOT NULL,
    mailbox VARCHAR(43),
    waiting_since TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (id),
    UNIQUE (owner)
);
CREATE INDEX contact_by_consultation ON contact (consultation_id);
COMMENT ON TABLE contact IS 'whom to tell how it ends; id is random and in the link that stops it; mailbox is a keyed hash; waiting until the person has confirmed the address';
INSERT INTO contact (id, consultation_id, email, language, owner, mailbox, waiting_since)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'e99a5cb904b055dd92ec8b8f71d39189', 'contact email', 'contact ', 'contact owner', 'contact mailbox', '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE draft (
    id VARCHAR(64) NOT NULL,
    consultation_id UUID NOT NULL,
    content TEXT NOT NULL,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (id, consultation_id)
);
CREATE INDEX draft_by_age ON draft (changed_at);
COMMENT ON TABLE draft IS 'answers not sent yet; id is a hash of the secret in the person''s browser';
INSERT INTO draft (id, consultation_id, content, changed_at)
VALUES ('draft id', 'e99a5cb904b055dd92ec8b8f71d39189', 'draft content', '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE email_code (
    id VARCHAR(64) NOT NULL,
    consultation_id UUID NOT NULL,
    email VARCHAR(254) NOT NULL,
    code VARCHAR(43) NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX email_code_by_age ON email_code (until);
COMMENT ON TABLE email_code IS 'codes on their way; the code is a keyed hash, and a row lives a quarter of an hour';
INSERT INTO email_code (id, consultation_id, email, code, until, tries)
VALUES ('email_code id', 'e99a5cb904b055dd92ec8b8f71d39189', 'email_code email', 'email_code code', '2026-11-20 12:00:00.000000+00:00', 1);
CREATE TABLE equality_answer (
    id UUID NOT NULL,
    consultation_id UUID NOT NULL,
    question VARCHAR(64) NOT NULL,
    value VARCHAR(64) NOT NULL,
    owner VARCHAR(43) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (owner)
);
CREATE INDEX equality_by_consultation ON equality_answer (consultation_id, question);
COMMENT ON TABLE equality_answer IS 'one row for one answer, joined to nobody and to no other answer';
INSERT INTO equality_answer (id, consultation_id, question, value, owner)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'e99a5cb904b055dd92ec8b8f71d39189', 'equality_answer question', 'equality_answer value', 'equality_answer owner');
CREATE TABLE free_text (
    commitment VARCHAR(64) NOT NULL,
    consultation_id UUID NOT NULL,
    subject_id UUID NOT NULL,
    question_id VARCHAR(64) NOT NULL,
    words TEXT NOT NULL,
    salt BYTEA NOT NULL,
    kept_at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (commitment)
);
CREATE INDEX free_text_by_consultation ON free_text (consultation_id);
CREATE INDEX free_text_by_subject ON free_text (subject_id);
COMMENT ON TABLE free_text IS 'what people wrote; the record holds only the commitment';
INSERT INTO free_text (commitment, consultation_id, subject_id, question_id, words, salt, kept_at)
VALUES ('free_text commitment', 'e99a5cb904b055dd92ec8b8f71d39189', '5e441f2c8d7452b3ab423935507dd456', 'free_text question_id', 'free_text words', '\x73616c74', '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE key (
    name VARCHAR(100) NOT NULL,
    secret BYTEA NOT NULL,
    PRIMARY KEY (name)
);
COMMENT ON TABLE key IS 'secrets: two per consultation, and those of the site; empty once destroyed';
INSERT INTO key (name, secret)
VALUES ('key name', '\x736563726574');
CREATE TABLE letter_code (
    code_hash VARCHAR(22) NOT NULL,
    consultation_id UUID NOT NULL,
    batch_id VARCHAR(32) NOT NULL,
    kept_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (code_hash)
);
CREATE INDEX letter_code_by_batch ON letter_code (batch_id);
CREATE INDEX letter_code_by_consultation ON letter_code (consultation_id);
COMMENT ON TABLE letter_code IS 'one-use codes sent by post: a keyed hash of each, and no sign of who used it';
INSERT INTO letter_code (code_hash, consultation_id, batch_id, kept_at)
VALUES ('letter_code code_hash', 'e99a5cb904b055dd92ec8b8f71d39189', 'letter_code batch_id', '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE mark (
    name VARCHAR(40) NOT NULL,
    position BIGINT NOT NULL,
    at TIMESTAMP WITH TIME ZONE,
    PRIMARY KEY (name)
);
COMMENT ON TABLE mark IS 'up to where in the record, or until when, something was done here';
INSERT INTO mark (name, position, at)
VALUES ('mark name', 1, '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE outbox (
    id UUID NOT NULL,
    consultation_id UUID,
    recipient VARCHAR(254) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    text TEXT NOT NULL,
    headers TEXT NOT NULL,
    put_at TIMESTAMP WITH TIME ZONE NOT NULL,
    until TIMESTAMP WITH TIME ZONE NOT NULL,
    next_at TIMESTAMP WITH TIME ZONE NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX outbox_by_turn ON outbox (next_at);
COMMENT ON TABLE outbox IS 'mails on their way; gone when a server took them, or when they are of no use';
INSERT INTO outbox (id, consultation_id, recipient, subject, text, headers, put_at, until, next_at, tries)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'e99a5cb904b055dd92ec8b8f71d39189', 'outbox recipient', 'outbox subject', 'outbox text', 'outbox headers', '2026-11-20 12:00:00.000000+00:00', '2026-11-20 12:00:00.000000+00:00', '2026-11-20 12:00:00.000000+00:00', 1);
CREATE TABLE read_mark (
    commitment VARCHAR(64) NOT NULL,
    consultation_id UUID NOT NULL,
    staff_id UUID NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (commitment)
);
CREATE INDEX read_mark_by_consultation ON read_mark (consultation_id);
COMMENT ON TABLE read_mark IS 'which texts and files somebody has marked as read; goes with them';
INSERT INTO read_mark (commitment, consultation_id, staff_id, at)
VALUES ('read_mark commitment', 'e99a5cb904b055dd92ec8b8f71d39189', 'df73f211536758468488a61b0d30cc97', '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE return_code (
    code_hash VARCHAR(64) NOT NULL,
    draft_id VARCHAR(64) NOT NULL,
    consultation_id UUID NOT NULL,
    mails INTEGER NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (code_hash)
);
CREATE INDEX return_code_by_draft ON return_code (draft_id);
COMMENT ON TABLE return_code IS 'leads from a code, kept as a keyed hash, to the draft of whoever has it';
INSERT INTO return_code (code_hash, draft_id, consultation_id, mails, made_at)
VALUES ('return_code code_hash', 'return_code draft_id', 'e99a5cb904b055dd92ec8b8f71d39189', 1, '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE role (
    staff_id UUID NOT NULL,
    partnership_id UUID NOT NULL,
    role VARCHAR(40) NOT NULL,
    PRIMARY KEY (staff_id, partnership_id, role)
);
COMMENT ON TABLE role IS 'which roles an account holds in which partnership';
INSERT INTO role (staff_id, partnership_id, role)
VALUES ('df73f211536758468488a61b0d30cc97', 'ea901caf6686520a86c9ca8224cbe21a', 'role role');
CREATE TABLE sign_in_link (
    token_hash VARCHAR(64) NOT NULL,
    staff_id UUID NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (token_hash)
);
COMMENT ON TABLE sign_in_link IS 'links that sign somebody in once; the token itself is in the mail only';
INSERT INTO sign_in_link (token_hash, staff_id, expires_at, used)
VALUES ('sign_in_link token_hash', 'df73f211536758468488a61b0d30cc97', '2026-11-20 12:00:00.000000+00:00', 1);
CREATE TABLE staff (
    id UUID NOT NULL,
    email VARCHAR(254) NOT NULL,
    name VARCHAR(200) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (email)
);
COMMENT ON TABLE staff IS 'people who run consultations: the only place that has their names';
INSERT INTO staff (id, email, name)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'staff email', 'staff name');
CREATE TABLE staff_session (
    token_hash VARCHAR(64) NOT NULL,
    staff_id UUID NOT NULL,
    begun_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    PRIMARY KEY (token_hash)
);
CREATE INDEX staff_session_by_person ON staff_session (staff_id);
COMMENT ON TABLE staff_session IS 'who is signed in; the token itself is in their browser only';
INSERT INTO staff_session (token_hash, staff_id, begun_at, seen_at)
VALUES ('staff_session token_hash', 'df73f211536758468488a61b0d30cc97', '2026-11-20 12:00:00.000000+00:00', '2026-11-20 12:00:00.000000+00:00');
CREATE TABLE told (
    consultation_id UUID NOT NULL,
    mailbox VARCHAR(43) NOT NULL,
    event VARCHAR(80) NOT NULL,
    PRIMARY KEY (consultation_id, mailbox, event)
);
COMMENT ON TABLE told IS 'what a mailbox, as a keyed hash, has been told already; goes with the addresses';
INSERT INTO told (consultation_id, mailbox, event)
VALUES ('e99a5cb904b055dd92ec8b8f71d39189', 'told mailbox', 'told event');
