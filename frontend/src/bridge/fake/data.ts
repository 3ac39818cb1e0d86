import { addDays, mondayOf, startOfDay } from '@/composables/officeTime'
import type * as b from '../types'

/** Fixtures: an afternoon of 林知远, invented like the rest of the office. */
const HOUR = 3_600_000
const today = () => startOfDay(Date.now())
const at = (h: number, day = 0) => addDays(today(), day) + h * HOUR

export function session(): b.SessionState {
  return {
    stage: 'in', server: 'https://oa.qinglan.example', fixed: false, trouble: '', user: 'linzhiyuan', name: '林知远', me: people()[0], leader: true,
    desk: 'leader', rooms: ['tasks', 'documents'], loaded: 0, error: '',
  }
}
export function status(): b.Status {
  return { online: false, offline: true, running: false, loading: false, lists: true, staged: 0, syncedAt: at(14.5333), waiting: 3, needsYou: 1, error: '', term: 0, left: 0, locked: false }
}

function task(id: string, title: string, over: Partial<b.Task> = {}): b.Task {
  return {
    id, document: `d-${id}`, title, number: '', source: '市政府办公室', kind: 'out', step: '签发', urgency: '', handling: '', due: at(18, 3), arrived: at(9),
    sayBy: '', say: '', mark: '', needMid: '', needCode: '', myWords: '', myWordsAt: 0, for: '', why: '', urged: 0, urgedBy: '', urgeSaid: '', escalated: [], ...over,
  }
}
export function workbench(): b.Workbench {
  return {
    now: Date.now(),
    toSign: [
      task('1', '关于做好2026年汛期物资储备工作的通知', { mark: 'need', needMid: 'n1', needCode: 'stale_body', myWords: '同意签发。请应急局每周报一次到位情况。', myWordsAt: at(10.8667) }),
      task('2', '关于启动大风蓝色预警应急响应的请示', { urgency: '特急', source: '总值班室', step: '签报', kind: 'sign', due: at(23.9), sayBy: '周牧野', say: '拟同意，请知远同志阅示。' }),
      task('3', '关于开展老旧小区充电桩安装工作的通知', { urgency: '加急', source: '秘书四科', due: at(23.95), sayBy: '许南乔', say: '同意，请知远同志签发。' }),
      task('4', '关于追加汛前物资储备经费的请示', { source: '市水务局', step: '批示', kind: 'in', handling: '办件', due: at(18, 1), sayBy: '周牧野', say: '请市财政局提出意见后，报知远同志批示。' }),
      task('5', '关于对东屏区公交线路调整请示的批复', { step: '会签', due: at(18, 2), sayBy: '贺云舟', say: '已按听证结论修改，请会签。' }),
      task('6', '关于2026年上半年市级预算执行情况的报告', { source: '市财政局', step: '审签', due: at(18, 6), sayBy: '方启明', say: '数据已与统计口径核对一致。' }),
    ],
    dueToday: 2,
    signed: [
      { mid: 's1', document: 'd-a', title: '关于应急避难场所标识更新的批复', at: at(14.6833), mark: 'wait' },
      { mid: 's2', document: 'd-b', title: '关于重点项目调度安排的报告', at: at(14.8), mark: 'wait' },
      { mid: 's3', document: 'd-c', title: '关于水库除险加固资金拨付的签报', at: at(15.0333), mark: 'wait' },
    ],
    toRead: [
      ['关于校园午餐供应检查情况的报告', '市教育局', 13.1667, 0],
      ['市长办公会纪要', '清政阅〔2026〕9号', 11.4333, 0],
      ['关于松渚区道路积水点整改进展的报告', '松渚区', 10.0667, 0],
      ['数据接口规范（征求意见稿）', '省数据局', 9, 0],
      ['清岚政务信息 第24期', '信息科', -9, 1],
      ['关于菜市场改造进度的督查通报', '督查室', -14, 1],
      ['图书馆延时开放首周运行情况', '市文化旅游局', -40, 1],
      ['关于古树名木普查工作的通知', '市林业站', -41, 1],
    ].map(([title, source, h, read], i) => ({
      id: `c${i}`, document: `d-c${i}`, title: String(title), number: '', source: String(source), urgency: '', sort: '', sent: at(Number(h)),
      read: read ? at(Number(h) + 1) : 0, mark: i === 3 ? 'away' : '',
    })),
    readAll: 11,
    unread: 4,
    events: events().filter((e) => e.start >= today() && e.start < at(24) && !e.allDay),
    tomorrow: events().filter((e) => e.start >= at(24) && e.start < at(48) && !e.allDay),
  }
}

