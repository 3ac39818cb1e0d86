import type { Messages } from '.'
import accounts from './en.accounts'
import admin from './en.admin'
import archive from './en.archive'
import calendar from './en.calendar'
import contacts from './en.contacts'
import document from './en.document'
import faults from './en.faults'
import files from './en.files'
import flow from './en.flow'
import history from './en.history'
import kinds from './en.kinds'
import layout from './en.layout'
import list from './en.list'
import papers from './en.papers'
import reconcile from './en.reconcile'
import settings from './en.settings'
import shell from './en.shell'
import signin from './en.signin'
import workbench from './en.workbench'

const en: Messages = {
  ...accounts,
  ...admin,
  ...archive,
  ...calendar,
  ...contacts,
  ...document,
  ...faults,
  ...files,
  ...flow,
  ...history,
  ...kinds,
  ...layout,
  ...list,
  ...papers,
  ...reconcile,
  ...settings,
  ...shell,
  ...signin,
  ...workbench,
}

export default en
