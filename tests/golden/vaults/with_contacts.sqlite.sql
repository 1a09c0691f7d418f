CREATE TABLE attachment (
    commitment VARCHAR(64) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    subject_id CHAR(32),
    draft_id VARCHAR(64) NOT NULL,
    question_id VARCHAR(64) NOT NULL,
    name VARCHAR(100) NOT NULL,
    kind VARCHAR(8) NOT NULL,
    size_bytes INTEGER NOT NULL,
    scan VARCHAR(12) NOT NULL,
    content BLOB NOT NULL,
    salt BLOB NOT NULL,
    kept_at DATETIME NOT NULL,
    PRIMARY KEY (commitment)
);
CREATE INDEX attachment_by_consultation ON attachment (consultation_id);
CREATE INDEX attachment_by_draft ON attachment (draft_id);
CREATE INDEX attachment_by_subject ON attachment (subject_id);
INSERT INTO attachment (commitment, consultation_id, subject_id, draft_id, question_id, name, kind, size_bytes, scan, content, salt, kept_at)
VALUES ('attachment commitment', 'e99a5cb904b055dd92ec8b8f71d39189', '5e441f2c8d7452b3ab423935507dd456', 'attachment draft_id', 'attachment question_id', 'attachment name', 'attachme', 1, 'attachment s', X'636f6e74656e74', X'73616c74', '2026-11-20 12:00:00.000000');
CREATE TABLE contact (
    id CHAR(32) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    email VARCHAR(254) NOT NULL,
    language VARCHAR(8) NOT NULL,
    owner VARCHAR(43) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (owner)
)
 WITHOUT ROWID;
CREATE INDEX contact_by_consultation ON contact (consultation_id);
INSERT INTO contact (id, consultation_id, email, language, owner)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'e99a5cb904b055dd92ec8b8f71d39189', 'contact email', 'contact ', 'contact owner');
CREATE TABLE draft (
    id VARCHAR(64) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    content TEXT NOT NULL,
    changed_at DATETIME NOT NULL,
    PRIMARY KEY (id, consultation_id)
);
CREATE INDEX draft_by_age ON draft (changed_at);
INSERT INTO draft (id, consultation_id, content, changed_at)
VALUES ('draft id', 'e99a5cb904b055dd92ec8b8f71d39189', 'draft content', '2026-11-20 12:00:00.000000');
CREATE TABLE email_code (
    id VARCHAR(64) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    email VARCHAR(254) NOT NULL,
    code VARCHAR(43) NOT NULL,
    until DATETIME NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX email_code_by_age ON email_code (until);
INSERT INTO email_code (id, consultation_id, email, code, until, tries)
VALUES ('email_code id', 'e99a5cb904b055dd92ec8b8f71d39189', 'email_code email', 'email_code code', '2026-11-20 12:00:00.000000', 1);
CREATE TABLE equality_answer (
    id CHAR(32) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    question VARCHAR(64) NOT NULL,
    value VARCHAR(64) NOT NULL,
    owner VARCHAR(43) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (owner)
)
 WITHOUT ROWID;
CREATE INDEX equality_by_consultation ON equality_answer (consultation_id, question);
INSERT INTO equality_answer (id, consultation_id, question, value, owner)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'e99a5cb904b055dd92ec8b8f71d39189', 'equality_answer question', 'equality_answer value', 'equality_answer owner');
CREATE TABLE free_text (
    commitment VARCHAR(64) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    subject_id CHAR(32) NOT NULL,
    question_id VARCHAR(64) NOT NULL,
    words TEXT NOT NULL,
    salt BLOB NOT NULL,
    kept_at DATETIME,
    PRIMARY KEY (commitment)
);
CREATE INDEX free_text_by_consultation ON free_text (consultation_id);
CREATE INDEX free_text_by_subject ON free_text (subject_id);
INSERT INTO free_text (commitment, consultation_id, subject_id, question_id, words, salt, kept_at)
VALUES ('free_text commitment', 'e99a5cb904b055dd92ec8b8f71d39189', '5e441f2c8d7452b3ab423935507dd456', 'free_text question_id', 'free_text words', X'73616c74', '2026-11-20 12:00:00.000000');
CREATE TABLE "key" (
    name VARCHAR(100) NOT NULL,
    secret BLOB NOT NULL,
    PRIMARY KEY (name)
);
INSERT INTO key (name, secret)
VALUES ('key name', X'736563726574');
CREATE TABLE letter_code (
    code_hash VARCHAR(22) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    batch_id VARCHAR(32) NOT NULL,
    kept_at DATETIME NOT NULL,
    PRIMARY KEY (code_hash)
)
 WITHOUT ROWID;
