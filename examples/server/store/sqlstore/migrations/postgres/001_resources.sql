-- Text compares by code point, as SCIM has it, whatever the collation of the database.
CREATE TABLE resources (
	id             TEXT COLLATE "C" PRIMARY KEY,
	folded         TEXT COLLATE "C" NOT NULL, -- the comparison form of id
	kind           TEXT COLLATE "C" NOT NULL,
	version        BIGINT NOT NULL, -- counts changes
	created        TEXT COLLATE "C" NOT NULL,
	modified       TEXT COLLATE "C" NOT NULL,
	display        TEXT COLLATE "C" NOT NULL, -- how people know it
	display_folded TEXT COLLATE "C" NOT NULL,
	document       TEXT NOT NULL,
	search         JSONB NOT NULL -- a filter.Document
);
CREATE INDEX resources_by_kind ON resources (kind, id);
CREATE INDEX resources_by_folded ON resources (folded);
CREATE INDEX resources_by_created ON resources (kind, created, id);
CREATE INDEX resources_by_modified ON resources (kind, modified, id);

-- The elements of lists of resources, which change one by one, with the kinds of both, which never do. Foreign keys can wait for the end
-- of a transaction.
CREATE TABLE members (
	owner      TEXT COLLATE "C" NOT NULL REFERENCES resources ON DELETE CASCADE DEFERRABLE,
	owner_kind TEXT COLLATE "C" NOT NULL,
	list       TEXT COLLATE "C" NOT NULL,
	value      TEXT COLLATE "C" NOT NULL REFERENCES resources ON DELETE CASCADE DEFERRABLE,
	kind       TEXT COLLATE "C" NOT NULL,
	PRIMARY KEY (owner, list, value)
);
CREATE INDEX members_by_value ON members (value, owner_kind, owner);
CREATE INDEX members_by_kind ON members (owner, kind, value);

-- The elements of other lists, for search only: they are part of the document.
CREATE TABLE elements (
	owner      TEXT COLLATE "C" NOT NULL REFERENCES resources ON DELETE CASCADE,
	attribute  TEXT COLLATE "C" NOT NULL,
	position   INTEGER NOT NULL,
	is_primary BOOLEAN NOT NULL,
	value      TEXT COLLATE "C",
	search     JSONB NOT NULL,
	PRIMARY KEY (owner, attribute, position)
);
CREATE INDEX elements_by_value ON elements (attribute, value);

-- Values that are unique.
CREATE TABLE taken (
	scope TEXT COLLATE "C" NOT NULL,
	value TEXT COLLATE "C" NOT NULL,
	owner TEXT COLLATE "C" NOT NULL REFERENCES resources ON DELETE CASCADE,
	PRIMARY KEY (scope, value)
);
CREATE INDEX taken_by_owner ON taken (owner);

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- The indexes on the search documents of resource types: which there are depends on the types.
CREATE TABLE indexes (name TEXT PRIMARY KEY);
