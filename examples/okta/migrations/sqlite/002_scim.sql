-- What SCIM needs besides: the identity provider's key, a version that counts changes (the ETag), the attributes that the application
-- now wants to search for, and a document for those it has no column for, so that the provider finds again whatever it sent.

ALTER TABLE users ADD COLUMN external_id TEXT;
ALTER TABLE users ADD COLUMN department TEXT;
ALTER TABLE users ADD COLUMN department_folded TEXT;
ALTER TABLE users ADD COLUMN employee_number TEXT;
ALTER TABLE users ADD COLUMN employee_number_folded TEXT;
ALTER TABLE users ADD COLUMN manager_id TEXT;
ALTER TABLE users ADD COLUMN profile TEXT NOT NULL DEFAULT '{}';
ALTER TABLE users ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

CREATE INDEX users_external_id ON users (external_id);

ALTER TABLE groups ADD COLUMN external_id TEXT;
ALTER TABLE groups ADD COLUMN version BIGINT NOT NULL DEFAULT 1;

CREATE INDEX groups_external_id ON groups (external_id);
