/** Names of the events Go sends. The Go list is app/internal/bridge/events.go; a test there holds the two together. */
export const Events = {
  changed: 'changed',
  status: 'status',
  session: 'session',
  link: 'link',
  notice: 'notice',
} as const

export type EventName = (typeof Events)[keyof typeof Events]
