import type { DraftInput, Mend } from '@/bridge'

/** mendDraft applies an offered change to what the editor holds; false if it no longer fits. */
export function mendDraft(form: DraftInput, m: Mend): boolean {
  if (m.block) {
    const b = form.blocks.find((x) => x.id === m.block)
    if (!b) return false
    b.text = m.words
    return true
  }
  const fields = form as unknown as Record<string, unknown>
  const fits = (field: string) => Array.isArray(fields[field]) || typeof fields[field] === 'string'
  if (!m.sets.length || !m.sets.every((s) => fits(s.field))) return false
  for (const s of m.sets) fields[s.field] = Array.isArray(fields[s.field]) ? [...s.list] : s.text
  return true
}
