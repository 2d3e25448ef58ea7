package attr

import (
	"math/bits"
	"reflect"
	"sync/atomic"

	"github.com/scimmodels/scim/internal/wire"
)

// Kind says what a struct stands for.
type Kind uint8

// The kinds of plans.
const (
	Complex   Kind = iota // the value of a complex attribute
	Resource              // a resource: core schema, common attributes and extensions
	Extension             // a schema extension
	Message               // a message such as ListResponse
)

// Plan is what the engine knows of a struct type. Plans are immutable once published.
type Plan struct {
	Go          reflect.Type
	Kind        Kind
	URN         string // of a resource's core schema, an extension, a message
	Name        string // the schema's name
	Discovery   bool   // one of the three documents of RFC 7644 section 4, which a server only ever answers with
	Description string
	Attributes  []*Attribute // in the order of output; Attribute.Bit is the index
	Extensions  []*Attribute // those of Attributes that hold an extension
	Base        []int        // where the embedded struct with the common attributes lies, resources only
	Insisting   []*Attribute // those with parts that are returned always, though they themselves are not
	Rules       bool         // an attribute here or below has a validate tag
	Plainly     bool         // an attribute is always written: a plain number or boolean
	Hides       bool         // an attribute here or below is never returned

	// Sets over Attributes: a rule of a context costs one AND.
	Client   Set // required and not readOnly: what a client's request must have (RFC 7644 section 3.3)
	ReadOnly Set
	Always   Set // returned=always
	Never    Set // returned=never or mutability=writeOnly
	Answer   Set // what must be assigned in a response
	Whole    Set // what must be assigned in a part of a message or discovery document that is answered

	// What is written.
	All     Choice
	Plain   Choice // what is returned when nothing is asked for: always and default
	Echo    Choice // Plain and what is returned on request: what a client sees that has just set it
	Sent    Choice // what a client sends: all but readOnly
	Content Choice // what a version stands for: all but meta and what is never returned

	// Attributes whose name has a meaning of its own; nil where the struct has none.
	Version, Location, TypeName   *Attribute // of meta: version, location and resourceType
	Schemas, ID, Meta             *Attribute // RFC 7643 sections 3 and 3.1, resources only
	Value, Ref, TypeAttr, Primary *Attribute // RFC 7643 section 2.4

	required Set  // required
	request  Set  // returned=request
	insists  bool // an attribute here or below is returned always

	Projections atomic.Value // package codec keeps here what it has worked out for this plan

	table []uint16 // open addressing over folded hashes: index into Attributes + 1
	mask  uint32
}

// Attribute is one attribute or sub-attribute.
type Attribute struct {
	// What reading and writing look at comes first, close together.
	Bit         uint8 // index into Plan.Attributes
	Op          Op    // how Go holds one value
	Text        bool  // a plain string: neither a list nor a pointer
	Free        bool  // Text, and no string is refused unless the reader asks for more
	MultiValued bool
	Pointer     bool         // the field, or each element of the slice, is a pointer
	Omit        bool         // omitempty or omitzero: a plain zero counts as unassigned
	Common      bool         // declared by the embedded Resource: RFC 7643 section 3.1
	Format      Format       // a format beyond the type
	leaf        int          // the last of Index
	host        int          // stands for the others: equal for fields of one embedded struct, 0 where there is none
	Key         string       // `,"name":`, ready to be written
	Quoted      string       // `"name"`, what is expected in a document
	Sub         *Plan        // of a complex value, an extension, a resource inside a message
	Elem        reflect.Type // the type of one value, without pointer
	Slice       reflect.Type // the field's type where MultiValued
	hash        uint32

	Name            string // in the schema's spelling
	Description     string
	Type            Type
	Required        bool
	CaseExact       bool
	Mutability      Mutability
	Returned        Returned
	Uniqueness      Uniqueness
	CanonicalValues []string
	ReferenceTypes  []string
	Closed          bool   // values outside CanonicalValues are refused
	Positive        bool   // integers below 1 are refused
	Unlisted        bool   // not in the published schema
	Validate        string // the validate tag
	Field           string // the Go field's name
	Index           []int  // where the field lies
}

// IsExtension says whether the attribute holds an extension rather than an attribute of the schema itself.
func (a *Attribute) IsExtension() bool { return a.Sub != nil && a.Sub.Kind == Extension }

// Secret says whether the value is never returned (RFC 7643 section 7), so that errors and reports must not show it either.
func (a *Attribute) Secret() bool { return a.Mutability == WriteOnly || a.Returned == Never }

// Hides says whether the value is a secret or has one in it. What a client sends in its place, of whatever kind, may be the secret.
func (a *Attribute) Hides() bool { return a.Secret() || a.Sub != nil && a.Sub.Hides }

// Of finds the attribute's field in v, a value of the plan's struct type.
func (a *Attribute) Of(v reflect.Value) reflect.Value {
	for _, i := range a.Index {
		v = v.Field(i)
	}
	return v
}

// In finds the struct that the field lies in directly in v, a value of the plan's struct type.
func (a *Attribute) In(v reflect.Value) reflect.Value {
	for _, i := range a.Index[:len(a.Index)-1] {
		v = v.Field(i)
	}
	return v
}

// Insists says whether an attribute here or below is returned always.
func (p *Plan) Insists() bool { return p.insists }

// MetaPlan is the plan of the attribute meta, nil where the struct has none.
func (p *Plan) MetaPlan() *Plan {
	if p.Meta == nil {
		return nil
	}
	return p.Meta.Sub
}

// Fields finds fields of one struct. It remembers the embedded struct it looked into last, since
// attributes that follow each other mostly lie side by side.
type Fields struct {
	v, host reflect.Value
	at      int
}

