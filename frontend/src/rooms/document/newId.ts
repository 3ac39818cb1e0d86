/** newId is for a block made here; it must only differ within one paper. */
export const newId = () => crypto.randomUUID()
