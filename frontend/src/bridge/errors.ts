/** A refused call: a code for programs, a sentence for people (often empty), the field it is about. */
export class AppError extends Error {
  constructor(
    readonly code: string,
    message = '',
    readonly field = '',
  ) {
    super(message)
    this.name = 'AppError'
  }

  /** from makes an AppError of whatever a call was rejected with. */
  static from(e: unknown): AppError {
    if (e instanceof AppError) return e
    // Wails rejects with an Error whose message is the JSON of Go's error.
    if (e instanceof Error) return AppError.from(e.message)
    if (typeof e === 'object' && e !== null && 'code' in e) {
      const { code, message, field } = e as { code?: unknown; message?: unknown; field?: unknown }
      return new AppError(String(code || 'internal'), text(message), text(field))
    }
    if (typeof e === 'string' && e.startsWith('{')) {
      try {
        return AppError.from(JSON.parse(e))
      } catch {
        // not one of ours
      }
    }
    return new AppError('internal')
  }
}

function text(v: unknown): string {
  return typeof v === 'string' ? v : ''
}
