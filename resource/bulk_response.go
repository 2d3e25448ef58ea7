package resource

import (
	"strconv"

	"github.com/scimmodels/scim/errors"
	"github.com/scimmodels/scim/internal/codec"
	"github.com/scimmodels/scim/internal/opt"
)

func (r *BulkResponse) expect() {}

func (r *BulkResponse) settle(s *opt.Settings, found errors.List) errors.List {
	if len(found) > 0 { // an operation may lack what could not be read
		return nil
	}
	return r.verify(s)
}

// verify applies RFC 7644 section 3.7.3: a result that is no success says why.
func (r *BulkResponse) verify(*opt.Settings) (faults errors.List) {
	for i := range r.Operations {
		op := &r.Operations[i]
		if op.Status == "" || op.Status[0] == '2' || len(op.Response) > 0 && string(op.Response) != "null" {
			continue
		}
		if faults = append(faults, refuse("Operations["+strconv.Itoa(i)+"].response", "is required when status is not 2xx")); len(faults) == codec.MaxFaults {
			break
		}
	}
	return faults
}
