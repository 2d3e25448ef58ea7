// Package sqlproof proves, against real databases, that the SQL of package filter chooses and orders what Match and Compare do.
package sqlproof
