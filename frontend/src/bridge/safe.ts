import { AppError } from './errors'

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
              throw AppError.from(e)
            }
          }
        : member
  }
  return out as M
}
