import type { DraftInput, Mend } from '@/bridge'

/** mendDraft applies an offered change to what the editor holds; false if it no longer fits. */
export function mendDraft(form: DraftInput, m: Mend): boolean {
  if (m.block) {
    const b = form.blocks.find((x) => x.id === m.block)
    if (!b) return false
    b.text = m.words
    return true
  }
  // What is printed beyond the elements stands in a part of its own.
  const own = (field: string) => (field in form.form ? form.form : form) as unknown as Record<string, unknown>
  const fits = (field: string) => Array.isArray(own(field)[field]) || typeof own(field)[field] === 'string'
  if (!m.sets.length || !m.sets.every((s) => fits(s.field))) return false
  for (const s of m.sets) own(s.field)[s.field] = Array.isArray(own(s.field)[s.field]) ? [...s.list] : s.text
  return true
}
