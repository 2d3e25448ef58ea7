-- The application's own tables, as they were before it spoke SCIM.
--
-- A column named *_folded holds the text beside it in its comparison form (filter.Fold): by it the application finds and
-- sorts without regard to case, and the constraint on user_name_folded keeps two people from having one name to sign in with.
-- What is unknown is NULL. Times are UTC text of fixed length, so that they sort as text.

CREATE TABLE users (
    id                  TEXT PRIMARY KEY,
    user_name           TEXT NOT NULL,
    user_name_folded    TEXT NOT NULL CONSTRAINT users_user_name UNIQUE,
    password_hash       TEXT,
    active              BOOLEAN NOT NULL DEFAULT TRUE,
    display_name        TEXT,
    display_name_folded TEXT,
    given_name          TEXT,
    given_name_folded   TEXT,
    family_name         TEXT,
    family_name_folded  TEXT,
    title               TEXT,
    title_folded        TEXT,
    created_at          TEXT NOT NULL,
    updated_at          TEXT NOT NULL
);

CREATE TABLE user_emails (
    user_id      TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    value        TEXT,
    value_folded TEXT,
    display      TEXT,
    type         TEXT,
    type_folded  TEXT,
    is_primary   BOOLEAN,
    PRIMARY KEY (user_id, position)
);

CREATE INDEX user_emails_value ON user_emails (value_folded, user_id);

CREATE TABLE groups (
    id                  TEXT PRIMARY KEY,
    display_name        TEXT NOT NULL,
    display_name_folded TEXT NOT NULL,
    created_at          TEXT NOT NULL,
    updated_at          TEXT NOT NULL
);

CREATE INDEX groups_display_name ON groups (display_name_folded);

CREATE TABLE memberships (
    group_id TEXT NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id  TEXT NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);

CREATE INDEX memberships_user ON memberships (user_id);
