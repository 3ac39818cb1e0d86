/** The office's common phrases at a step; a person's own come after. */
export function phrasesOf(gate: string, kind: string, t: (key: string) => string): string[] {
  const keys = gate === 'sign' ? ['sign', 'agree', 'procedure'] : gate === 'review' ? ['checked', 'agree'] : kind === 'in' ? ['please', 'read', 'agree'] : ['agree', 'checked2', 'procedure']
  return keys.map((k) => t(`phrase.${k}`))
}
