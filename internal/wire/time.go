package wire

import "time"

// The instants that have a four-digit year in UTC. What lies outside could be written in one offset and not in another.
var (
	firstSecond = time.Date(1, 1, 1, 0, 0, 0, 0, time.UTC).Unix()
	lastSecond  = time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC).Unix()
)

// maxOffset is the greatest offset that xsd:dateTime allows, in seconds.
const maxOffset = 14 * 60 * 60

// AppendTime appends the JSON string of t as an xsd:dateTime: Z for UTC, any other offset as it is, a fraction without trailing zeros.
// It is not ok, and nothing is appended, if [ParseTime] could not read the text: the year is outside 1 to 9999, the offset exceeds
// 14 hours or is no whole number of minutes.
func AppendTime(dst []byte, t time.Time) ([]byte, bool) {
	_, offset := t.Zone()
	utc := t.Unix()
	local := utc + int64(offset)
	if min(utc, local) < firstSecond || max(utc, local) > lastSecond || offset%60 != 0 || offset < -maxOffset || offset > maxOffset {
		return dst, false
	}
	dst = append(dst, '"')
	dst = t.AppendFormat(dst, time.RFC3339Nano)
	return append(dst, '"'), true
}

// ParseTime reads an xsd:dateTime (RFC 7643, section 2.3.5). Without an offset it is taken for UTC. The result is in UTC, so that == works
// on it. Digits beyond nanoseconds are cut off.
func ParseTime(s string) (time.Time, bool) {
	if len(s) < len("2006-01-02T15:04:05") || s[4] != '-' || s[7] != '-' || s[10]|0x20 != 't' || s[13] != ':' || s[16] != ':' {
		return time.Time{}, false
	}
	century, year, month, day := two(s, 0), two(s, 2), two(s, 5), two(s, 8)
	hour, minute, second := two(s, 11), two(s, 14), two(s, 17)
	if century|year|month|day|hour|minute|second < 0 || minute > 59 || second > 59 {
		return time.Time{}, false
	}
	year += 100 * century
	if year == 0 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month) {
		return time.Time{}, false
	}
	s = s[len("2006-01-02T15:04:05"):]
	nano, s, isZero, ok := fraction(s)
	if !ok || hour > 24 || hour == 24 && (minute|second != 0 || !isZero) {
		return time.Time{}, false
	}
	offset, ok := zone(s)
	if !ok {
		return time.Time{}, false
	}
	unix := int64(daysSince1970(year, month, day)*86400 + hour*3600 + minute*60 + second - offset)
	if unix < firstSecond || unix > lastSecond { // year 0 or 10000 in UTC
		return time.Time{}, false
	}
	return time.Unix(unix, int64(nano)).UTC(), true
}

// two reads two digits, or gives a negative number.
func two(s string, i int) int {
	a, b := s[i]-'0', s[i+1]-'0'
	if a > 9 || b > 9 {
		return -1
	}
	return int(a)*10 + int(b)
}

// fraction reads a point and the digits after it, if any.
func fraction(s string) (nano int, rest string, isZero, ok bool) {
	if s == "" || s[0] != '.' {
		return 0, s, true, true
	}
	isZero = true
	unit := 100_000_000
	i := 1
	for ; i < len(s) && isDigit(s[i]); i++ {
		nano += int(s[i]-'0') * unit
		unit /= 10
		isZero = isZero && s[i] == '0'
	}
	const most = 30
	return nano, s[i:], isZero, i > 1 && i <= 1+most
}

// zone reads what may stand at the end of a time: nothing, Z, or an offset, which it gives in seconds.
func zone(s string) (offset int, ok bool) {
	switch {
	case s == "" || s == "Z" || s == "z":
		return 0, true
	case len(s) != len("+00:00") || s[0] != '+' && s[0] != '-' || s[3] != ':':
		return 0, false
	}
	hour, minute := two(s, 1), two(s, 4)
	if hour|minute < 0 || minute > 59 {
		return 0, false
	}
	offset = hour*3600 + minute*60
	if offset > maxOffset {
		return 0, false
	}
	if s[0] == '-' {
		offset = -offset
	}
	return offset, true
}

func daysIn(year, month int) int {
	if month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0) {
		return 29
	}
	return int(monthDays[month])
}

var monthDays = [13]uint8{0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31}

// daysSince1970 counts from March, so that the leap day is the last of its year and the lengths of the months follow one line.
func daysSince1970(year, month, day int) int {
	if month <= 2 {
		year--
		month += 12
	}
	return 365*year + year/4 - year/100 + year/400 + (153*month-457)/5 + day - 719469
}
