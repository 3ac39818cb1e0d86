/**
 * A bridge without the Go program: for tests, and for working on a page in a
 * browser (`npm run dev`). It answers from fixtures and remembers only the
 * switch, the preferences and what was sent. No build contains it.
 */
import { AppError } from '../errors'
import type { EventName } from '../events'
import type { Arrangement, Bridge, Done, Preferences, SessionState, Status, Tab } from '../types'
import * as data from './data'

export interface FakeBridge extends Bridge {
  /** sent are the calls that change something, oldest first. */
  sent: { call: string; args: unknown[] }[]
  emit(event: EventName, payload?: unknown): void
  /** refuse makes the next call of that name fail. */
  refuse(call: string, error: AppError): void
}

export function fakeBridge(over: Partial<{ session: SessionState; status: Status }> = {}): FakeBridge {
  const listeners = new Map<EventName, Set<(p: unknown) => void>>()
  const refusals = new Map<string, AppError>()
  const sent: FakeBridge['sent'] = []
  let session = over.session ?? data.session()
  let status = over.status ?? data.status()
  let prefs: Preferences = {
    theme: 'light', scale: 'auto', text: 100, language: 'zh-CN', phrases: [], lists: [], dense: false, spoken: false,
    notify: true, detail: 'title', quiet: false, quietFrom: '22:00', quietTo: '07:00',
  }
  let tabs: string[] = []
  const asTab = (path: string): Tab => ({ path, title: path.split('/').at(-1) ?? '', kind: 'out', dirty: false, gone: false })
  const arranged = new Map<string, Arrangement>()
  const kept = new Map<string, string>()

  function emit(event: EventName, payload?: unknown): void {
    for (const f of listeners.get(event) ?? []) f(payload)
  }
  async function answer<T>(call: string, value: () => T): Promise<T> {
    const no = refusals.get(call)
    if (no) {
      refusals.delete(call)
      throw no
    }
    return value()
  }
  /** act is a call that changes something. */
  const act =
    (call: string) =>
    (...args: unknown[]): Promise<Done> =>
      answer(call, () => {
        sent.push({ call, args: structuredClone(args) })
        emit('changed', { all: true, kinds: [] })
        return { mid: `m${sent.length}`, id: 'new-1' }
      })
  const put =
    (call: string) =>
    (...args: unknown[]): Promise<void> =>
      answer(call, () => {
        sent.push({ call, args: structuredClone(args) })
      })

  return {
    sent,
    emit,
    refuse: (call, error) => refusals.set(call, error),
    on(event, callback) {
      const set = listeners.get(event) ?? new Set()
      listeners.set(event, set.add(callback))
      return () => set.delete(callback)
    },
    session: {
      State: () => answer('session.State', () => session),
      SignIn: (c) =>
        answer('session.SignIn', () => {
          session = { ...data.session(), server: c.server, user: c.user }
          return session
        }),
      SignOut: () =>
        answer('session.SignOut', () => {
          session = { ...data.session(), stage: 'out', server: session.server, user: session.user, leader: false, me: undefined }
        }),
      Renew: put('session.Renew'),
      Password: put('session.Password'),
      Unsent: () => answer('session.Unsent', data.unsent),
      Mine: () => answer('session.Mine', data.profile),
    },
    sync: {
      Status: () => answer('sync.Status', () => status),
      SetOffline: (off) =>
        answer('sync.SetOffline', () => {
          status = { ...status, offline: off, online: !off }
          return status
        }),
      Now: () =>
        answer('sync.Now', () => {
          status = { ...status, syncedAt: Date.now() }
          return status
        }),
      History: () => answer('sync.History', data.history),
      Events: () => answer('sync.Events', () => []),
      Here: () => answer('sync.Here', data.here),
      ExportLog: () => answer('sync.ExportLog', () => '/profile/export/log.zip'),
    },
    settings: {
      Get: () => answer('settings.Get', () => prefs),
      Set: (p) =>
        answer('settings.Set', () => {
          prefs = p
          return p
        }),
      About: () => answer('settings.About', data.about),
    },
    shell: {
      Tabs: () => answer('shell.Tabs', () => tabs.map(asTab)),
      SaveTabs: (paths) =>
        answer('shell.SaveTabs', () => {
          tabs = [...paths]
          return tabs.map(asTab)
        }),
      Arrangement: (desk) => answer('shell.Arrangement', () => arranged.get(desk) ?? { order: [], hidden: [] }),
      Arrange: (desk, x) => answer('shell.Arrange', () => void arranged.set(desk, x)),
      Link: () => answer('shell.Link', () => ({ route: '', at: 0 })),
      Tell: put('shell.Tell'),
      Notices: () => answer('shell.Notices', data.notices),
      SeeNotices: put('shell.SeeNotices'),
      Probe: put('shell.Probe'),
    },
    approvals: {
      Workbench: () => answer('approvals.Workbench', data.workbench),
      Work: () => answer('approvals.Work', data.work),
      Tasks: () => answer('approvals.Tasks', () => data.workbench().toSign),
      Counts: () => answer('approvals.Counts', () => ({ tasks: data.workbench().toSign.length, need: status.needsYou, fresh: status.needsYou })),
      Approve: act('approvals.Approve'),
      Return: act('approvals.Return'),
      Reject: act('approvals.Reject'),
      Transfer: act('approvals.Transfer'),
      Claim: act('approvals.Claim'),
      Release: act('approvals.Release'),
      TakeBack: act('approvals.TakeBack'),
      Opened: async () => undefined,
      Circulate: act('approvals.Circulate'),
      Read: act('approvals.Read'),
      Start: act('approvals.Start'),
      Ready: (ids) => answer('approvals.Ready', () => data.ready(ids)),
      SignMany: (items) => answer('approvals.SignMany', () => data.results(items.map((x) => x.document))),
      ReadMany: (ids) => answer('approvals.ReadMany', () => data.results(ids)),
      CirculateMany: (ids) => answer('approvals.CirculateMany', () => data.results(ids)),
      StartMany: (ids) => answer('approvals.StartMany', () => data.results(ids)),
      Copies: () => answer('approvals.Copies', () => data.workbench().toRead),
      Handled: () => answer('approvals.Handled', () => []),
      KeepWords: async (task, words) => void kept.set(task, words),
      KeptWords: async (task) => kept.get(task) ?? '',
    },
    travel: {
      Bag: () => answer('travel.Bag', data.bag),
      Pack: (plan) =>
        answer('travel.Pack', () => {
          sent.push({ call: 'travel.Pack', args: [structuredClone(plan)] })
          return data.bag()
        }),
      Fetch: put('travel.Fetch'),
      Unpack: put('travel.Unpack'),
    },
    files: {
      List: () => answer('files.List', () => ({ rows: [], size: 0, away: 0, mayAdd: false, online: false })),
      Picture: () => answer('files.Picture', () => ({ sha256: '', w: 0, h: 0 })),
      Remove: act('files.Remove'),
      Retry: act('files.Retry'),
      Fetch: put('files.Fetch'),
      SaveAs: () => answer('files.SaveAs', () => ''),
      Open: put('files.Open'),
    },
    documents: {
      List: (q) => answer('documents.List', () => data.list(q)),
      Export: () => answer('documents.Export', () => ({ path: '', rows: 0, held: 0 })),
      Archive: () => answer('documents.Archive', () => ({ rows: [], next: '' })),
      Whereabouts: () => answer('documents.Whereabouts', () => []),
      Pin: act('documents.Pin'),
      Lost: () => answer('documents.Lost', () => ''),
      ForgetLost: put('documents.ForgetLost'),
      Unpin: act('documents.Unpin'),
      Choices: () => answer('documents.Choices', () => ({ from: ['东屏区', '市水务局'], units: [{ id: 'mishu1', name: '秘书一科' }], steps: ['拟办', '批示'], genres: ['函', '请示'] })),
      Peek: (id) => answer('documents.Peek', () => data.peek(id)),
      Related: () => answer('documents.Related', () => []),
      Alike: () => answer('documents.Alike', () => []),
      Compare: () => answer('documents.Compare', data.comparison),
      DiscardMany: (ids) => answer('documents.DiscardMany', () => data.results(ids)),
      Page: (id) => answer('documents.Page', () => data.page(id)),
      Open: () => answer('documents.Open', data.draft),
      Kept: () => answer('documents.Kept', () => ({ ...data.draft(), found: false })),
      Keep: put('documents.Keep'),
      Forget: put('documents.Forget'),
      Draft: act('documents.Draft'),
      Register: act('documents.Register'),
      Save: act('documents.Save'),
      Discard: act('documents.Discard'),
      Series: () => answer('documents.Series', () => [{ id: 'qzbf', name: '清政办发' }]),
      Check: () => answer('documents.Check', () => ({ list: [], checklists: [], saved: true })),
      CheckDraft: () => answer('documents.CheckDraft', () => ({ list: [], checklists: [], saved: true })),
      Justify: act('documents.Justify'),
      Answer: act('documents.Answer'),
      Gaps: () => answer('documents.Gaps', () => []),
      ReserveNumbers: act('documents.ReserveNumbers'),
      ChooseNumber: act('documents.ChooseNumber'),
      VoidNumber: act('documents.VoidNumber'),
      Annul: act('documents.Annul'),
      Changes: () => answer('documents.Changes', () => ({ from: '', to: '', list: [] })),
      Classify: act('documents.Classify'),
      Genres: () => answer('documents.Genres', () => ['通知', '函', '请示', '报告', '批复', '纪要']),
    },
    todos: {
      List: (done) => answer('todos.List', () => data.todos(done)),
      Create: act('todos.Create'),
      Edit: act('todos.Edit'),
      Delete: act('todos.Delete'),
    },
    calendar: {
      Range: (from, to) => answer('calendar.Range', () => data.events().filter((e) => e.start < to && e.end > from)),
      Create: act('calendar.Create'),
      Edit: act('calendar.Edit'),
      Delete: act('calendar.Delete'),
      Days: (from, to) => answer('calendar.Days', () => data.days(from, to)),
      Years: () => answer('calendar.Years', () => []),
      PutYear: act('calendar.PutYear'),
      Reminders: () => answer('calendar.Reminders', () => []),
      PutAway: put('calendar.PutAway'),
      Snooze: put('calendar.Snooze'),
    },
    contacts: {
      List: (text) => answer('contacts.List', () => data.cards().filter((c) => c.name.includes(text))),
      Create: act('contacts.Create'),
      Edit: act('contacts.Edit'),
      Delete: act('contacts.Delete'),
      ReadFile: () => answer('contacts.ReadFile', () => ({ cards: [], broken: 0 })),
      Import: (choices) =>
        answer('contacts.Import', () => {
          sent.push({ call: 'contacts.Import', args: [structuredClone(choices)] })
          return choices.length
        }),
      Text: () => answer('contacts.Text', () => ''),
      Export: () => answer('contacts.Export', () => ''),
    },
    directory: {
      People: (unit, text) => answer('directory.People', () => data.people().filter((p) => (!unit || p.unit === unit) && p.name.includes(text))),
      Units: () => answer('directory.Units', data.units),
      Admin: () => answer('directory.Admin', data.adminBook),
      Reading: (name) => answer('directory.Reading', () => name),
      PutUnit: act('directory.PutUnit'),
      CloseUnit: act('directory.CloseUnit'),
      PutPost: act('directory.PutPost'),
      ClosePost: act('directory.ClosePost'),
      PutPerson: act('directory.PutPerson'),
      Place: act('directory.Place'),
      Appoint: act('directory.Appoint'),
      Dismiss: act('directory.Dismiss'),
      Grant: act('directory.Grant'),
      Accounts: () => answer('directory.Accounts', () => []),
      Account: put('directory.Account'),
      Devices: () => answer('directory.Devices', () => []),
      Revoke: put('directory.Revoke'),
    },
    outbox: {
      Reconcile: () => answer('outbox.Reconcile', data.reconcile),
      Resend: act('outbox.Resend'),
      SignNew: act('outbox.SignNew'),
      Pick: act('outbox.Pick'),
      KeepBoth: (ids) =>
        answer('outbox.KeepBoth', () => {
          sent.push({ call: 'outbox.KeepBoth', args: [structuredClone(ids)] })
          return ids.length
        }),
      Discard: put('outbox.Discard'),
      MarkSeen: put('outbox.MarkSeen'),
      Settle: (mids, how) =>
        answer('outbox.Settle', () => {
          sent.push({ call: 'outbox.Settle', args: [structuredClone(mids), how] })
          return mids.length
        }),
      ToTodo: act('outbox.ToTodo'),
      ToReading: act('outbox.ToReading'),
      History: () => answer('outbox.History', () => ({ entries: [], total: 0 })),
    },
    papers: {
      Draw: (input) => answer('papers.Draw', () => data.drawn(input)),
      Templates: () => answer('papers.Templates', () => ({ list: [], mayPut: false })),
      PutTemplate: act('papers.PutTemplate'),
      Faces: () => answer('papers.Faces', () => ({ faces: [], folder: '', policy: [] })),
      UseFonts: (folder) => answer('papers.UseFonts', () => ({ faces: [], folder, policy: [] })),
      Sample: () => answer('papers.Sample', () => data.drawn({ kind: 'out', unit: '', signer: '', updated: 0, elements: data.page('d-1').elements, blocks: [], document: '' })),
      Sheet: (id, open) =>
        answer('papers.Sheet', () => {
          sent.push({ call: 'papers.Sheet', args: [id, open] })
          return { path: '/tmp/x.pdf', url: '/local/print/x.pdf', name: 'x', opened: true, pages: 1 }
        }),
      Print: (input, preprinted, open) =>
        answer('papers.Print', () => {
          sent.push({ call: 'papers.Print', args: [structuredClone(input), preprinted, open] })
          return { path: '/tmp/x.pdf', url: '/local/print/x.pdf', name: 'x', opened: true, pages: 1 }
        }),
    },
    search: {
      Find: (text) =>
        answer('search.Find', () =>
          data
            .workbench()
            .toSign.filter((x) => x.title.includes(text))
            .map((x) => ({
              kind: 'document', id: x.document, root: x.kind, title: x.title, sub: x.source, group: 'document', part: 'title',
              snippet: [{ text: x.title, changed: false }],
            })),
        ),
    },
  }
}
