/**
 * What a person wrote may hold letters that run from right to left, or marks that
 * turn the direction (U+202E and its like). In a sentence of the window they must
 * end where the person's text ends: such a text is set between U+2068 (first
 * strong isolate) and U+2069 (pop directional isolate), as Unicode's UAX 9 wants
 * it. Texts without any of these stay as they are, letter for letter.
 */
const FSI = '\u2068'
const PDI = '\u2069'
// Letters from right to left, the marks of direction, and the marks that turn it.
const turns = /[\u0590-\u08ff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1eeff}]/u

/** isolate is a text as a piece of a sentence: it cannot turn what stands around it. */
export function isolate(text: unknown): string {
  const s = String(text ?? '')
  if (!turns.test(s)) return s
  // A mark that ends an isolate of nobody's would end ours; one left open would keep ours open.
  let open = 0
  let out = ''
  for (const c of s) {
    if (c >= '\u2066' && c <= FSI) open++
    else if (c === PDI && --open < 0) {
      open = 0
      continue
    }
    out += c
  }
  return FSI + out + PDI.repeat(open + 1)
}

/** isolated is the values of a message, each text among them isolated. */
export function isolated(values: unknown): unknown {
  if (typeof values === 'string') return isolate(values)
  if (Array.isArray(values)) return values.map(isolated)
  if (values === null || typeof values !== 'object') return values
  return Object.fromEntries(Object.entries(values).map(([k, v]) => [k, typeof v === 'string' ? isolate(v) : v]))
}
