// Package etag has the versions of resources and the preconditions of requests (RFC 7644 section 3.14, RFC 9110 sections 8.8.3 and 13).
//
// A version is an entity tag such as W/"3694e05e9dff591". It is at once the attribute meta.version and the header ETag:
// resource.Write and resource.NoContent send as ETag what meta.version holds. So a handler does two things: it sets
// Meta.Version on what it loads or stores, and hands that version to [Check] before it answers or changes anything.
//
// A database that counts versions, in a column or as PostgreSQL's xmin, gives the opaque part of the tag to [Weak]:
//
//	user.Meta.Version = etag.Weak(strconv.FormatInt(row.Version, 10))
//
// and the UPDATE that stores a change compares the column once more, for two requests may pass Check at the same time:
//
//	UPDATE users SET ..., version = version + 1 WHERE id = $1 AND version = $2 -- no row: 412
//
// Without such a column [Of] computes the version from the content of the whole resource, when it is loaded and again
// when it is stored; Check and the change then belong into one transaction or under one lock:
//
//	user.Meta.Version = etag.Of(user)
//
// In either case the rest of a handler is the same for GET, PUT, PATCH and DELETE:
//
//	user, err := store.load(id) // a resource that is not there is 404, whatever the request's conditions are
//	if err == nil {
//		err = etag.Check(r, user.Meta.Version)
//	}
//	if err != nil {
//		scimerrors.Write(w, err) // 404, 304 with ETag and without body, 412
//		return
//	}
//
// All tags are weak and are compared weakly, also in If-Match: SCIM's own examples send weak tags there, and two
// representations of one resource, with other attributes asked for, are no different versions of it.
//
// If-Modified-Since and If-Unmodified-Since are not looked at: SCIM has no use for them, and their seconds are too coarse.
package etag
