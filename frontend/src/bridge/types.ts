/** View types, as generated from Go; nothing is mirrored by hand. */
import type { bridge as b } from '@/wailsjs/go/models'

export type SessionState = b.SessionState
export type Credentials = b.Credentials
export type Status = b.Status
export type Person = b.Person
export type Unit = b.Unit
export type Task = b.Task
export type Copy = b.Copy
export type Signed = b.Signed
export type Workbench = b.Workbench
export type Counts = b.Counts
export type DocumentRow = b.DocumentRow
export type DocumentList = b.DocumentList
export type ListQuery = b.ListQuery
export type ListFilter = b.ListFilter
export type ListChoices = b.ListChoices
export type ExportInput = b.ExportInput
export type ExportDone = b.ExportDone
export type DueCount = b.DueCount
export type SavedList = b.SavedList
export type Peek = b.Peek
export type Ready = b.Ready
export type BatchResult = b.BatchResult
export type Related = b.Related
export type Alike = b.Alike
export type Comparison = b.Comparison
export type BlockPair = b.BlockPair
export type TodoStep = b.TodoStep
export type TodoRepeat = b.TodoRepeat
export type Handled = b.Handled
export type Block = b.Block
export type Elements = b.Elements
export type StepView = b.StepView
export type Opinion = b.Opinion
export type Area = b.Area
export type TraceEvent = b.TraceEvent
export type Holder = b.Holder
export type Target = b.Target
export type MyTask = b.MyTask
export type CopyRow = b.CopyRow
export type VersionRow = b.VersionRow
export type DocumentPage = b.DocumentPage
export type PaperInput = b.PaperInput
export type PaperRun = b.PaperRun
export type PaperPlace = b.PaperPlace
export type PaperPage = b.PaperPage
export type PaperPages = b.PaperPages
export type PaperFont = b.PaperFont
export type PaperGap = b.PaperGap
export type PaperFile = b.PaperFile
export type TemplateBook = b.TemplateBook
export type TemplateView = b.TemplateView
export type TemplateInput = b.TemplateInput
export type ActInput = b.ActInput
export type DraftInput = b.DraftInput
export type TravelPlan = b.TravelPlan
export type TravelRow = b.TravelRow
export type TravelBag = b.TravelBag
export type AttachmentRow = b.AttachmentRow
export type AttachmentList = b.AttachmentList
export type PictureInfo = b.PictureInfo
export type Findings = b.Findings
export type Finding = b.Finding
export type Mend = b.Mend
export type MendSet = b.MendSet
export type Said = b.Said
export type ChangesView = b.ChangesView
export type SaveInput = b.SaveInput
export type Pick = b.Pick
export type Clash = b.Clash
export type Autosave = b.Autosave
export type Todo = b.Todo
export type TodoInput = b.TodoInput
export type Event = b.Event
export type EventInput = b.EventInput
export type Rule = b.Rule
export type DayInfo = b.DayInfo
export type YearInfo = b.YearInfo
export type YearDay = b.YearDay
export type Reminder = b.Reminder
export type Card = b.Card
export type CardInput = b.CardInput
export type CardFile = b.CardFile
export type FileCard = b.FileCard
export type CardChoice = b.CardChoice
export type Hit = b.Hit
export type Entry = b.Entry
export type Reconcile = b.Reconcile
export type HistoryQuery = b.HistoryQuery
export type HistoryPage = b.HistoryPage
export type Piece = b.Piece
export type AdminBook = b.AdminBook
export type AdminUnit = b.AdminUnit
export type AdminPost = b.AdminPost
export type AdminPerson = b.AdminPerson
export type AdminTerm = b.AdminTerm
export type UnitInput = b.UnitInput
export type PersonInput = b.PersonInput
export type Preferences = b.Preferences
export interface Changed {
  all: boolean
  kinds: string[]
}
export type Done = b.Done
export type Tab = b.Tab
export type Arrangement = b.Arrangement
export type Notice = b.Notice
export type SyncLine = b.SyncLine
export type SyncEvent = b.SyncEvent
export type AccountRow = b.AccountRow
export type DeviceRow = b.DeviceRow
export type Here = b.Here
export type Unsent = b.Unsent
export type ArchiveQuery = b.ArchiveQuery
export type ArchivePage = b.ArchivePage
export type ArchiveRow = b.ArchiveRow
export type Whereabouts = b.Whereabouts
export type Profile = b.Profile
export type Queue = b.Queue
export type HolderCount = b.HolderCount
export type Work = b.Work
export type About = b.About
export type FlowChoice = b.FlowChoice

import type * as Approvals from '@/wailsjs/go/bridge/Approvals'
import type * as Calendar from '@/wailsjs/go/bridge/Calendar'
import type * as Contacts from '@/wailsjs/go/bridge/Contacts'
import type * as Directory from '@/wailsjs/go/bridge/Directory'
import type * as Documents from '@/wailsjs/go/bridge/Documents'
import type * as Files from '@/wailsjs/go/bridge/Files'
import type * as Outbox from '@/wailsjs/go/bridge/Outbox'
import type * as Papers from '@/wailsjs/go/bridge/Papers'
import type * as Search from '@/wailsjs/go/bridge/Search'
import type * as Session from '@/wailsjs/go/bridge/Session'
import type * as Settings from '@/wailsjs/go/bridge/Settings'
import type * as Shell from '@/wailsjs/go/bridge/Shell'
import type * as Sync from '@/wailsjs/go/bridge/Sync'
import type * as Todos from '@/wailsjs/go/bridge/Todos'
import type * as Travel from '@/wailsjs/go/bridge/Travel'
import type { EventName } from './events'

/** What the pages may call: one member per bound struct, one function per method. */
export interface Bridge {
  approvals: typeof Approvals
  calendar: typeof Calendar
  contacts: typeof Contacts
  directory: typeof Directory
  documents: typeof Documents
  files: typeof Files
  outbox: typeof Outbox
  papers: typeof Papers
  search: typeof Search
  session: typeof Session
  settings: typeof Settings
  shell: typeof Shell
  sync: typeof Sync
  todos: typeof Todos
  travel: typeof Travel
  /** Subscribes to an event of Go; the answer ends the subscription. */
  on(event: EventName, callback: (payload: unknown) => void): () => void
}
