import { AppError } from './errors'
import type { Done } from './types'

/** fileURL is where the content of an attachment is read, for a preview. */
export const fileURL = (id: string): string => `/local/files/${encodeURIComponent(id)}`

/**
 * upload brings a file into the desk and adds it to a paper: contents are too
 * large for calls. It says how much of the file is here. A file for the use
 * "text" is a picture of the paper's text.
 */
export function upload(document: string, file: File, progress: (share: number) => void, use: '' | 'text' = ''): Promise<Done> {
  return new Promise((done, fail) => {
    const q = new URLSearchParams({ document, name: file.name, use })
    const x = new XMLHttpRequest()
    x.open('POST', `/local/files/new?${q}`)
    x.setRequestHeader('Content-Type', 'application/octet-stream')
    x.upload.onprogress = (e) => progress(e.lengthComputable && e.total ? e.loaded / e.total : 0)
    x.onerror = () => fail(new AppError('internal'))
    x.onload = () => {
      let answer: unknown
      try {
        answer = JSON.parse(x.responseText)
      } catch {
        return fail(new AppError('internal'))
      }
      if (x.status === 200) done(answer as Done)
      else fail(AppError.from(answer))
    }
    x.send(file)
  })
}
