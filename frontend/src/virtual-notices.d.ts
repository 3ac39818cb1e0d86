declare module 'virtual:notices' {
  export const texts: string[]
  export const rows: [name: string, version: string, licence: string, text: number][]
}
