package approval

import "qianshao/syncserver/office"

// After advances the instance that a command has acted on: the authority calls
// it after the command's Run, in the same transaction. Commands that act on no
// instance are left alone.
func After(tx office.Tx, c office.Context, cmd office.Command, effects Effects) error {
	var instance, task string
	switch x := cmd.(type) {
	case *Start:
		instance = x.ID
	case *TakeBack:
		instance = x.Instance
	case *Overdue:
		instance = x.Instance
	case *Approve:
		task = x.Task
	case *Return:
		task = x.Task
	case *Transfer:
		task = x.Task
	default:
		return nil
	}
	if task != "" {
		r, p, err := tx.Get(Tasks.Name, task)
		if err != nil || p != office.Present {
			return err
		}
		instance = r.Root
	}
	return Advance(tx, c, instance, effects)
}
