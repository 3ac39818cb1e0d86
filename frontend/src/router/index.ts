import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'
import { useSession } from '@/stores/session'

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'workbench', component: () => import('@/rooms/workbench/WorkbenchPage.vue') },
  { path: '/todo', name: 'todo', component: () => import('@/rooms/todo/TodoPage.vue') },
  {
    path: '/documents/:kind(in|out|sign)',
    name: 'documents',
    component: () => import('@/rooms/document/ListPage.vue'),
    meta: { room: 'documents' },
  },
  {
    path: '/document/:id',
    name: 'document',
    component: () => import('@/rooms/document/DocumentPage.vue'),
    meta: { slim: true, room: 'documents' },
  },
  {
    path: '/archive/:kind(in|out|sign)',
    name: 'archive',
    component: () => import('@/rooms/archive/ArchivePage.vue'),
    meta: { room: 'documents' },
  },
  { path: '/draft/in', name: 'register', component: () => import('@/rooms/document/RegisterPage.vue'), meta: { slim: true } },
  {
    path: '/draft/:kind(in|out|sign)/:id?',
    name: 'draft',
    component: () => import('@/rooms/document/DraftPage.vue'),
    meta: { slim: true, room: 'documents' },
  },
  { path: '/calendar', name: 'calendar', component: () => import('@/rooms/calendar/CalendarPage.vue') },
  { path: '/contacts', name: 'contacts', component: () => import('@/rooms/contacts/ContactsPage.vue') },
  { path: '/travel', name: 'travel', component: () => import('@/rooms/travel/TravelPage.vue') },
  { path: '/directory', name: 'directory', component: () => import('@/rooms/directory/DirectoryPage.vue') },
  { path: '/reconcile/:mid?', name: 'reconcile', component: () => import('@/rooms/reconcile/ReconcilePage.vue') },
  { path: '/sync/:tab(history|here)?', name: 'sync', component: () => import('@/rooms/shell/SyncPage.vue') },
  { path: '/settings', name: 'settings', component: () => import('@/rooms/settings/SettingsPage.vue') },
  { path: '/profile', name: 'profile', component: () => import('@/rooms/profile/ProfilePage.vue') },
  { path: '/:rest(.*)', redirect: '/' },
]

export function makeRouter() {
  const router = createRouter({ history: createWebHashHistory(), routes })
  // A room that this person may not enter is not shown, by no way.
  router.beforeEach((to) => {
    const session = useSession()
    return session.stage !== 'in' || session.may(to.meta.room as string | undefined) || '/'
  })
  return router
}
