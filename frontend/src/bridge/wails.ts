/** The bridge to the Go program. */
import * as Approvals from '@/wailsjs/go/bridge/Approvals'
import * as Calendar from '@/wailsjs/go/bridge/Calendar'
import * as Contacts from '@/wailsjs/go/bridge/Contacts'
import * as Directory from '@/wailsjs/go/bridge/Directory'
import * as Documents from '@/wailsjs/go/bridge/Documents'
import * as Files from '@/wailsjs/go/bridge/Files'
import * as Outbox from '@/wailsjs/go/bridge/Outbox'
import * as Papers from '@/wailsjs/go/bridge/Papers'
import * as Search from '@/wailsjs/go/bridge/Search'
import * as Session from '@/wailsjs/go/bridge/Session'
import * as Settings from '@/wailsjs/go/bridge/Settings'
import * as Shell from '@/wailsjs/go/bridge/Shell'
import * as Sync from '@/wailsjs/go/bridge/Sync'
import * as Todos from '@/wailsjs/go/bridge/Todos'
import * as Travel from '@/wailsjs/go/bridge/Travel'
import { EventsOn } from '@/wailsjs/runtime/runtime'
import { safe } from './safe'
import type { Bridge } from './types'

export function wailsBridge(): Bridge {
  return {
    approvals: safe(Approvals),
    calendar: safe(Calendar),
    contacts: safe(Contacts),
    directory: safe(Directory),
    documents: safe(Documents),
    files: safe(Files),
    outbox: safe(Outbox),
    papers: safe(Papers),
    search: safe(Search),
    session: safe(Session),
    settings: safe(Settings),
    shell: safe(Shell),
    sync: safe(Sync),
    todos: safe(Todos),
    travel: safe(Travel),
    on: (event, callback) => EventsOn(event, callback),
  }
}
