package service

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/scimmodels/scim/resource"
)

// host is a name or address with or without a port: what may become part of a location.
var host = regexp.MustCompile(`^([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(:[0-9]{1,5})?$`)

// base is the URL of the service as the client knows it: from the request, or from what our own proxy tells about the request it
// has got (RFC 7239, or the older X-Forwarded headers). Of several proxies the first one has seen the client.
func (s *Service) base(r *http.Request, prefix string) string {
	scheme, name, path := "http", r.Host, ""
	if r.TLS != nil {
		scheme = "https"
	}
	if s.ReverseProxy {
		told := forwarded(r.Header)
		if p := strings.ToLower(told["proto"]); p == "http" || p == "https" {
			scheme = p
		}
		if host.MatchString(told["host"]) {
			name = told["host"]
		}
		if p := strings.TrimSuffix(told["prefix"], "/"); wellFormed.MatchString(p) {
			path = p
		}
	}
	return scheme + "://" + name + path + prefix
}

// forwarded are proto, host and prefix from the headers of a proxy.
func forwarded(h http.Header) map[string]string {
	told := map[string]string{
		"proto":  first(h.Get("X-Forwarded-Proto")),
		"host":   first(h.Get("X-Forwarded-Host")),
		"prefix": first(h.Get("X-Forwarded-Prefix")),
	}
	if port := first(h.Get("X-Forwarded-Port")); port != "" && told["host"] != "" && !strings.Contains(told["host"], ":") {
		if told["proto"] == "https" && port != "443" || told["proto"] != "https" && port != "80" {
			told["host"] += ":" + port
		}
	}
	for pair := range strings.SplitSeq(first(h.Get("Forwarded")), ";") {
		name, value, _ := strings.Cut(pair, "=")
		if name = strings.ToLower(strings.TrimSpace(name)); name == "proto" || name == "host" {
			told[name] = strings.Trim(strings.TrimSpace(value), `"`)
		}
	}
	return told
}

// first is the first element of a list in a header.
func first(list string) string {
	head, _, _ := strings.Cut(list, ",")
	return strings.TrimSpace(head)
}

// locate makes absolute URLs in an answer.
func (s *Service) locate(r *http.Request) resource.Option {
	return resource.Locate(visitOf(r).base, s.types...)
}

// cloned is a URL with another path.
func cloned(u *url.URL, path, raw string) *url.URL {
	c := *u
	c.Path, c.RawPath = path, raw
	return &c
}
