package approval

import (
	"qianshao/syncserver/office"
)

type taskItem = office.Item[Task]

// tasksOf lists the tasks of one stay at a step, oldest first.
func tasksOf(tx office.Tx, inst, step string, round int) ([]taskItem, error) {
	return allTasks(tx, office.Query{
		View:  "instance",
		Where: []office.Cond{office.Where("root", inst), office.Where("step", step), office.Where("round", round)},
		Order: "created",
	})
}

// allTasks reads a list to its end.
func allTasks(tx office.Tx, q office.Query) ([]taskItem, error) {
	return Tasks.All(tx, q)
}

// closeTask moves a task that is not acted on itself.
func closeTask(tx office.Tx, c office.Context, t taskItem, command string) error {
	state, err := to(taskMoves, t.Value.State, command)
	if err != nil {
		return err
	}
	set := office.Fields{"state": state}
	if t.Value.DoneAt == 0 {
		set["done_at"] = office.Millis(c.Now)
	}
	return Tasks.Patch(tx, t.ID, set)
}

// At is the argument of a job of kind JobAt: a command that the system gives
// when its time has come.
type At struct {
	Due     int64          `json:"due"` // Millis
	Command string         `json:"command"`
	Args    office.Command `json:"args"`
}

// JobAt is the kind of job that gives a command of the system at a time.
const JobAt = "command.at"

// later queues a command of the system.
func later(tx office.Tx, due int64, cmd office.Command) {
	tx.Emit(office.Job{Kind: JobAt, Args: At{Due: due, Command: cmd.Kind(), Args: cmd}})
}
