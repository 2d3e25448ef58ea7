package filter

import ast "github.com/scim2/filter-parser/v2"

// The nodes of a filter are those of scim2/filter-parser, so that code written for it takes ours and the other way round.
// Only the parser is our own: values are decoded JSON, numbers are json.Number.
type (
	// Expression is a filter: *[AttributeExpression], *[LogicalExpression], *[NotExpression] or *[ValuePath].
	Expression = ast.Expression
	// AttributeExpression compares an attribute, as in userName eq "bjensen". CompareValue is a string, json.Number,
	// bool or nil; only the Operator tells pr, which has no value, from a comparison with null.
	AttributeExpression = ast.AttributeExpression
	// LogicalExpression joins two expressions by and or or.
	LogicalExpression = ast.LogicalExpression
	// NotExpression negates an expression.
	NotExpression = ast.NotExpression
	// ValuePath applies a filter to each element of a multi-valued attribute, as in emails[type eq "work"].
	ValuePath = ast.ValuePath
	// AttributePath names an attribute. What stands before the last colon is its URIPrefix; which part of a URN is
	// schema and which is attribute is only known where the type is known.
	AttributePath = ast.AttributePath
	// Path is the target of a PATCH operation.
	Path = ast.Path
	// CompareOperator is eq, ne, co, sw, ew, gt, ge, lt, le or pr.
	CompareOperator = ast.CompareOperator
	// LogicalOperator is and or or.
	LogicalOperator = ast.LogicalOperator
)

// The operators of RFC 7644 section 3.4.2.2, tables 3 and 4.
const (
	EQ = ast.EQ
	NE = ast.NE
	CO = ast.CO
	SW = ast.SW
	EW = ast.EW
	GT = ast.GT
	GE = ast.GE
	LT = ast.LT
	LE = ast.LE
	PR = ast.PR

	And = ast.AND
	Or  = ast.OR
)
