/** How long a text is, as an office counts. */
export interface Words {
  /** 字数: characters, with marks; a run of letters or digits is one */
  words: number
  /** without marks */
  plain: number
  /** characters with spaces left out */
  characters: number
  paragraphs: number
}

const unit = /[\p{Script=Han}]|[\p{L}\p{N}\p{M}]+(?:[.,'’-][\p{L}\p{N}]+)*|[^\s\p{L}\p{N}\p{M}]/gu

/** countWords counts texts, one for each paragraph. */
export function countWords(texts: string[]): Words {
  const w: Words = { words: 0, plain: 0, characters: 0, paragraphs: 0 }
  for (const t of texts) {
    if (t.trim()) w.paragraphs++
    // Runs of letters are cut at Han characters, which are letters too.
    for (const part of t.split(/(?<=\p{Script=Han})|(?=\p{Script=Han})/u)) {
      for (const m of part.matchAll(unit)) {
        w.words++
        if (/^[\p{L}\p{N}\p{M}]/u.test(m[0])) w.plain++
      }
    }
    w.characters += [...t.replace(/\s/gu, '')].length
  }
  return w
}
