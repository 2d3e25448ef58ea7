// Package opt holds the one sealed option type of the library, so that an option of package resource
// can be handed to package filter without either knowing the other's internals.
package opt

// Option is a setting of a verb. Only this module can make one: the interface is sealed by its unexported method.
type Option interface{ option() }

// Func is the usual Option: a change of Settings. It takes and returns them by value, so that collecting options
// allocates nothing.
type Func func(Settings) Settings

func (Func) option() {}

// Sealed is embedded by a struct of another package whose pointer is an Option itself.
// That package finds it again by a type switch.
type Sealed struct{}

func (*Sealed) option() {}

// Settings is what the Options of one call add up to. The zero value is the default: every Tolerance on, no Requirement.
type Settings struct {
	// Strict says that points the RFCs leave open are read in their strict sense.
	Strict bool
	// Off has the tolerances that are switched off.
	Off Tolerance
	// Require has the checks that are off unless asked for.
	Require Requirement
	// RejectUnknown refuses unknown attributes in requests.
	RejectUnknown bool
	// Owned copies strings instead of slicing the body.
	Owned bool
	// Repaired is called for each departure from the RFC that a tolerance mended; nil: nobody asks.
	Repaired func(rule Tolerance, path, got string)
	// FilterLength, FilterDepth and FilterTerms limit filters; below 1: the default.
	FilterLength, FilterDepth, FilterTerms int
	// AcrossTypes says that a filter is applied to resources of several types.
	AcrossTypes bool
	// Others has the options that are no Func, for the package that knows them.
	Others []Option
	// Locate is the *codec.Locator that fills meta and $ref; nil: none.
	Locate any
	// Replaces says that Replacing, a pointer to a struct or nil, is what a PUT replaces.
	Replaces  bool
	Replacing any
	// Null is told of each attribute that a request sets to null or []; nil: nobody asks.
	Null func(path string)
	// Sent names attributes whose values a client has just set.
	Sent []string
	// MaxResults is the largest page; 0: no limit.
	MaxResults int
	// Paging is the *resource.paging by which lists are served with cursors; nil: they are not.
	Paging any
}

// Collect adds up options; nil options are allowed and mean nothing.
func Collect(options []Option) Settings {
	var s Settings
	for _, o := range options {
		switch o := o.(type) {
		case nil:
		case Func:
			s = o(s)
		default:
			s.Others = append(s.Others, o)
		}
	}
	return s
}

// Accepts says whether a tolerance is on.
func (s *Settings) Accepts(t Tolerance) bool { return s.Off&t == 0 }

// Tolerance is a set of tolerances, one bit each. Package resource gives them their public names.
type Tolerance uint32

// The tolerances of DESIGN section 3.
const (
	BooleanStrings Tolerance = 1 << iota
	BareValue
	SingleAsList
	MissingSchemas
	UnknownSchemas
	UndeclaredExtension
	PathKeys
	RemoveByValue
	CreateOnMiss
	IgnoreOnMiss
	SameReadOnly
	EmptyOperations
	UnknownSubAttributes
	UnqualifiedExtension
	EmptyStrings
	FilterBlanks
	FilterLiteralCase
	FilterSubAttribute

	// AllTolerances has every bit, those of later versions included.
	AllTolerances = ^Tolerance(0)
)

// Requirement is a set of checks that the RFCs only suggest, one bit each.
type Requirement uint32

// The requirements of DESIGN section 3.
const (
	Emails Requirement = 1 << iota
	Countries
	Locales
	Languages
	Timezones
	PhoneNumbers
	CanonicalValues
)
