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
CREATE TABLE free_text (
    commitment VARCHAR(64) NOT NULL,
    consultation_id CHAR(32) NOT NULL,
    subject_id CHAR(32) NOT NULL,
    question_id VARCHAR(64) NOT NULL,
    words TEXT NOT NULL,
    salt BLOB NOT NULL,
    PRIMARY KEY (commitment)
);
CREATE INDEX free_text_by_consultation ON free_text (consultation_id);
CREATE INDEX free_text_by_subject ON free_text (subject_id);
INSERT INTO free_text (commitment, consultation_id, subject_id, question_id, words, salt)
VALUES ('free_text commitment', 'e99a5cb904b055dd92ec8b8f71d39189', '5e441f2c8d7452b3ab423935507dd456', 'free_text question_id', 'free_text words', X'73616c74');
CREATE TABLE "key" (
    name VARCHAR(100) NOT NULL,
    secret BLOB NOT NULL,
    PRIMARY KEY (name)
);
INSERT INTO key (name, secret)
VALUES ('key name', X'736563726574');
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