// In prepares to find fields of v, a value of a plan's struct type.
func In(v reflect.Value) Fields { return Fields{v: v} }

// Of is [Attribute.Of] for the struct that f was made for.
func (f *Fields) Of(a *Attribute) reflect.Value {
	if a.host == 0 {
		return f.v.Field(a.leaf)
	}
	if f.at != a.host {
		f.at, f.host = a.host, f.v
		for _, i := range a.Index[:len(a.Index)-1] {
			f.host = f.host.Field(i)
		}
	}
	return f.host.Field(a.leaf)
}

// Type is an attribute's data type (RFC 7643 section 2.3). Its text is the one used in schemas.
type Type string

// The data types. Raw is no SCIM type: a member of a message that holds any JSON.
const (
	String    Type = "string"
	Boolean   Type = "boolean"
	Decimal   Type = "decimal"
	Integer   Type = "integer"
	DateTime  Type = "dateTime"
	Binary    Type = "binary"
	Reference Type = "reference"
	Structure Type = "complex"
	Raw       Type = ""
)

// Mutability says who may set or change a value, and when, in the schema's words (RFC 7643 section 7).
type Mutability string

// Returned says when an attribute is part of a response, in the schema's words.
type Returned string

// Uniqueness says where a value must not stand twice, in the schema's words.
type Uniqueness string

// The words of the three characteristics.
const (
	ReadWrite Mutability = "readWrite"
	ReadOnly  Mutability = "readOnly"
	Immutable Mutability = "immutable"
	WriteOnly Mutability = "writeOnly"

	Default Returned = "default"
	Always  Returned = "always"
	Never   Returned = "never"
	Request Returned = "request"

	None   Uniqueness = "none"
	Server Uniqueness = "server"
	Global Uniqueness = "global"
)

// Op is how Go holds one value.
type Op uint8

// The ways of holding a value.
const (
	OpString Op = iota
	OpBool
	OpInt
	OpUint
	OpFloat
	OpTime
	OpBytes
	OpStruct
	OpRaw // json.RawMessage
	OpAny // any
)

// Format is a rule on strings that goes beyond the data type.
type Format uint8

// The formats a tag can name. All but X509 are checked only on demand.
const (
	NoFormat Format = iota
	Email
	Phone
	Language
	Locale
	Timezone
	Country
	X509
)

// Lookup finds an attribute by name, upper and lower case being one (RFC 7643 section 2.1); nil when there is none.
func (p *Plan) Lookup(name string) *Attribute {
	h := wire.HashFold(name)
	for i := h & p.mask; ; i = (i + 1) & p.mask {
		n := p.table[i]
		if n == 0 {
			return nil
		}
		if a := p.Attributes[n-1]; a.hash == h && wire.Fold(a.Name, name) {
			return a
		}
	}
}

// fill builds the table of names, twice as large as needed so that probing ends soon. It returns the first name that stands twice.
func (p *Plan) fill() (twice string) {
	size := 2
	for size < 2*len(p.Attributes)+1 {
		size *= 2
	}
	p.table, p.mask = make([]uint16, size), uint32(size-1) //nolint:gosec // a small multiple of MaxAttributes
	for n, a := range p.Attributes {
		if p.Lookup(a.Name) != nil {
			return a.Name
		}
		a.hash = wire.HashFold(a.Name)
		i := a.hash & p.mask
		for p.table[i] != 0 {
			i = (i + 1) & p.mask
		}
		p.table[i] = uint16(n + 1)
	}
	return ""
}

// MaxAttributes is how many attributes one struct may have; an extension counts as one.
const MaxAttributes = 256

// Set is a set of attributes of one plan, by Attribute.Bit.
type Set [MaxAttributes / 64]uint64

// Add puts a bit into the set.
func (s *Set) Add(bit uint8) { s[bit>>6] |= 1 << (bit & 63) }

// Remove takes a bit out of the set.
func (s *Set) Remove(bit uint8) { s[bit>>6] &^= 1 << (bit & 63) }

// Has says whether the bit is in the set.
func (s *Set) Has(bit uint8) bool { return s[bit>>6]&(1<<(bit&63)) != 0 }

// Minus gives the members of s that are not in t.
func (s *Set) Minus(t *Set) Set {
	return Set{s[0] &^ t[0], s[1] &^ t[1], s[2] &^ t[2], s[3] &^ t[3]}
}

// Or gives the members of either.
func (s *Set) Or(t *Set) Set { return Set{s[0] | t[0], s[1] | t[1], s[2] | t[2], s[3] | t[3]} }

// Choice is a set of attributes that are written, and the same as a list in the order of output.
type Choice struct {
	Set
	List []Step
}

// Step is what writing looks at first of an attribute. Steps lie side by side, in few cache lines: where another thread uses
// the cache as well, that is worth up to a tenth of the time of writing.
type Step struct {
	Key  string // `,"name":`
	Leaf int32  // the index of the field in the struct it lies in directly
	Host int16  // stands for that struct: see Attribute.host
	Text bool
	Bit  uint8
	*Attribute
}

// Settle makes the list, when the set is complete.
func (c *Choice) Settle(p *Plan) {
	n := 0
	for _, word := range c.Set {
		n += bits.OnesCount64(word)
	}
	c.List = make([]Step, 0, n)
	for _, a := range p.Attributes {
		if c.Has(a.Bit) {
			c.List = append(c.List, Step{a.Key, int32(a.leaf), int16(a.host), a.Text, a.Bit, a}) //nolint:gosec // no struct has that many fields
		}
	}
}

// Empty says whether the set has no member.
func (s *Set) Empty() bool { return s[0]|s[1]|s[2]|s[3] == 0 }
