export interface Licence {
  name: string
  version: string
  licence: string
  text: string
}

/** notices are the parts of the program that others made; read when asked for. */
export async function notices(): Promise<Licence[]> {
  const { rows, texts } = await import('virtual:notices')
  return rows.map(([name, version, licence, text]) => ({ name, version, licence, text: texts[text] ?? '' }))
}
