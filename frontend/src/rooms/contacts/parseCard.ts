import type { CardInput } from '@/bridge'

const mailForm = /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g
// Numbers as cards write them: with country code, area code in brackets, spaces, extensions.
const phoneForm = /(?:\+?\d{1,3}[-\s]?)?(?:[(（]\d{2,4}[)）][-\s]?)?\d[\d\s-]{4,}\d(?:\s*(?:转|-|ext\.?)\s*\d{1,6})?/gi
const labels = /^(?:姓\s*名|单\s*位|公\s*司|职\s*务|职\s*称|部\s*门|手\s*机|电\s*话|座\s*机|传\s*真|邮\s*箱|邮\s*件|电子邮[箱件]|地\s*址|邮\s*编|网\s*址|tel|mobile|phone|fax|e-?mail|mail|add|addr|address|name|title|web|http)\s*[:：.]?\s*/i
const orgEnd = /(?:局|委员会|委|办公室|办|厅|部|处|科|室|中心|公司|集团|学校|大学|学院|中学|小学|医院|研究院|研究所|协会|政府|街道|乡|镇|银行|社|馆|站|院|所|厂|店)$/
const titleWord = /(?:书记|主任|局长|处长|科长|厅长|部长|市长|县长|区长|镇长|乡长|秘书长|秘书|经理|总监|总裁|董事长|院长|校长|所长|站长|馆长|队长|组长|主席|会长|理事|教授|讲师|医生|医师|律师|记者|编辑|工程师|科员|调研员|专员|助理|顾问|代表|工|总)$/
const addressWord = /(?:省|市|区|县|镇|乡|街|路|道|巷|号|楼|室|大厦|园区)/

/**
 * parseCard reads the text of a business card: what is sure goes into its
 * field, everything else into the note. Nothing is dropped.
 */
export function parseCard(text: string): CardInput {
  const out: CardInput = { id: '', name: '', org: '', title: '', phones: [], mails: [], address: '', note: '', group: '' }
  const rest: string[] = []
  for (const raw of text.slice(0, 4000).split(/[\r\n]+|\t|\s{2,}|[|｜]/)) {
    let line = raw.trim()
    if (!line) continue
    const label = labels.exec(line)?.[0] ?? ''
    const fax = /传\s*真|fax/i.test(label)
    const post = /邮\s*编/.test(label)
    const body = line.slice(label.length).trim()
    for (const m of body.match(mailForm) ?? []) if (!out.mails.includes(m) && out.mails.length < 10) out.mails.push(m)
    line = body.replace(mailForm, ' ').trim()
    if (fax || post) {
      rest.push(raw.trim())
      continue
    }
    const address = /地\s*址|addr?/i.test(label)
    if (!address) {
      for (const m of line.match(phoneForm) ?? []) {
        const number = m.trim()
        if (number.replace(/\D/g, '').length >= 7 && !out.phones.includes(number) && out.phones.length < 10) {
          out.phones.push(number)
          line = line.replace(m, ' ').trim()
        }
      }
    }
    const looksLikeAddress = address || (addressWord.test(line) && /\d|[路街道巷号]/.test(line) && line.length >= 6 && !orgEnd.test(line))
    if (looksLikeAddress) {
      if (!out.address) out.address = line
      else rest.push(line)
      continue
    }
    line = line.replace(labels, '').trim()
    if (!line) continue
    const named = /姓\s*名|name/i.test(label)
    if (!out.name && (named || /^[\p{Script=Han}·]{2,4}$/u.test(line)) && (named || (!orgEnd.test(line) && !titleWord.test(line)))) {
      out.name = line
      continue
    }
    // 单小雨 处长 in one line.
    const pair = /^([\p{Script=Han}·]{2,4})\s+(.{1,30})$/u.exec(line)
    if (!out.name && pair?.[1] && pair[2] && titleWord.test(pair[2])) {
      out.name = pair[1]
      out.title = pair[2]
      continue
    }
    if (!out.title && (/职/.test(label) || (titleWord.test(line) && line.length <= 30))) {
      out.title = line
      continue
    }
    if (!out.org && (/单|公\s*司/.test(label) || (orgEnd.test(line) && line.length <= 60))) {
      out.org = line
      continue
    }
    if (!out.name && /^[A-Z][\w.'-]*(?: [A-Z][\w.'-]*){1,3}$/.test(line)) {
      out.name = line
      continue
    }
    rest.push(label && !line.startsWith(label) ? `${label}${line}` : line)
  }
  out.name = out.name.slice(0, 60)
  out.org = out.org.slice(0, 100)
  out.title = out.title.slice(0, 60)
  out.address = out.address.slice(0, 200)
  out.note = rest.join('\n')
  return out
}
