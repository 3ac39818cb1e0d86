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
  { name: 'document-in', user: 'shaowenyuan', path: '/', act: first('待办', /学生午餐/) },
  { name: 'document-trace', user: 'linzhiyuan', path: '/', act: async (page) => {
    await first('待签', /应急值守/)(page)
    await page.getByRole('tab', { name: /^流转/ }).click()
  } },
  { name: 'draft-open', user: 'dingxiaohe', path: '/', act: async (page) => {
    await page.getByRole('region', { name: '我的草稿' }).getByRole('link', { name: /夜间施工/ }).click()
    await page.locator('.text-editor').waitFor()
  } },
  { name: 'draft-out', user: 'shaowenyuan', path: '/draft/out' },
  { name: 'draft-in', user: 'dingxiaohe', path: '/draft/in' },
  // 日程、通讯录、对账台
  { name: 'calendar', user: 'linzhiyuan', path: '/calendar', dark: true },
  { name: 'contacts', user: 'linzhiyuan', path: '/contacts', dark: true },
  { name: 'contacts-mine', user: 'linzhiyuan', path: '/contacts?book=mine' },
  { name: 'contacts-card', user: 'linzhiyuan', path: '/contacts?book=mine', act: option(/沐言/) },
  { name: 'calendar-new', user: 'linzhiyuan', path: '/calendar', act: press(/新建日程/) },
  { name: 'calendar-month', user: 'linzhiyuan', path: '/calendar', act: async (page) => {
    await page.keyboard.press('m')
    await page.locator('.qc-dayGridMonth').waitFor()
  } },
  { name: 'calendar-list', user: 'linzhiyuan', path: '/calendar', act: async (page) => {
    await page.keyboard.press('a')
    await page.locator('.agenda').waitFor()
  } },
  { name: 'travel-packed', user: 'linzhiyuan', path: '/travel', act: async (page) => {
    await page.getByRole('button', { name: '装包并检查' }).click()
    await page.getByRole('button', { name: /取消|撤销|清空|重新/ }).first().waitFor()
  } },
  { name: 'travel', user: 'linzhiyuan', path: '/travel', dark: true },
  { name: 'directory', user: 'sys01', path: '/directory', dark: true },
  { name: 'directory-people', user: 'sys01', path: '/directory?tab=people', act: option(/丁小禾/) },
  { name: 'directory-accounts', user: 'sys01', path: '/directory?tab=accounts', dark: true, act: option(/丁小禾/) },
  { name: 'directory-years', user: 'sys01', path: '/directory?tab=years' },
  { name: 'directory-templates', user: 'sys01', path: '/directory?tab=templates' },
  { name: 'directory-unit', user: 'sys01', path: '/directory', act: (page) => page.getByText('秘书一科', { exact: true }).first().click() },
  { name: 'reconcile', user: 'linzhiyuan', path: '/reconcile', dark: true },
  // 窗口本身
  { name: 'sync-history', user: 'linzhiyuan', path: '/sync/history', dark: true },
  { name: 'sync-here', user: 'linzhiyuan', path: '/sync/here', dark: true },
  { name: 'settings', user: 'linzhiyuan', path: '/settings', dark: true },
  { name: 'profile', user: 'shaowenyuan', path: '/profile', dark: true },
  { name: 'notices', user: 'linzhiyuan', path: '/', dark: true, act: press(/^通知/) },
  { name: 'clerk-notices', user: 'dingxiaohe', path: '/', act: press(/^通知/) },
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
