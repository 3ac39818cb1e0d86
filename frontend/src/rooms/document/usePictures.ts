import { computed, type ComputedRef } from 'vue'
import { fileURL, upload, useBridge, type AttachmentRow, type PictureInfo } from '@/bridge'
import { OUTBOX, useLive } from '@/composables/useLive'

/** How a picture of a paper's text stands on this desk. */
export interface Shown {
  id: string
  /** where it is read; "" while it is not here */
  url: string
  coming: boolean
}

export interface Pictures {
  /** changes whenever the answer of look may be another */
  rows: ComputedRef<AttachmentRow[]>
  look: (sha: string) => Shown | undefined
  /** fetch asks for pictures that are not here. */
  fetch: (sha: string) => void
  /** bring takes a picture into the desk and adds it to the paper. */
  bring: (document: string, file: File) => Promise<PictureInfo>
}

const here = (r: AttachmentRow): boolean => ['here', 'wait', 'up', 'sent'].includes(r.state)

/** usePictures are the pictures that the text of a paper may show: its own and no others. */
export function usePictures(document: () => string): Pictures {
  const bridge = useBridge()
  const live = useLive(
    ['doc.attachment', OUTBOX],
    async () => (document() ? (await bridge.files.List(document())).rows : []),
    [document],
  )
  const rows = computed(() => (live.data.value ?? []).filter((r) => r.inline && r.state !== 'refused'))
  const rowOf = (sha: string): AttachmentRow | undefined => rows.value.find((r) => r.sha256 === sha)
  return {
    rows,
    look(sha) {
      const r = rowOf(sha)
      return r && { id: r.id, url: here(r) ? fileURL(r.id) : '', coming: r.state === 'down' }
    },
    fetch(sha) {
      const r = rowOf(sha)
      if (r) void bridge.files.Fetch(document(), r.id).then(live.reload, () => undefined)
    },
    async bring(id, file) {
      const done = await upload(id, file, () => undefined, 'text')
      const info = await bridge.files.Picture(done.id)
      await live.reload()
      return info
    },
  }
}