CREATE INDEX letter_code_by_batch ON letter_code (batch_id);
CREATE INDEX letter_code_by_consultation ON letter_code (consultation_id);
INSERT INTO letter_code (code_hash, consultation_id, batch_id, kept_at)
VALUES ('letter_code code_hash', 'e99a5cb904b055dd92ec8b8f71d39189', 'letter_code batch_id', '2026-11-20 12:00:00.000000');
CREATE TABLE mark (
    name VARCHAR(40) NOT NULL,
    position BIGINT NOT NULL,
    at DATETIME,
    PRIMARY KEY (name)
);
INSERT INTO mark (name, position, at)
VALUES ('mark name', 1, '2026-11-20 12:00:00.000000');
CREATE TABLE outbox (
    id CHAR(32) NOT NULL,
    consultation_id CHAR(32),
    recipient VARCHAR(254) NOT NULL,
    subject VARCHAR(200) NOT NULL,
    text TEXT NOT NULL,
    headers TEXT NOT NULL,
    put_at DATETIME NOT NULL,
    until DATETIME NOT NULL,
    next_at DATETIME NOT NULL,
    tries INTEGER NOT NULL,
    PRIMARY KEY (id)
);
CREATE INDEX outbox_by_turn ON outbox (next_at);
INSERT INTO outbox (id, consultation_id, recipient, subject, text, headers, put_at, until, next_at, tries)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'e99a5cb904b055dd92ec8b8f71d39189', 'outbox recipient', 'outbox subject', 'outbox text', 'outbox headers', '2026-11-20 12:00:00.000000', '2026-11-20 12:00:00.000000', '2026-11-20 12:00:00.000000', 1);
CREATE TABLE return_code (
    code_hash VARCHAR(64) NOT NULL,
    draft_id VARCHAR(64) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    mails INTEGER NOT NULL,
    made_at DATETIME NOT NULL,
    PRIMARY KEY (code_hash)
);
CREATE INDEX return_code_by_draft ON return_code (draft_id);
INSERT INTO return_code (code_hash, draft_id, consultation_id, mails, made_at)
VALUES ('return_code code_hash', 'return_code draft_id', 'e99a5cb904b055dd92ec8b8f71d39189', 1, '2026-11-20 12:00:00.000000');
CREATE TABLE role (
    staff_id CHAR(32) NOT NULL,
    partnership_id CHAR(32) NOT NULL,
    role VARCHAR(40) NOT NULL,
    PRIMARY KEY (staff_id, partnership_id, role)
);
INSERT INTO role (staff_id, partnership_id, role)
VALUES ('df73f211536758468488a61b0d30cc97', 'ea901caf6686520a86c9ca8224cbe21a', 'role role');
CREATE TABLE sign_in_link (
    token_hash VARCHAR(64) NOT NULL,
    staff_id CHAR(32) NOT NULL,
    expires_at DATETIME NOT NULL,
    used INTEGER NOT NULL,
    PRIMARY KEY (token_hash)
);
INSERT INTO sign_in_link (token_hash, staff_id, expires_at, used)
VALUES ('sign_in_link token_hash', 'df73f211536758468488a61b0d30cc97', '2026-11-20 12:00:00.000000', 1);
CREATE TABLE staff (
    id CHAR(32) NOT NULL,
    email VARCHAR(254) NOT NULL,
    name VARCHAR(200) NOT NULL,
    PRIMARY KEY (id),
    UNIQUE (email)
);
INSERT INTO staff (id, email, name)
VALUES ('31cb911a5b9f5be9b1c4467459601ae6', 'staff email', 'staff name');
