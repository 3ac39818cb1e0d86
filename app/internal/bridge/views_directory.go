package bridge

// AdminBook is the directory as its administrators see it: everything, closed
// units and people who left too.
type AdminBook struct {
	Units    []AdminUnit   `json:"units"` // in the address book's order
	Posts    []AdminPost   `json:"posts"`
	Roles    []AdminRole   `json:"roles"`
	People   []AdminPerson `json:"people"`
	MayKeep  bool          `json:"mayKeep"`  // this person keeps units, posts and people
	MayGrant bool          `json:"mayGrant"` // this person gives and takes roles
}

// AdminUnit is one unit.
type AdminUnit struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Short  string `json:"short"`
	Parent string `json:"parent"`
	Order  int    `json:"order"`
	Head   string `json:"head"`  // person
	Clerk  string `json:"clerk"` // post
	Closed bool   `json:"closed"`
	People int    `json:"people"` // active ones who work mainly there
	Mark   string `json:"mark"`
}

// AdminPost is one post.
type AdminPost struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Unit    string   `json:"unit"`
	Holders []string `json:"holders"` // people, by id
	Closed  bool     `json:"closed"`
	Mark    string   `json:"mark"`
}

// AdminRole is one role.
type AdminRole struct {
	ID      string   `json:"id"`
	Name    string   `json:"name"`
	Holders []string `json:"holders"` // people, by id
	Admin   bool     `json:"admin"`   // one of the three administrators' (三员)
}

// AdminPerson is one official.
type AdminPerson struct {
	ID     string      `json:"id"`
	Name   string      `json:"name"`
	Pinyin string      `json:"pinyin"`
	Title  string      `json:"title"`
	Phone  string      `json:"phone"`
	Room   string      `json:"room"`
	Order  int         `json:"order"`
	Active bool        `json:"active"`
	Unit   string      `json:"unit"`
	Units  []string    `json:"units"`
	Roles  []string    `json:"roles"`
	Terms  []AdminTerm `json:"terms"` // present ones first, then those to come, then past ones
	Me     bool        `json:"me"`
	Mark   string      `json:"mark"`
}

// AdminTerm is one post of a person with its time.
type AdminTerm struct {
	Post  string `json:"post"`
	State string `json:"state"` // now | next | past
	From  int64  `json:"from"`  // 0 = not known
	Until int64  `json:"until"` // 0 = until further notice
}

// UnitInput makes a unit (no ID) or sets its fields.
type UnitInput struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Short  string `json:"short"`
	Parent string `json:"parent"`
	Order  int    `json:"order"`
	Head   string `json:"head"`
	Clerk  string `json:"clerk"`
}

// PostInput makes a post (no ID) or sets its fields.
type PostInput struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Unit string `json:"unit"`
}

// PersonInput makes an official (no ID) or sets what the directory says of them.
type PersonInput struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Pinyin string `json:"pinyin"` // "" = as the rule reads the name
	Title  string `json:"title"`
	Phone  string `json:"phone"`
	Room   string `json:"room"`
	Order  int    `json:"order"`
	Active bool   `json:"active"`
}

// TermInput appoints somebody.
type TermInput struct {
	UID   string `json:"uid"`
	Post  string `json:"post"`
	From  int64  `json:"from"`  // 0 = now
	Until int64  `json:"until"` // 0 = until further notice
}
