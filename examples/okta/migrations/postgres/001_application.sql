-- The application's own tables, as they were before it spoke SCIM.
--
-- A column named *_folded holds the text beside it in its comparison form (filter.Fold): by it the application finds and
-- sorts without regard to case, and the constraint on user_name_folded keeps two people from having one name to sign in with.
-- What is unknown is NULL. COLLATE "C" sorts by code point, as SCIM does, whatever the collation of the database.

CREATE TABLE users (
    id                  TEXT COLLATE "C" PRIMARY KEY,
    user_name           TEXT COLLATE "C" NOT NULL,
    user_name_folded    TEXT COLLATE "C" NOT NULL CONSTRAINT users_user_name UNIQUE,
    password_hash       TEXT COLLATE "C",
    active              BOOLEAN NOT NULL DEFAULT TRUE,
    display_name        TEXT COLLATE "C",
    display_name_folded TEXT COLLATE "C",
    given_name          TEXT COLLATE "C",
    given_name_folded   TEXT COLLATE "C",
    family_name         TEXT COLLATE "C",
    family_name_folded  TEXT COLLATE "C",
    title               TEXT COLLATE "C",
    title_folded        TEXT COLLATE "C",
    created_at          TIMESTAMPTZ NOT NULL,
    updated_at          TIMESTAMPTZ NOT NULL
);

CREATE TABLE user_emails (
    user_id      TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    value        TEXT COLLATE "C",
    value_folded TEXT COLLATE "C",
    display      TEXT COLLATE "C",
    type         TEXT COLLATE "C",
    type_folded  TEXT COLLATE "C",
    is_primary   BOOLEAN,
    PRIMARY KEY (user_id, position)
);

CREATE INDEX user_emails_value ON user_emails (value_folded, user_id);

CREATE TABLE groups (
    id                  TEXT COLLATE "C" PRIMARY KEY,
    display_name        TEXT COLLATE "C" NOT NULL,
    display_name_folded TEXT COLLATE "C" NOT NULL,
    created_at          TIMESTAMPTZ NOT NULL,
    updated_at          TIMESTAMPTZ NOT NULL
);

CREATE INDEX groups_display_name ON groups (display_name_folded);

CREATE TABLE memberships (
    group_id TEXT COLLATE "C" NOT NULL REFERENCES groups (id) ON DELETE CASCADE,
    user_id  TEXT COLLATE "C" NOT NULL REFERENCES users (id) ON DELETE CASCADE,
    PRIMARY KEY (group_id, user_id)
);

CREATE INDEX memberships_user ON memberships (user_id);
