-- What SQLite is to know of the tables: that they are large, and what is rare in them. It would guess that a dozen resources are users. ANALYZE
-- would have it from the rows that there happen to be; with these figures, it goes about a question in the same way today and tomorrow.
ANALYZE;
DELETE FROM sqlite_stat1;
INSERT INTO sqlite_stat1 (tbl, idx, stat) VALUES
	('resources', 'sqlite_autoindex_resources_1', '1000000 1'),
	('resources', 'resources_by_kind', '1000000 1000000 1 noskipscan'),
	('resources', 'resources_by_folded', '1000000 1'),
	('resources', 'resources_by_created', '1000000 1000000 1 1 noskipscan'),
	('resources', 'resources_by_modified', '1000000 1000000 1 1 noskipscan'),
	('members', 'sqlite_autoindex_members_1', '2000000 200 200 1'),
	('members', 'members_by_value', '2000000 10 10 1'),
	('members', 'members_by_kind', '2000000 200 200 1'),
	('elements', 'sqlite_autoindex_elements_1', '2000000 3 2 1'),
	('elements', 'elements_by_value', '2000000 500000 1 noskipscan'),
	('taken', 'sqlite_autoindex_taken_1', '2000000 500000 1 noskipscan'),
	('taken', 'taken_by_owner', '2000000 2');
