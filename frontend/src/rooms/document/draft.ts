import type { DraftInput, Person } from '@/bridge'
import { startOfDay } from '@/composables/officeTime'
import { newBlock } from './blocks'

/** emptyDraft is a new paper of a kind, with what is known of its author. */
export function emptyDraft(kind: string, me?: Person): DraftInput {
  return {
    id: '', kind, title: '', genre: kind === 'sign' ? '签报' : kind === 'out' ? '通知' : '函', urgency: '', level: '', publicity: '',
    reason: '', series: '', issuer: '', to: [], cc: [], copies: 0, note: '', form: emptyForm(), contact: me?.phone ?? '', leader: '', signer: '',
    cosignUnits: [], leaders: [], undertakers: [], from: '', fromNumber: '', received: kind === 'in' ? startOfDay(Date.now()) : 0,
    handling: kind === 'in' ? '办件' : '', limit: 0, blocks: [newBlock()],
  }
}

/** emptyForm is how a paper is printed unless somebody says otherwise. */
export function emptyForm(): DraftInput['form'] {
  return { copyNo: '', joint: '', seal: '', signTitle: '', alsoSigned: [], present: [], excused: [], attending: [] }
}

/** sameDraft compares what a person wrote; the order of keys does not count. */
export function sameDraft(a: DraftInput, b: DraftInput): boolean {
  return canonical(a) === canonical(b)
}

function canonical(d: DraftInput): string {
  const { blocks, ...rest } = d
  const keys = Object.keys(rest).sort() as (keyof typeof rest)[]
  return JSON.stringify([
    keys.map((k) => rest[k]),
    blocks.map((x) => [x.id, x.type, x.level, x.text, Object.entries(x.attrs ?? {}).sort()]),
  ])
}
