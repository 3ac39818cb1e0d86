package bridge

import (
	"slices"

	"qianshao/syncserver/office"
	"qianshao/syncserver/office/directory"
)

// Rooms of the window that a right may close. Others are open to everybody.
const (
	RoomTasks     = "tasks"     // approvals: 待签, 待阅, 待办公文
	RoomDocuments = "documents" // 公文
)

// Workbenches: which first page fits a person's posts and roles.
const (
	DeskLeader = "leader" // signs: three piles
	DeskHead   = "head"   // answers for a unit: its work, what is late, in whose hands
	DeskClerk  = "clerk"  // works lists: queues by kind
	DeskAdmin  = "admin"  // 三员: no business of the office in hand
)

// leaderRoles are the roles of those who sign rather than work lists: 主要领导,
// 分管领导, 办公室审核.
var leaderRoles = []string{"principal", "incharge", "officereview"}

// headRoles are those of people who answer for a unit's work.
var headRoles = []string{"sectionhead", "chiefsupervisor"}

var adminRoles = []string{directory.RoleSysAdmin, directory.RoleSecAdmin, directory.RoleAuditor}

func holdsAny(p directory.Official, roles []string) bool {
	return slices.ContainsFunc(p.Roles, func(r string) bool { return slices.Contains(roles, r) })
}

func isLeader(p directory.Official) bool { return holdsAny(p, leaderRoles) }

// deskOf is the workbench that fits a person; heads are the units they head.
func deskOf(p directory.Official, heads []string) string {
	switch {
	case holdsAny(p, adminRoles):
		return DeskAdmin
	case isLeader(p):
		return DeskLeader
	case holdsAny(p, headRoles) || len(heads) > 0:
		return DeskHead
	}
	return DeskClerk
}

// roomsOf are the rooms with a right that the person may enter. It only decides
// what is shown: every command and every pull is authorised for itself.
func roomsOf(p directory.Official) []string {
	if holdsAny(p, adminRoles) {
		return []string{}
	}
	return []string{RoomTasks, RoomDocuments}
}

// headed are the units that a person answers for: those that name them as their
// head and, with a head's role, their main unit.
func (n *book) headed(uid office.UserID, p directory.Official) ([]string, error) {
	units, err := n.units()
	if err != nil {
		return nil, err
	}
	var out []string
	for _, u := range units {
		if u.unit.Head == uid || u.id == p.Unit && holdsAny(p, headRoles) {
			out = append(out, u.id)
		}
	}
	return out, nil
}
