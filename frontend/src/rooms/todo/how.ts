import type { Task } from '@/bridge'
import { isolate } from '@/i18n/isolate'

type Words = (key: string, named?: Record<string, unknown>) => string

/** taskHow is how a person has a task: in whose name, added how. */
export function taskHow(task: Task, t: Words): string[] {
  const out: string[] = []
  if (task.for) out.push(t('hold.as', { who: task.for }))
  else if (['before', 'after', 'beside', 'delegate'].includes(task.why)) out.push(t(`hold.${task.why}`))
  return out
}

/** taskChased is how a task is pressed for: who was told that it is late, how often it was asked for. */
export function taskChased(task: Task, t: Words): string[] {
  const out: string[] = []
  if (task.escalated.length) out.push(t('hold.escalated', { who: task.escalated.map(isolate).join('、') }))
  if (task.urged) out.push(t('hold.urged', { n: task.urged }))
  return out
}

/** taskUrge is who asked for it, and with what words. */
export function taskUrge(task: Task, t: Words): string {
  if (!task.urged) return ''
  return task.urgeSaid ? t('hold.urgedBy', { who: task.urgedBy, words: task.urgeSaid }) : t('hold.urgedOnly', { who: task.urgedBy })
}
