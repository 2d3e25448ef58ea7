package wire_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/scimmodels/scim/internal/wire"
)

var times = []struct {
	text string
	want time.Time
}{
	{"2010-01-23T04:56:22Z", time.Date(2010, 1, 23, 4, 56, 22, 0, time.UTC)},
	{"2010-01-23t04:56:22z", time.Date(2010, 1, 23, 4, 56, 22, 0, time.UTC)},
	{"2010-01-23T04:56:22", time.Date(2010, 1, 23, 4, 56, 22, 0, time.UTC)},
	{"2011-05-13T04:42:34.5Z", time.Date(2011, 5, 13, 4, 42, 34, 500_000_000, time.UTC)},
	{"2011-05-13T04:42:34.000000001", time.Date(2011, 5, 13, 4, 42, 34, 1, time.UTC)},
	{"2011-05-13T04:42:34.123456789012345678901234567890Z", time.Date(2011, 5, 13, 4, 42, 34, 123456789, time.UTC)},
	{"2011-05-13T04:42:34.9999999999Z", time.Date(2011, 5, 13, 4, 42, 34, 999999999, time.UTC)},
	{"2011-05-13T04:42:34+02:00", time.Date(2011, 5, 13, 2, 42, 34, 0, time.UTC)},
	{"2011-05-13T04:42:34-05:30", time.Date(2011, 5, 13, 10, 12, 34, 0, time.UTC)},
	{"2011-05-13T04:42:34+14:00", time.Date(2011, 5, 12, 14, 42, 34, 0, time.UTC)},
	{"2011-05-13T04:42:34-00:00", time.Date(2011, 5, 13, 4, 42, 34, 0, time.UTC)},
	{"2024-02-29T00:00:00Z", time.Date(2024, 2, 29, 0, 0, 0, 0, time.UTC)},
	{"2000-02-29T00:00:00Z", time.Date(2000, 2, 29, 0, 0, 0, 0, time.UTC)},
	{"2010-12-31T24:00:00Z", time.Date(2011, 1, 1, 0, 0, 0, 0, time.UTC)},
	{"2010-12-31T24:00:00.000+01:00", time.Date(2010, 12, 31, 23, 0, 0, 0, time.UTC)},
	{"0001-01-01T00:00:00Z", time.Time{}},
	{"9999-12-31T23:59:59.999999999Z", time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC)},
	{"1969-12-31T23:59:59.25Z", time.Date(1969, 12, 31, 23, 59, 59, 250_000_000, time.UTC)},
	{"1600-03-01T12:00:00Z", time.Date(1600, 3, 1, 12, 0, 0, 0, time.UTC)},
}

var noTimes = []string{
	"", "x", "2010", "2010-01-23", "04:56:22Z", "2010-01-23T04:56Z", "2010-01-23T04:56:2Z",
	"2010-01-23 04:56:22Z", "2010-01-23T04:56:22 Z", " 2010-01-23T04:56:22Z", "2010-01-23T04:56:22Z ", "2010-01-23T04:56:22ZZ",
	"2010/01/23T04:56:22Z", "2010-01-23T04.56.22Z", "20100123T045622Z", "2010-1-23T04:56:22Z", "10-01-23T04:56:22Z",
	"2010-01-23T04:56:22.Z", "2010-01-23T04:56:22.", "2010-01-23T04:56:22,5Z", "2010-01-23T04:56:22.1234567890123456789012345678901Z",
	"2010-00-23T04:56:22Z", "2010-13-23T04:56:22Z", "2010-01-00T04:56:22Z", "2010-01-32T04:56:22Z", "2010-04-31T04:56:22Z",
	"2010-02-30T04:56:22Z", "2010-02-29T04:56:22Z", "1900-02-29T04:56:22Z",
	"2010-01-23T24:00:01Z", "2010-01-23T24:01:00Z", "2010-01-23T24:00:00.1Z", "2010-01-23T24:00:00.0000000000001Z", "2010-01-23T25:00:00Z",
	"2010-01-23T04:60:22Z", "2010-01-23T04:56:60Z", "2010-01-23T04:56:99Z",
	"2010-01-23T04:56:22+14:01", "2010-01-23T04:56:22-15:00", "2010-01-23T04:56:22+1:00", "2010-01-23T04:56:22+0100", "2010-01-23T04:56:22+01",
	"2010-01-23T04:56:22+01:60", "2010-01-23T04:56:22+01:00Z", "2010-01-23T04:56:22*01:00", "2010-01-23T04:56:22+ab:cd", "2010-01-23T04:56:22UTC",
	"0000-01-01T00:00:00Z", "-2010-01-23T04:56:22Z", "+2010-01-23T04:56:22Z", "12010-01-23T04:56:22Z",
	"0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "9999-12-31T24:00:00Z", // year 0 or 10000 in UTC
	"٢٠١٠-01-23T04:56:22Z", "20\xff0-01-23T04:56:22Z", "2010-01-23T04:56:2/Z", "2010-01-23T04:56:2:Z",
}

