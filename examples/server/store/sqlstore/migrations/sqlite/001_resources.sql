CREATE TABLE resources (
	id             TEXT PRIMARY KEY,
	folded         TEXT NOT NULL, -- the comparison form of id
	kind           TEXT NOT NULL,
	version        INTEGER NOT NULL, -- counts changes
	created        TEXT NOT NULL,
	modified       TEXT NOT NULL,
	display        TEXT NOT NULL, -- how people know it
	display_folded TEXT NOT NULL,
	document       TEXT NOT NULL,
	search         TEXT NOT NULL -- a filter.Document
);
CREATE INDEX resources_by_kind ON resources (kind, id);
CREATE INDEX resources_by_folded ON resources (folded);
CREATE INDEX resources_by_created ON resources (kind, created, id);
CREATE INDEX resources_by_modified ON resources (kind, modified, id);

-- The elements of lists of resources, which change one by one, with the kinds of both, which never do. Foreign keys can wait for the end
-- of a transaction.
CREATE TABLE members (
	owner      TEXT NOT NULL REFERENCES resources ON DELETE CASCADE DEFERRABLE,
	owner_kind TEXT NOT NULL,
	list       TEXT NOT NULL,
	value      TEXT NOT NULL REFERENCES resources ON DELETE CASCADE DEFERRABLE,
	kind       TEXT NOT NULL,
	PRIMARY KEY (owner, list, value)
);
CREATE INDEX members_by_value ON members (value, owner_kind, owner);
CREATE INDEX members_by_kind ON members (owner, kind, value);

-- The elements of other lists, for search only: they are part of the document.
CREATE TABLE elements (
	owner      TEXT NOT NULL REFERENCES resources ON DELETE CASCADE,
	attribute  TEXT NOT NULL,
	position   INTEGER NOT NULL,
	is_primary INTEGER NOT NULL,
	value      TEXT,
	search     TEXT NOT NULL,
	PRIMARY KEY (owner, attribute, position)
);
CREATE INDEX elements_by_value ON elements (attribute, value);

-- Values that are unique.
CREATE TABLE taken (
	scope TEXT NOT NULL,
	value TEXT NOT NULL,
	owner TEXT NOT NULL REFERENCES resources ON DELETE CASCADE,
	PRIMARY KEY (scope, value)
);
CREATE INDEX taken_by_owner ON taken (owner);

CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);

-- The indexes on the search documents of resource types: which there are depends on the types.
CREATE TABLE indexes (name TEXT PRIMARY KEY);
