import { describe, expect, it } from 'vitest'
import type { Card } from '@/bridge'
import { byPinyin, cardRow, groupsOf, letterOf, letters } from './book'
import { parseCard } from './parseCard'

const card = (name: string, pinyin: string, group = ''): Card => ({
  id: name, name, pinyin, org: '', title: '', phones: [], mails: [], address: '', note: '', group, owner: '', mine: true, mark: '',
})

describe('the address book', () => {
  it('has a letter for each reading, and one for those without', () => {
    expect([letterOf('lin zhi yuan'), letterOf('Zhou'), letterOf(''), letterOf('9')]).toEqual(['L', 'Z', '#', '#'])
  })
  it('sorts by reading and knows where each letter begins', () => {
    const rows = [card('周一', 'zhou yi'), card('שלום', ''), card('艾二', 'ai er'), card('阿三', 'a san')].map(cardRow).sort(byPinyin)
    expect(rows.map((r) => r.name)).toEqual(['阿三', '艾二', '周一', 'שלום'])
    expect([...letters(rows)]).toEqual([['A', 'c-阿三'], ['Z', 'c-周一'], ['#', 'c-שלום']])
  })
  it('counts groups, the nameless one last', () => {
    expect(groupsOf([card('a', 'a', '省厅'), card('b', 'b'), card('c', 'c', '省厅'), card('d', 'd', '电力')])).toEqual([
      { name: '电力', n: 1 },
      { name: '省厅', n: 2 },
      { name: '', n: 1 },
    ])
  })
})

describe('a card as text', () => {
  it('finds its fields', () => {
    expect(parseCard('清岚供电公司\n江临舟  总经理\n手机：138 0000 2716\n电话：(0000) 6001-2345 转 801\n邮箱：jiang@power.example\n地址：清岚市建设路8号3楼\n传真：0000-60012346')).toEqual({
      id: '', name: '江临舟', org: '清岚供电公司', title: '总经理', phones: ['138 0000 2716', '(0000) 6001-2345 转 801'], mails: ['jiang@power.example'],
      address: '清岚市建设路8号3楼', note: '传真：0000-60012346', group: '',
    })
  })
  it('finds name and office in one line', () => {
    const c = parseCard('单小雨 处长\n省住房城乡建设厅 13800000001')
    expect([c.name, c.title, c.org, c.phones[0]]).toEqual(['单小雨', '处长', '省住房城乡建设厅', '13800000001'])
  })
  it('drops nothing: what it does not know is a note', () => {
    expect(parseCard('扫码加好友\n业务范围：充电桩').note).toBe('扫码加好友\n业务范围：充电桩')
    expect(parseCard('<b>粗</b>').note).toBe('<b>粗</b>')
    expect(parseCard('Jane Doe\nExample Ltd').name).toBe('Jane Doe')
    expect(parseCard('').name).toBe('')
  })
})