func TestParseTime(t *testing.T) {
	for _, c := range times {
		got, ok := wire.ParseTime(c.text)
		assert.True(t, ok, c.text)
		assert.Equal(t, c.want, got, c.text) // identity, not only the instant, is what is promised
		assert.Same(t, time.UTC, got.Location())
	}
	for _, text := range noTimes {
		_, ok := wire.ParseTime(text)
		assert.False(t, ok, text)
	}
}

// Every day of a whole cycle of 400 years, and the ends.
func TestParseTimeKnowsEveryDay(t *testing.T) {
	for _, years := range [][2]int{{1, 8}, {1800, 2200}, {9990, 10000}} {
		for day := time.Date(years[0], 1, 1, 0, 0, 0, 0, time.UTC); day.Year() < years[1]; day = day.AddDate(0, 0, 1) {
			got, ok := wire.ParseTime(day.Format("2006-01-02T15:04:05"))
			if !ok || got != day {
				require.Failf(t, "wrong day", "got %v, want %v", got, day)
			}
		}
	}
}

func TestAppendTime(t *testing.T) {
	for _, c := range []struct {
		t    time.Time
		want string
	}{
		{time.Date(2010, 1, 23, 4, 56, 22, 0, time.UTC), `"2010-01-23T04:56:22Z"`},
		{time.Date(2010, 1, 23, 4, 56, 22, 120_000_000, time.UTC), `"2010-01-23T04:56:22.12Z"`},
		{time.Date(2010, 1, 23, 4, 56, 22, 1, time.UTC), `"2010-01-23T04:56:22.000000001Z"`},
		{time.Date(2010, 1, 23, 4, 56, 22, 0, time.FixedZone("", 2*3600)), `"2010-01-23T04:56:22+02:00"`},
		{time.Date(2010, 1, 23, 4, 56, 22, 0, time.FixedZone("", -5*3600-1800)), `"2010-01-23T04:56:22-05:30"`},
		{time.Date(2010, 1, 23, 4, 56, 22, 0, time.FixedZone("GMT", 0)), `"2010-01-23T04:56:22Z"`},
		{time.Date(2010, 1, 23, 4, 56, 22, 0, time.FixedZone("", 14*3600)), `"2010-01-23T04:56:22+14:00"`},
		{time.Time{}, `"0001-01-01T00:00:00Z"`},
		{time.Date(9999, 12, 31, 23, 59, 59, 999999999, time.UTC), `"9999-12-31T23:59:59.999999999Z"`},
	} {
		got, ok := wire.AppendTime([]byte("x"), c.t)
		require.True(t, ok, c.want)
		assert.Equal(t, "x"+c.want, string(got))
		back, ok := wire.ParseTime(c.want[1 : len(c.want)-1])
		assert.True(t, ok, c.want)
		assert.True(t, back.Equal(c.t), c.want)
	}
	for name, bad := range map[string]time.Time{
		"Year0":               time.Date(0, 12, 31, 23, 59, 59, 0, time.UTC),
		"YearBeforeChrist":    time.Date(-44, 3, 15, 0, 0, 0, 0, time.UTC),
		"Year10000":           time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC),
		"Year0InUTC":          time.Date(1, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3600)),
		"Year10000InItsZone":  time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).In(time.FixedZone("", 3600)),
		"OffsetWithSeconds":   time.Date(2010, 1, 1, 0, 0, 0, 0, time.FixedZone("", 3601)),
		"OffsetOf15Hours":     time.Date(2010, 1, 1, 0, 0, 0, 0, time.FixedZone("", 15*3600)),
		"OffsetOfMinus14Hour": time.Date(2010, 1, 1, 0, 0, 0, 0, time.FixedZone("", -14*3600-60)),
		"FarFuture":           time.Unix(1<<62, 0),
	} {
		got, ok := wire.AppendTime([]byte("x"), bad)
		assert.False(t, ok, name)
		assert.Equal(t, "x", string(got), name)
	}
}

func TestTimeDoesNotAllocate(t *testing.T) {
	dst := make([]byte, 0, 64)
	moment := time.Date(2010, 1, 23, 4, 56, 22, 123, time.UTC)
	assert.Zero(t, testing.AllocsPerRun(100, func() { wire.ParseTime("2011-05-13T04:42:34.123+02:00") }))
	assert.Zero(t, testing.AllocsPerRun(100, func() { dst, _ = wire.AppendTime(dst[:0], moment) }))
}
