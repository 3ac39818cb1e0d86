// The peer of build/bench: PouchDB 9 replicating with express-pouchdb, both over
// LevelDB, server and client in processes of their own on the loopback.
//
//   node peer.cjs serve FOLDER             prints its port
//   node peer.cjs load  FOLDER PORT FILE   fills the server from FILE, then times a first replication
//   node peer.cjs push  FOLDER PORT FILE   keeps FILE's documents here, then times sending them
//
// FILE holds a JSON document per line, with _id. Prints {"docs":…,"ms":…}.
const fs = require('node:fs')
const path = require('node:path')
const readline = require('node:readline')
const PouchDB = require('pouchdb')

const [what, folder, port, file] = process.argv.slice(2)
fs.mkdirSync(folder, { recursive: true })
const Local = PouchDB.defaults({ prefix: folder + path.sep })

async function* batches(size) {
  let batch = []
  for await (const line of readline.createInterface({ input: fs.createReadStream(file) })) {
    batch.push(JSON.parse(line))
    if (batch.length === size) {
      yield batch
      batch = []
    }
  }
  if (batch.length) yield batch
}

async function fill(db) {
  let n = 0
  for await (const b of batches(1000)) {
    const results = await db.bulkDocs(b)
    if (results.some((r) => r.error)) throw new Error('a document was not taken')
    n += b.length
  }
  return n
}

async function best(run) {
  // The batch that does best for the peer, of the usual ones.
  let out
  for (const batch_size of [100, 1000, 5000]) {
    const began = process.hrtime.bigint()
    await run(batch_size)
    const ms = Number(process.hrtime.bigint() - began) / 1e6
    if (!out || ms < out.ms) out = { ms, batch_size }
  }
  return out
}

async function main() {
  if (what === 'serve') {
    const app = require('express')()
    app.use('/', require('express-pouchdb')(Local, { inMemoryConfig: true, logPath: path.join(folder, 'log.txt'), mode: 'minimumForPouchDB' }))
    const l = app.listen(0, '127.0.0.1', () => console.log(l.address().port))
    return
  }
  const remote = (name) => `http://127.0.0.1:${port}/${name}`
  if (what === 'load') {
    const server = new PouchDB(remote('office'))
    const docs = await fill(server)
    const t = await best(async (batch_size) => {
      const r = await new Local(`desk${batch_size}`).replicate.from(remote('office'), { batch_size, batches_limit: 4 })
      if (r.docs_written !== docs) throw new Error(`${r.docs_written} of ${docs} came`)
    })
    console.log(JSON.stringify({ docs, ...t }))
  } else if (what === 'push') {
    const desk = new Local('edits')
    const docs = await fill(desk)
    const t = await best(async (batch_size) => {
      const r = await desk.replicate.to(remote(`pushed${batch_size}`), { batch_size, batches_limit: 4 })
      if (r.docs_written !== docs) throw new Error(`${r.docs_written} of ${docs} went`)
    })
    console.log(JSON.stringify({ docs, ...t }))
  } else {
    throw new Error('serve, load or push')
  }
}

main().then(
  () => what === 'serve' || process.exit(0),
  (e) => {
    console.error(e)
    process.exit(1)
  },
)