function event(id: string, title: string, start: number, end: number, over: Partial<b.Event> = {}): b.Event {
  return {
    id, day: '', title, place: '', note: '', start, end, allDay: false, status: 'confirmed', reminder: 15, repeat: '', attendees: [],
    people: [], owner: '苏以宁', mayEdit: true, seriesStart: start, seriesEnd: end, mark: '', clash: 0,
    rule: { interval: 1, days: [], nth: 0, last: false, count: 0, until: 0 }, changed: false, ...over,
  }
}
export function events(): b.Event[] {
  const monday = mondayOf(Date.now())
  const on = (d: number, h: number) => addDays(monday, d) + h * HOUR
  return [
    event('e0', '出差：柳汀县、南陌县', on(0, 0), on(4, 0), { allDay: true }),
    event('e1', '赴南陌县', at(9), at(10.1667), { place: '随行 苏以宁' }),
    event('e2', '调研水库除险加固工地', at(10.5), at(12), { place: '南陌县青石水库' }),
    event('e3', '检查防汛物资', at(14), at(15.5), { place: '南陌县仓储中心' }),
    event('e4', '防汛视频会', at(16), at(17), { place: '南陌县分会场' }),
    event('e5', '公交线路听证汇报', at(16.5), at(17.5), { place: '东屏区 · 电话', clash: 30 }),
    event('e6', '端午值守安排', at(19.5), at(20), { people: ['周牧野'] }),
    event('e7', '南陌县现场办公', at(9, 1), at(11, 1), { place: '南陌县政府' }),
    event('e8', '柳汀县充电桩点位现场会', at(14, 1), at(15.5, 1), { place: '柳汀县', mark: 'wait' }),
    event('e9', '防汛会商', at(16.5, 1), at(17.5, 1), { status: 'tentative', place: '视频' }),
    event('e10', '重点项目调度会', on(3, 10.5), on(3, 12), { place: '综合楼 302', repeat: 'weekly', mark: 'clash' }),
    event('e11', '市长办公会', on(0, 9), on(0, 11.5), { place: '第一会议室' }),
  ]
}

export function todos(done: boolean): b.Todo[] {
  const row = (id: string, title: string, over: Partial<b.Todo> = {}): b.Todo => ({
    id, title, note: '', due: 0, priority: 0, done: false, doneAt: 0, created: at(8), mark: '', list: '', steps: [], repeat: { every: '', n: 1, day: 0, until: 0 }, remind: -1, once: false, ...over,
  })
  if (done) return [row('t9', '回复省数据局来函', { done: true, doneAt: at(9.5) }), row('t8', '预约周四现场办公会议室', { done: true, doneAt: at(17, -1) })]
  return [
    row('t1', '催水务局报汛前物资清单', { due: at(18, -1), priority: 1 }),
    row('t2', '核对充电桩点位分配表', { due: at(23.5), note: '与东屏区 52 个点位核对', mark: 'wait' }),
    row('t3', '准备周四调度会提纲', { due: at(9, 2), priority: 2 }),
    row('t4', '给图书馆回电话', {}),
  ]
}

export function people(): b.Person[] {
  const p = (id: string, name: string, pinyin: string, title: string, unit: string, unitName: string): b.Person => ({
    id, name, pinyin, initials: pinyin.split(' ').map((x) => x[0]).join(''), title, unit, unitName, phone: '3821 0592', room: '综合楼 508', roles: [], posts: [],
  })
  return [
    p('lin-zhiyuan', '林知远', 'lin zhi yuan', '常务副市长', 'lingdao', '市领导'),
    p('xu-nanqiao', '许南乔', 'xu nan qiao', '副市长', 'lingdao', '市领导'),
    p('zhou-muye', '周牧野', 'zhou mu ye', '秘书长', 'bangong', '市政府办公室'),
    p('shao-wenyuan', '邵文渊', 'shao wen yuan', '科长', 'mishu1', '秘书一科'),
    p('ding-xiaohe', '丁小禾', 'ding xiao he', '收发员', 'mishu1', '秘书一科'),
    p('chu-yan', '褚言', 'chu yan', '核稿', 'mishu1', '秘书一科'),
  ]
}
export function units(): b.Unit[] {
  return [
    { id: 'lingdao', name: '市领导', parent: '', people: 2 },
    { id: 'bangong', name: '清岚市人民政府办公室', parent: '', people: 1 },
    { id: 'mishu1', name: '秘书一科', parent: 'bangong', people: 3 },
  ]
}
export function days(from: number, to: number): b.DayInfo[] {
  const out: b.DayInfo[] = []
  for (let d = startOfDay(from); d < to; d = addDays(d, 1)) {
    const weekday = new Date(d + 8 * HOUR).getUTCDay()
    out.push({
      at: d, date: new Date(d + 8 * HOUR).toISOString().slice(0, 10), lunarYear: '丙午', lunarMonth: '五月', lunarDay: '初五', term: '', festival: '',
      kind: '', name: '', rest: weekday === 0 || weekday === 6, published: true,
    })
  }
  return out
}

