/** A column of the lists of papers. The title is always there and gives way last. */
export interface Column {
  id: string
  /** key of its heading */
  label: string
  /** rem */
  width: number
  /** the declared order behind it, '' if it cannot be sorted */
  order: string
  /** shown from this width of the window on, in rem, while the person has not chosen */
  from: number
}

/** columnsOf are the columns of a kind of paper, in their order. */
export function columnsOf(kind: string): Column[] {
  const incoming = kind === 'in'
  const c = (id: string, label: string, width: number, order = '', from = 0): Column => ({ id, label, width, order, from })
  return [
    c('number', incoming ? 'list.fromNumber' : 'list.number', 10, incoming ? 'fromNumber' : 'number', 73),
    ...(incoming ? [c('register', 'list.register', 8.75, 'number', 100)] : []),
    c('unit', incoming ? 'list.from' : 'list.unit', 8, incoming ? 'from' : 'unit', 59),
    c('genre', 'field.genre', 4.5, 'genre', 999),
    ...(incoming ? [c('handling', 'list.handling', 3.5, 'handling', 59)] : []),
    c('urgency', 'field.urgency', 5.5, 'urgency', 999),
    c('level', 'field.level', 4, 'level', 999),
    c('drafter', incoming ? 'papers.registrar' : 'papers.drafter', 5.5, 'drafter', 999),
    c('created', 'papers.created', 6.5, 'created', 999),
    c('updated', incoming ? 'list.received' : 'list.updated', 6.25, 'updated', 100),
    c('due', 'list.due', 7.25, 'due', 0),
    c('step', 'list.step', 6.25, 'step', 0),
    c('holder', 'list.holder', 7, 'holder', 0),
    c('state', 'list.state', 5.75, '', 0),
  ]
}

/** shownColumns are those a person has chosen, or the usual ones that fit. */
export function shownColumns(all: Column[], chosen: string[], rem: number): Column[] {
  return all.filter((c) => (chosen.length ? chosen.includes(c.id) : c.from <= rem))
}
