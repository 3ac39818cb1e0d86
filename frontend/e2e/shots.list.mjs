// What build/shots photographs. One line each:
//
//   name   of the picture
//   user   whose window: linzhiyuan (leader), shaowenyuan (head of a unit),
//          dingxiaohe (clerk), sys01 (administrator)
//   path   the page's route
//   dark   in dark too
//   act    what to do there first (page => …), optional
//
// Pages that need a record find it with `first`. States that need a program of
// their own are in shots.states.mjs.

/** first opens the first link of a place whose name fits. */
const first = (place, name) => async (page) => {
  await page.getByRole('region', { name: place }).getByRole('link', { name }).first().click()
  await page.locator('article.sheet').first().waitFor()
}
const option = (name) => (page) => page.getByRole('option', { name }).first().click()
const press = (name) => (page) => page.getByRole('button', { name }).first().click()

export const shots = [
  // 工作台
  { name: 'workbench-leader', user: 'linzhiyuan', path: '/', dark: true },
  { name: 'workbench-head', user: 'shaowenyuan', path: '/', dark: true },
  { name: 'workbench-clerk', user: 'dingxiaohe', path: '/', dark: true },
  { name: 'workbench-admin', user: 'sys01', path: '/' },
  { name: 'workbench-arrange', user: 'linzhiyuan', path: '/', act: press('调整工作台') },
  // 待办
  { name: 'todo', user: 'linzhiyuan', path: '/todo', dark: true },
  { name: 'todo-mine', user: 'linzhiyuan', path: '/todo?tab=mine' },
  // 公文
  { name: 'documents-in', user: 'dingxiaohe', path: '/documents/in', dark: true },
  { name: 'documents-out', user: 'shaowenyuan', path: '/documents/out', dark: true },
  { name: 'documents-sign', user: 'linzhiyuan', path: '/documents/sign' },
  { name: 'archive-out', user: 'linzhiyuan', path: '/archive/out', dark: true },
  { name: 'archive-sign', user: 'linzhiyuan', path: '/archive/sign', dark: true },
  { name: 'document', user: 'linzhiyuan', path: '/', dark: true, act: first('待签', /应急值守/) },
  { name: 'draft-out', user: 'shaowenyuan', path: '/draft/out' },
  { name: 'draft-in', user: 'dingxiaohe', path: '/draft/in' },
  // 日程、通讯录、对账台
  { name: 'calendar', user: 'linzhiyuan', path: '/calendar', dark: true },
  { name: 'contacts', user: 'linzhiyuan', path: '/contacts', dark: true },
  { name: 'contacts-mine', user: 'linzhiyuan', path: '/contacts?book=mine' },
  { name: 'travel', user: 'linzhiyuan', path: '/travel', dark: true },
  { name: 'directory', user: 'sys01', path: '/directory', dark: true },
  { name: 'directory-people', user: 'sys01', path: '/directory?tab=people', act: option(/丁小禾/) },
  { name: 'directory-accounts', user: 'sys01', path: '/directory?tab=accounts', dark: true, act: option(/丁小禾/) },
  { name: 'directory-years', user: 'sys01', path: '/directory?tab=years' },
  { name: 'reconcile', user: 'linzhiyuan', path: '/reconcile', dark: true },
  // 窗口本身
  { name: 'sync-history', user: 'linzhiyuan', path: '/sync/history', dark: true },
  { name: 'sync-here', user: 'linzhiyuan', path: '/sync/here', dark: true },
  { name: 'settings', user: 'linzhiyuan', path: '/settings', dark: true },
  { name: 'profile', user: 'shaowenyuan', path: '/profile', dark: true },
  { name: 'notices', user: 'linzhiyuan', path: '/', dark: true, act: press(/^通知/) },
  { name: 'sync-menu', user: 'linzhiyuan', path: '/', act: press(/^同步状态/) },
  { name: 'person-menu', user: 'linzhiyuan', path: '/', act: press(/个人设置$/) },
  {
    name: 'search',
    user: 'linzhiyuan',
    path: '/',
    dark: true,
    act: async (page) => {
      await page.keyboard.press('Control+k')
      await page.keyboard.type('储备')
      await page.getByRole('listbox', { name: '搜索结果' }).waitFor()
    },
  },
]