export function adminBook(): b.AdminBook {
  return {
    units: units().map((u, i) => ({ id: u.id, name: u.name, short: '', parent: u.parent, order: i, head: '', clerk: '', closed: false, people: u.people, mark: '' })),
    posts: [{ id: 'wenshu', name: '文书', unit: units()[0]?.id ?? '', holders: [people()[0]?.id ?? ''], closed: false, mark: '' }],
    roles: [{ id: 'clerk', name: '文书', holders: [], admin: false }],
    people: people().map((p, i) => ({
      id: p.id, name: p.name, pinyin: p.pinyin, title: p.title, phone: p.phone, room: p.room, order: i, active: true, unit: p.unit, units: [], roles: p.roles,
      terms: [], me: i === 0, mark: '',
    })),
    mayKeep: true,
    mayGrant: false,
  }
}

export function cards(): b.Card[] {
  const c = (id: string, name: string, org: string, title: string, over: Partial<b.Card> = {}): b.Card => ({
    id, name, pinyin: '', org, title, phones: ['138 0000 2716'], mails: [], address: '', note: '', group: '', owner: '林知远', mine: true, mark: '', ...over,
  })
  return [
    c('k1', '江临舟', '清岚供电公司', '总经理', { group: '电力', note: '充电桩增容牵头', mark: 'clash' }),
    c('k2', '宋听泉', '南陌县水务局', '局长', { mark: 'wait' }),
    c('k3', '䶮喆', '柳汀县政府', '副县长'),
  ]
}

export function list(q: b.ListQuery): b.DocumentList {
  const row = (id: string, title: string, over: Partial<b.DocumentRow> = {}): b.DocumentRow => ({
    id, kind: q.kind, title, number: '', register: '', unit: '市水务局', urgency: '', handling: '办件', state: 'running', step: '批示',
    holders: ['林知远'], mine: false, ending: '', due: at(18, 1), updated: at(9, -2), created: at(9, -2), mark: '', genre: '请示', level: '', drafter: '丁小禾', task: '', acts: ['circulate'], reading: 0, ...over,
  })
  const rows = [
    row('d-1', '关于公交线路调整的请示', { urgency: '加急', number: '东政请〔2026〕14号', register: '区收〔2026〕0086', unit: '东屏区', step: '承办', holders: ['秘书四科'], due: at(18, -3) }),
    row('d-2', '关于征求数据接口规范意见的函', { number: '岚数函〔2026〕37号', unit: '省数据局', step: '会签', holders: ['市数据局'], due: at(18, -1) }),
    row('d-3', '大风蓝色预警信号', { urgency: '特急', number: '明电〔2026〕9号', unit: '市气象台', step: '拟办', holders: ['邵文渊'], due: at(23.9), updated: at(13.8) }),
    row('d-4', '关于报送老旧小区充电设施台账的函', { urgency: '加急', number: '岚建函〔2026〕118号', unit: '省住建主管部门', step: '初审', holders: ['褚言'], due: at(23.95), mark: 'wait' }),
    row('d-5', '关于汛前物资储备的请示', { number: '清水请〔2026〕22号', mine: true, due: at(23.5) }),
    row('d-6', '关于校园午餐供应检查情况的报告', { number: '清教报〔2026〕31号', unit: '市教育局', handling: '阅件', step: '传阅', holders: ['顾清和', '许南乔', '林知远', '罗景行'] }),
    row('d-7', '<b>标题里的标签</b>只是文字 \'; DROP TABLE x;--', { number: '松政报〔2026〕21号', unit: '松渚区', state: 'done', step: '', holders: [], due: 0 }),
  ]
  const want = q.queue === 'mine' ? rows.filter((r) => r.mine) : q.queue === 'done' ? rows.filter((r) => r.state === 'done') : q.queue === 'late' ? rows.slice(0, 2) : rows
  return { rows: want.slice(q.skip, q.skip + q.limit), next: '', total: want.length, groups: [], mine: 1, late: 2, cut: false }
}

