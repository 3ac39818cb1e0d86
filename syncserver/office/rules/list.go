package rules

// List is every rule there is, in the order of the design; G1 to G19 are the
// format check. L19 to L21 are of rooms
// that do not exist yet (紧急信息, 会议, 督办).
func List() []Rule {
	return []Rule{
		l1(), l2(), l3(), l4(), l5(), l6(), l7(), l8(), l9(), l10(), l11(), l12(), l13(), l14(), l15(),
		l16(), l17(), l18(), l22(), l23(),
		g1(), g2(), g3(), g4(), g5(), g6(), g7(), g8(), g9(), g10(),
		g11(), g12(), g13(), g14(), g15(), g16(), g17(), g18(), g19(),
	}
}
