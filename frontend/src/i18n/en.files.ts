/** Words of attachments and of what is taken along on a trip. */
export default {
  files: {
    title: 'Attachments',
    sum: '{n}, {size} in all',
    bytes: '{n} bytes',
    none: 'No attachments. Drop files here.',
    add: 'Add',
    choose: 'Choose files to add',
    fetchAll: 'Download all',
    reading: 'Reading in',
    open: 'Open',
    save: 'Save as',
    openOf: 'Open “{name}”',
    saveOf: 'Save “{name}” as',
    fetchOf: 'Download “{name}”',
    retryOf: 'Deliver “{name}” again',
    removeOf: 'Remove “{name}”',
    dismissOf: 'Put “{name}” away',
    state: { wait: 'To upload', up: 'Uploading', sent: 'To deliver', away: 'Not downloaded', down: 'Downloading', here: 'Downloaded', refused: 'Refused' },
    why: { invalid: 'This file name is not allowed', exists: 'There is an attachment of this name', too_large: 'The file is over the size limit' },
  },
}