export function blocks(): b.Block[] {
  const t = (id: string, text: string, type = 'text', level = 0): b.Block => ({ id, type, level, text })
  return [
    t('b1', '为补齐老旧小区充电设施短板，方便群众绿色出行，经市政府同意，现就2026年老旧小区充电桩安装工作通知如下。'),
    t('b2', '一、目标任务', 'heading', 1),
    t('b3', '2026年11月底前，在全市46个老旧小区建成公共充电桩点位120个。其中，东屏区52个，松渚区38个，南陌县18个，柳汀县12个。新增充电接口不少于480个，优先安排需求集中、供电条件成熟的小区。'),
    t('b4', '二、主要工作', 'heading', 1),
    t('b5', '（一）摸清底数。6月30日前，各区、县对照台账逐小区核实电力容量、停车位和消防通道，形成“一小区一方案”。'),
    t('b6', '（二）规范建设。市住房城乡建设局牵头编制安装导则，市发展改革局会同供电单位落实增容和电价政策。'),
    t('b7', '（三）守住安全。点位不得占用消防车通道和安全出口，充电棚应当设置自动断电和烟感装置。'),
    t('b8', '三、资金安排', 'heading', 1),
    t('b9', '市级按每个点位6000元给予一次性补助，共72万元，从年初预算中列支；其余由区、县统筹解决。'),
    t('b10', '1.老旧小区充电桩点位分配表', 'attachment'),
    t('b11', '2.老旧小区充电桩安装导则（试行）', 'attachment'),
    t('b12', '清岚市人民政府办公室', 'signature'),
    t('b13', '2026年6月16日', 'date'),
  ]
}

