import accounts from './zh-CN.accounts'
import admin from './zh-CN.admin'
import archive from './zh-CN.archive'
import calendar from './zh-CN.calendar'
import contacts from './zh-CN.contacts'
import document from './zh-CN.document'
import faults from './zh-CN.faults'
import files from './zh-CN.files'
import flow from './zh-CN.flow'
import history from './zh-CN.history'
import kinds from './zh-CN.kinds'
import layout from './zh-CN.layout'
import list from './zh-CN.list'
import papers from './zh-CN.papers'
import reconcile from './zh-CN.reconcile'
import settings from './zh-CN.settings'
import shell from './zh-CN.shell'
import signin from './zh-CN.signin'
import workbench from './zh-CN.workbench'

/** The source language. Keys are nested by screen; every other language has all of them. */
export default {
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
