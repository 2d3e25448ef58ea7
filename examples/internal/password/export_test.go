package password

// Derivations are the rounds of each derivation that f asks for. Only one of them is done.
func Derivations(f func()) (rounds []int) {
	original := derive
	defer func() { derive = original }()
	derive = func(password string, salt []byte, n int) ([]byte, error) {
		rounds = append(rounds, n)
		return original(password, salt, 1)
	}
	f()
	return rounds
}