export function page(id: string): b.DocumentPage {
  const say = (n: number, by: string, unit: string, words: string, over: Partial<b.Opinion> = {}): b.Opinion => ({
    id: `o${n}`, by, unit, words, act: 'approve', said: words ? '' : 'agree', claimed: at(9, -n), at: at(9, -n), old: false, waiting: false, verdict: '', answer: '', dispute: '', former: [], ink: false, ...over,
  })
  const step = (sid: string, name: string, state: string, people: string[]): b.StepView => ({ id: sid, name, state, branch: people.length, people })
  const ev = (n: number, stepName: string, act: string, by: string, unit: string, over: Partial<b.TraceEvent> = {}): b.TraceEvent => ({
    id: `v${n}`, step: stepName, act, by, for: '', unit, to: [], toStep: '', detail: '', claimed: at(9 + n / 7, -n), at: at(9 + n / 7, -n), waiting: false, ...over,
  })
  return {
    id, kind: 'out', state: 'running', ending: '', rev: 5,
    elements: {
      title: '关于开展老旧小区充电桩安装工作的通知', genre: '通知', number: '', numberState: '', numberWish: 0, series: '清政办发', issuer: '清岚市人民政府办公室',
      urgency: '加急', level: '', publicity: '主动公开', to: ['各区、县人民政府', '清岚经济开发区管理委员会', '市政府有关部门、有关单位'],
      cc: ['市发展改革局', '市财政局', '市应急管理局', '清岚供电公司'], copies: 86, note: '此件公开发布', form: { copyNo: '', joint: '', seal: '', signTitle: '', alsoSigned: [], present: [], excused: [], attending: [] }, template: '', from: '', fromNumber: '', received: 0,
      handling: '', limit: 0, due: at(23.95), signedAt: 0,
    },
    body: true, blocks: blocks(), drafter: '宋听泉', leader: '许南乔', signer: '林知远', phone: '3821 0592', unit: '市住房城乡建设局', updated: at(9),
    seen: 'a'.repeat(64), intact: true, duplicate: '', instance: 'i1', flow: '发文', suspended: false, onPaper: false, outcome: '', reason: '', resumes: 0, standing: '', basis: '', void: 0, offers: [],
    steps: [
      step('nigao', '拟稿', 'done', ['宋听泉']), step('fuze', '负责人审核', 'done', ['江临舟']), step('huiqian', '会签', 'done', ['岳衡', '陆时雨', '韩川']),
      step('hegao', '核稿', 'done', ['褚言']), step('fenguan', '分管领导审签', 'done', ['许南乔']), step('qianfa', '签发', 'now', ['林知远']),
      step('fuhe', '复核', 'next', ['褚言']), step('bianhao', '登记编号', 'next', ['丁小禾']), step('banjie', '办结', 'next', []),
    ],
    holders: [{ task: 't3', id: 'lin-zhiyuan', name: '林知远', unit: '市领导', step: '签发', arrived: Date.now() - 68 * 60_000, due: at(23.95), me: true, area: 'sign', for: '', why: '', opened: 0, escalated: [] }],
    areas: [
      { id: 'sign', title: '签发', mine: true, opinions: [] },
      { id: 'leader', title: '审签', mine: false, opinions: [say(0, '许南乔', '', '同意，请知远同志签发。', { claimed: at(9.2, -1), at: at(13.6667, -1) })] },
      {
        id: 'cosign', title: '会签', mine: false,
        opinions: [say(4, '岳衡', '市发展改革局', '同意。增容费用口径已与供电单位核对。'), say(5, '陆时雨', '市财政局', '同意。补助资金请写明从年初预算列支。'), say(6, '韩川', '市应急管理局', '同意。')],
      },
      { id: 'revise', title: '核稿', mine: false, opinions: [say(2, '褚言', '秘书一科', '格式无误，文字已校。')] },
      { id: 'unit_head', title: '拟稿单位负责人', mine: false, opinions: [say(7, '江临舟', '市住房城乡建设局', '同意报送。'), say(8, '江临舟', '市住房城乡建设局', '请补充资金来源。', { old: true, act: 'return' })] },
    ],
    trace: [
      ev(1, '分管领导审签', 'approve', '许南乔', '市领导', { at: at(13.6667, -1) }), ev(2, '核稿', 'approve', '褚言', '秘书一科'),
      ev(4, '会签', 'approve', '岳衡', '市发展改革局'), ev(5, '会签', 'approve', '陆时雨', '市财政局'), ev(7, '负责人审核', 'approve', '江临舟', '市住房城乡建设局'),
      ev(8, '拟稿', 'start', '宋听泉', '市住房城乡建设局'),
    ],
    copies: [{ id: 'c1', who: '周牧野', unit: '市政府办公室', from: '宋听泉', ask: '', sent: at(9, -3), read: at(10, -3), words: '', mine: false, mark: '', sort: '', recalled: false, why: '', desks: 0, gone: 0, lost: 0 }],
    versions: [
      { id: 'x5', rev: 5, by: '褚言', at: at(15.2667, -2), now: true, unit: '秘书一科', claimed: at(15.2667, -2) },
      { id: 'x4', rev: 4, by: '宋听泉', at: at(10, -4), now: false, unit: '市住房城乡建设局', claimed: at(10, -4) },
    ],
    task: {
      id: 't3', rev: 2, step: 'qianfa', name: '签发', area: 'sign', areaName: '签发', gate: 'sign', choose: '', arrived: at(14), due: at(23.95),
      targets: [{ id: 'nigao', name: '拟稿', who: ['宋听泉'] }, { id: 'hegao', name: '核稿', who: ['褚言'] }], acts: ['approve', 'return', 'transfer'], for: '', added: '', opened: 0, reasons: [],
    },
    takeBack: false, rest: false, kept: '', copyId: '', flows: [], mayEdit: false, mayDrop: false, mark: '', online: false, pinned: false,
  }
}

export function draft(): b.Autosave {
  const now: b.DraftInput = {
    id: 'd-3', kind: 'out', title: '关于开展老旧小区充电桩安装工作的通知', genre: '通知', urgency: '加急', level: '', publicity: '主动公开', reason: '',
    series: 'qzbf', issuer: '清岚市人民政府办公室', to: ['各区、县人民政府'], cc: ['市财政局'], copies: 86, note: '', form: { copyNo: '', joint: '', seal: '', signTitle: '', alsoSigned: [], present: [], excused: [], attending: [] }, contact: '3821 0592',
    leader: 'xu-nanqiao', signer: 'lin-zhiyuan', cosignUnits: [], leaders: [], undertakers: [], from: '', fromNumber: '', received: 0, handling: '', limit: 0,
    blocks: blocks(),
  }
  return { found: true, at: at(9), now, base: structuredClone(now), rev: 5 }
}

