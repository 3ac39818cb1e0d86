/** initial stands for a person in their round picture: the first character, a rare Han whole. */
export const initial = (name: string): string => [...name][0] ?? ''
