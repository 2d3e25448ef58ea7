package wire

import (
	"hash/maphash"
	"slices"
)

// MaxUnknown is how many members of one object [Names] holds.
const MaxUnknown = 1000

// Names finds names that one object holds twice, the case of ASCII letters ignored. The zero value is ready, and one Names serves a whole
// document: objects open and close in the order of a stack. It keeps sub-slices of the document, so a Names that outlives its document
// is to be set to Names{}.
//
// Few names are compared hash by hash, after a look at a filter of 64 bits that all but never has seen a new name. Many are found through
// a table of their own, so that an object costs no more than in proportion to its members.
type Names struct {
	count int
	first [48]entry // enough for the documents of RFC 7643, without allocation
	more  []entry   // replaces first once that is full
	slots []uint16  // the tables of the open objects that have one
}

// An entry is a name of an open object. One more stands before the names of each object: its hash is the filter or, if its name says
// that there is a table, where that begins in slots.
type entry struct {
	hash uint64
	name string
}

const hasTable = "table"

// few is how many names an object has before it gets a table.
const few = 32

// seed keeps the collisions of names unknown to clients.
var seed = maphash.String(maphash.MakeSeed(), "names")

// Open begins an object. The mark belongs to it until it is closed.
func (n *Names) Open() (mark int) {
	mark = n.count
	n.push(entry{})
	return mark
}

// Add adds a decoded name to the innermost open object. It is a duplicate if the object holds it already. Full means that it is one
// name too many.
func (n *Names) Add(mark int, name string) (dup, full bool) {
	return n.add(mark, hash(name, seed), name)
}

func (n *Names) add(mark int, h uint64, name string) (dup, full bool) {
	list := n.list()
	// The conditions are put so that the compiler needs no check of an index.
	if i, m := uint(n.count), uint(mark); m < i && i < uint(len(list)) && i-m < few {
		head := &list[m].hash
		if bit := uint64(1) << (h & 63); *head&bit == 0 {
			*head |= bit
			list[i] = entry{h, name}
			n.count++
			return false, false
		}
	}
	return n.addSlowly(mark, entry{h, name})
}

func (n *Names) addSlowly(mark int, e entry) (dup, full bool) {
	own := n.list()[mark+1 : n.count]
	if len(own) >= few {
		return n.addToTable(mark, e)
	}
	for i := range own {
		if own[i].hash == e.hash && Fold(own[i].name, e.name) {
			return true, false
		}
	}
	n.list()[mark].hash |= 1 << (e.hash & 63)
	n.push(e)
	if len(own) == few-1 {
		n.begin(mark)
	}
	return false, false
}

// Close ends an object, and those inside it that an error left open. What it used is used again.
func (n *Names) Close(mark int) {
	if head := &n.list()[mark]; head.name == hasTable {
		n.slots = n.slots[:head.hash]
	}
	n.count = mark
}

func (n *Names) list() []entry {
	if n.more != nil {
		return n.more
	}
	return n.first[:]
}

func (n *Names) push(e entry) {
	if n.count == len(n.list()) {
		n.grow()
	}
	n.list()[n.count] = e
	n.count++
}

func (n *Names) grow() {
	more := make([]entry, 2*len(n.list())) // in a variable of its own, or else a Names could not stay on the stack
	copy(more, n.list())
	n.more = more
}

// begin gives an object a table.
func (n *Names) begin(mark int) {
	list := n.list()
	list[mark] = entry{uint64(len(n.slots)), hasTable}
	n.build(list[mark+1:n.count], len(n.slots), 2*few)
}

// addToTable adds a name to an object that has a table. The object's table is the last in slots, since tables of objects
// inside it are gone when it gets another name. A slot is the number of a name, counted from one.
func (n *Names) addToTable(mark int, e entry) (dup, full bool) {
	own := n.list()[mark+1 : n.count]
	begin := int(n.list()[mark].hash)
	table := n.slots[begin:]
	i := int(e.hash) & (len(table) - 1)
	for ; table[i] != 0; i = (i + 1) & (len(table) - 1) {
		if have := &own[table[i]-1]; have.hash == e.hash && Fold(have.name, e.name) {
			return true, false
		}
	}
	if len(own) == MaxUnknown {
		return false, true
	}
	table[i] = uint16(len(own) + 1)
	n.push(e)
	if 2*(len(own)+1) > len(table) {
		n.build(n.list()[mark+1:n.count], begin, 2*len(table))
	}
	return false, false
}

// build makes the table of the names, of the size, which is a power of two, at the place in slots where it begins.
func (n *Names) build(own []entry, begin, size int) {
	n.slots = slices.Grow(n.slots[:begin], size)[:begin+size]
	table := n.slots[begin:]
	clear(table)
	for j := range own {
		i := int(own[j].hash) & (size - 1)
		for table[i] != 0 {
			i = (i + 1) & (size - 1)
		}
		table[i] = uint16(j + 1)
	}
}