function entry(mid: string, group: string, mark: string, title: string, over: Partial<b.Entry> = {}): b.Entry {
  return {
    mid, group, mark, state: 'rejected', command: 'approval.approve', title, document: `d-${mid}`, record: `d-${mid}`, step: '签发', code: '', message: '',
    field: '', acted: at(14.6833), settled: at(17.7333), words: '', by: '', byAt: 0, byWords: '', revSeen: 0, revNow: 0, diff: [], clashes: [],
    seenNow: '', taskRev: 0, choices: [], chain: [], wrote: [], again: false, seen: false, ...over,
  }
}
export function reconcile(): b.Reconcile {
  const p = (text: string, changed = false) => ({ text, changed })
  return {
    acted: 8,
    online: true,
    entries: [
      entry('n1', 'need', 'need', '关于做好2026年汛期物资储备工作的通知', {
        code: 'stale_body', acted: at(10.8667), words: '同意签发。请应急局每周报一次到位情况。', by: '褚言', byAt: at(11.6167), revSeen: 3, revNow: 4,
        seenNow: 'b', taskRev: 2, choices: ['sign_new', 'edit', 'copy', 'open', 'discard'],
        diff: [
          { before: [p('二、市级储备冲锋舟'), p('20艘', true), p('、编织袋12万条，由市应急局保管。')], after: [p('二、市级储备冲锋舟'), p('24艘', true), p('、编织袋12万条，由市应急局保管。')] },
          { before: [p('三、各区、县于'), p('6月30日', true), p('前完成补库，并报市水务局备案。')], after: [p('三、各区、县于'), p('6月25日', true), p('前完成补库，并报市水务局备案。')] },
        ],
      }),
      entry('n2', 'need', 'void', '关于调整防汛值守力量的签报', {
        code: 'task_done_by_other', acted: at(15.4333), words: '同意。夜间再加一组。', by: '周牧野', byAt: at(15.1667), byWords: '同意。', choices: ['copy', 'open', 'discard'],
      }),
      entry('n3', 'need', 'clash', '江临舟', {
        code: 'conflict', command: 'contact.card', state: 'conflict', acted: at(15.5167), document: '', choices: ['pick'],
        clashes: [
          { conflict: 'x1', field: 'phones', mine: '138 0000 2716', theirs: '139 0000 5521', type: 'list', minePieces: [p('138 0000 2716', true)], theirsPieces: [p('139 0000 5521', true)] },
          { conflict: 'x2', field: 'title', mine: '总经理', theirs: '董事长', type: 'text', minePieces: [p('总经理', true)], theirsPieces: [p('董事长', true)] },
        ],
      }),
      entry('w1', 'transit', 'sent', '关于水库除险加固资金拨付的签报', { state: 'sent', words: '同意。' }),
      entry('w2', 'transit', 'wait', '核对充电桩点位分配表', { state: 'queued', command: 'todo.edit', document: '' }),
      entry('k1', 'done', 'done', '关于应急避难场所标识更新的批复', { state: 'settled' }),
      entry('k2', 'done', 'done', '关于重点项目调度安排的报告', { state: 'settled', acted: at(14.8) }),
    ],
  }
}

export function ready(ids: string[]): b.Ready[] {
  return ids.map((id, i) => ({
    task: id, document: `d-${id}`, title: `第 ${i + 1} 件`, step: 's', stepName: '批示', gate: '', rev: 1, textRev: 2, seen: 'a', opened: false, sayBy: '', say: '',
    code: id === 'unread' ? 'unread_body' : '',
  }))
}
export function results(ids: string[]): b.BatchResult[] {
  return ids.map((id) => ({ id, title: id, mid: 'm', code: '', field: '' }))
}
export function peek(id: string): b.Peek {
  const p = page(id)
  const row = list({ kind: 'in', queue: 'all', order: '', desc: true, after: '', skip: 0, limit: 1, count: false, filter: {} as b.ListFilter }).rows[0] as b.DocumentRow
  return { id, row: { ...row, id }, elements: p.elements, drafter: p.drafter, phone: p.phone, brief: '为补齐短板。', body: true, words: [], steps: p.steps, holders: p.holders }
}
export function comparison(): b.Comparison {
  const [now, old] = page('d-3').versions as [b.VersionRow, b.VersionRow]
  const same = { state: 'same', beforeType: 'text', afterType: 'text', picture: '', before: [{ text: '一段', changed: false }], after: [{ text: '一段', changed: false }] }
  return { left: old, right: now, elements: [], rows: [same], changed: 0 }
}

