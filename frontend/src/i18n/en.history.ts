/** What the replication history tells, and heads of columns without a text. */
export default {
  /** The head of a column that shows no text. */
  table: { bar: 'Mark' },
  /** What the replication history tells out of the ordinary. */
  happened: {
    show: 'Show',
    all: 'All',
    only: 'Out of the ordinary',
    none: 'Nothing out of the ordinary',
    noneText: 'Repairs, rereadings, revocations and the like are noted here.',
    place: '{lane} of {of}',
    of: { me: 'your own', org: 'the whole office', unit: '"{name}"', post: 'the post "{name}"', role: 'the role "{name}"' },
    lane: { 0: 'Tasks and approvals', 1: 'Lists', 2: 'Texts', 3: 'Other records' },
    what: { repair: 'Repair', reset: 'Read again', rebuild: 'All read again', replay: 'Sent again', fork: 'New device id', aside: 'Damaged file', upgrade: 'Upgrade', refused: 'Refused', blob: 'Damaged attachment', other: 'Other' },
    why: {
      mended: '{place}: {n} differed from the server and were put right one by one.',
      differs: '{place}: {n} were put right and something differs still; it is looked at again.',
      sums: '{place} differed from the server and were read from the start.',
      old: '{place}: the last sync was too long ago, they were read from the start.',
      history: 'The server was restored from a backup; {place} were read from the start.',
      history_all: 'The server was restored from a backup; everything here was read again. Nothing you did is lost.',
      copy: 'This profile is used on another computer too; this one took a new device id. Nothing you did is lost.',
      forgotten: 'The server has no memory of what this device did; it took a new id and sent it again.',
      replayed: 'The server was restored from a backup; {n} delivered acts were sent again, each takes effect once.',
      anew: 'The file of what waits was damaged and no copy was left; the old file is kept for diagnosis.',
      own_words: 'The damaged old file was erased; your own undelivered words in it are kept apart on this machine, your administrator can recover them.',
      back: 'The file of what waits was damaged; the newest copy was put back, the old file is kept for diagnosis.',
      fetched: 'The file of papers and records was damaged; all was fetched again; the old file is erased when that is whole.',
      older: 'What is here was brought to this version of the program.',
      wiped: 'The office has revoked this device; the server exchanges nothing with it.',
      too_old: 'The program is too old for the server. What waits stays here.',
      blob_again: 'An attachment arrived damaged and was fetched again.',
      blob_bad: 'An attachment on this machine is damaged and was not sent. Please add it again.',
      blob_gone: 'An attachment is neither on this machine nor on the server any more; see Reconcile. Please add it again.',
      other: '{what}',
    },
  },
}
