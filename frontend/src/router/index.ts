import { createRouter, createWebHashHistory, type RouteRecordRaw } from 'vue-router'

const routes: RouteRecordRaw[] = [
  { path: '/', name: 'workbench', component: () => import('@/rooms/workbench/WorkbenchPage.vue') },
  { path: '/todo', name: 'todo', component: () => import('@/rooms/todo/TodoPage.vue') },
  {
    path: '/documents/:kind(in|out|sign)',
    name: 'documents',
    component: () => import('@/rooms/document/ListPage.vue'),
  },
  {
    path: '/document/:id',
    name: 'document',
    component: () => import('@/rooms/document/DocumentPage.vue'),
    meta: { slim: true },
  },
  {
    path: '/draft/:kind(in|out|sign)/:id?',
    name: 'draft',
    component: () => import('@/rooms/document/DraftPage.vue'),
    meta: { slim: true },
  },
  { path: '/calendar', name: 'calendar', component: () => import('@/rooms/calendar/CalendarPage.vue') },
  { path: '/contacts', name: 'contacts', component: () => import('@/rooms/contacts/ContactsPage.vue') },
  { path: '/travel', name: 'travel', component: () => import('@/rooms/travel/TravelPage.vue') },
  { path: '/reconcile/:mid?', name: 'reconcile', component: () => import('@/rooms/reconcile/ReconcilePage.vue') },
  { path: '/:rest(.*)', redirect: '/' },
]

export function makeRouter() {
  return createRouter({ history: createWebHashHistory(), routes })
}