export const bag = (): b.TravelBag =>
  ({
    plan: { from: 0, to: 0, people: [], subjects: [] },
    packed: false,
    at: 0,
    rows: [],
    work: 0,
    read: 0,
    missing: 0,
    files: 0,
    size: 0,
    away: 0,
    awaySize: 0,
    due: 0,
    ready: false,
  }) as unknown as b.TravelBag

/** drawn is a page with the title and the blocks, one line each. */
export function drawn(x: b.PaperInput): b.PaperPages {
  const line = (t: string, i: number): b.PaperRun => ({
    f: -1, z: 5644, y: 50000 + i * 10227, x: [...t].map((_, k) => 28000 + k * 5571), e: 28000 + [...t].length * 5571, t, i: 0, q: 1000, w: false, u: false, p: 'body', b: '',
  })
  const runs = [x.elements.title, ...x.blocks.map((k) => k.text)].filter(Boolean).map(line)
  return { template: 'gb-file@1', pages: [{ w: 210000, h: 297000, number: 1, runs, rules: [], places: [] }], fonts: [], gaps: [], lost: '', faults: [] }
}

export function notices(): b.Notice[] {
  const n = (id: string, kind: string, title: string, at: number, over: Partial<b.Notice> = {}): b.Notice => ({
    id, kind, title, sub: '许南乔 · 签发', code: '', at, due: 0, route: '/document/d-1', seen: false, ...over,
  })
  return [
    n('refused/m1', 'refused', '关于做好2026年汛期物资储备工作的通知', at(15), { code: 'stale_body', route: '/reconcile/m1' }),
    n('task/2', 'task', '关于启动大风蓝色预警应急响应的请示', at(14)),
    n('sentback/i4', 'sentback', '关于商请支持数据共享的函', at(13), { sub: '不属本机关职权范围', seen: true }),
    n('copy/3', 'copy', '市长办公会纪要', at(11), { seen: true }),
  ]
}

export function unsent(): b.Unsent[] {
  return [
    { kind: 'waiting', title: '关于应急避难场所标识更新的批复', command: 'approval.approve', at: at(14), words: '同意。', route: '/reconcile/s1' },
    { kind: 'words', title: '关于启动大风蓝色预警应急响应的请示', command: '', at: at(13), words: '请应急局', route: '/document/d-2' },
  ]
}

export function here(): b.Here {
  return {
    folder: '/home/lin/.local/share/qianshao/profile', server: 'https://oa.qinglan.example', user: 'linzhiyuan', device: 'dev-1', machine: '林知远的笔记本',
    syncedAt: at(14.5), asOf: at(14.5), repairs: 0, drafts: 1, outbox: 12,
    kinds: [{ kind: 'doc.header', n: 86 }, { kind: 'dir.person', n: 140 }],
    use: [{ part: 'replica', bytes: 8_400_000 }, { part: 'outbox', bytes: 120_000 }],
  }
}

export function history(): b.SyncLine[] {
  return [
    { at: at(14.5), sent: 3, came: 12, refused: 1, repairs: 0, error: '', count: 1 },
    { at: at(14), sent: 0, came: 0, refused: 0, repairs: 0, error: 'network', count: 6 },
  ]
}

export function profile(): b.Profile {
  return { me: people()[0], user: 'linzhiyuan', units: ['市政府领导'], posts: ['常务副市长'], roles: ['分管领导'], heads: [], unsent: 2, here: here() }
}

export function work(): b.Work {
  const rows = list({ kind: 'out', queue: 'all', order: '', desc: true, after: '', limit: 60 } as b.ListQuery).rows
  return {
    unit: '秘书一科', running: rows, late: rows.slice(0, 2), total: rows.length, drafts: rows.slice(4, 5),
    holders: [{ name: '褚言', unit: '秘书一科', n: 3, late: 1 }],
    queues: [{ kind: 'in', step: '拟办', n: 3, late: 1, today: 1 }],
  }
}

export function about(): b.About {
  return { version: '0.1.0', protocol: '2026-11-23', schema: 1, go: '1.26', system: 'linux/amd64', libraries: [], canNotify: true }
}
