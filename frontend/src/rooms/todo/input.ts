import type { Todo, TodoInput } from '@/bridge'

/** toInput is a to-do as the editor begins with it: a copy throughout. */
export function toInput(x: Todo): TodoInput {
  return { id: x.id, title: x.title, note: x.note, due: x.due, priority: x.priority, done: x.done, list: x.list, steps: x.steps.map((s) => ({ ...s })), repeat: { ...x.repeat }, remind: x.remind }
}

export function emptyTodo(): TodoInput {
  return { id: '', title: '', note: '', due: 0, priority: 0, done: false, list: '', steps: [], repeat: { every: '', n: 1, day: 0, until: 0 }, remind: -1 }
}
