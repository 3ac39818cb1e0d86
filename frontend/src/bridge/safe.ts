import { AppError } from './errors'

const listeners = new Set<(e: AppError) => void>()

/** onRefusal hears of every refused call, whoever made it. */
export function onRefusal(hear: (e: AppError) => void): () => void {
  listeners.add(hear)
  return () => listeners.delete(hear)
}

/** safe gives a room's calls with every rejection made an AppError. */
export function safe<M extends object>(room: M): M {
  const out: Record<string, unknown> = {}
  for (const [name, member] of Object.entries(room)) {
    out[name] =
      typeof member === 'function'
        ? async (...args: unknown[]) => {
            try {
              return await member(...args)
            } catch (e) {
              const refused = AppError.from(e)
              for (const hear of listeners) hear(refused)
              throw refused
            }
          }
        : member
  }
  return out as M
}
