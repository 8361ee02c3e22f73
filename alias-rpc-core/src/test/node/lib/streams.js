// Plain connections over the DHT: what arrives on a secret stream, without any muxer above it.
import HyperDHT from 'hyperdht'
import { createNode } from './dht.js'
import { Counted, pour } from './checksums.js'
import { bytes, hex } from './json.js'

/** What a server does with a connection. */
const MODES = {
  /** Sends back every message as it came. */
  echo: (connection) => {
    connection.on('data', (data) => {
      if (!connection.write(data)) connection.pause()
    })
    connection.on('drain', () => connection.resume())
    connection.on('end', () => connection.end())
  },
  /** Counts and hashes; tells it at the end. */
  sink: (connection, tell) => {
    const counted = new Counted()
    connection.on('data', (data) => counted.add(data))
    connection.on('end', () => {
      tell('received', counted.result())
      connection.end()
    })
  },
  /** Only counts: for benchmarks. */
  count: (connection, tell) => {
    let total = 0
    connection.on('data', (data) => {
      total += data.byteLength
    })
    connection.on('end', () => {
      tell('received', { bytes: total })
      connection.end()
    })
  },
  /** Reads one message, a number of bytes as decimal text, and sends that many. */
  source: (connection, tell) => {
    connection.once('data', async (data) => {
      const [size, hashed] = data.toString().split(' ')
      tell('sent', await pour(connection, { bytes: Number(size), hashed: hashed !== 'unhashed' }))
      connection.end()
    })
    connection.on('end', () => connection.end())
  },
  /** Leaves everything to the commands `send` and `end`. */
  manual: (connection, tell) => {
    connection.on('data', (data) => tell('data', { data }))
    connection.on('end', () => tell('end'))
  }
}

function watch(objects, ref, connection, mode) {
  const tell = (name, fields) => objects.event(ref, name, { remotePublicKey: connection.remotePublicKey, ...fields })
  connection.on('error', (error) => tell('error', { error }))
  connection.on('close', () => tell('close'))
  MODES[mode](connection, tell)
}

export const commands = {
  /**
   * {bootstrap, mode, seed?, allow?, ...node options}: a HyperDHT server, listening when it answers. With `allow`, a list of
   * keys, its firewall rejects all others.
   */
  async 'stream-server'(objects, { mode = 'echo', seed, allow, ...options }) {
    const ref = objects.name('stream-server')
    const dht = createNode(options)
    const firewall = allow ? (key) => !allow.includes(hex(key)) : undefined
    const server = dht.createServer({ firewall }, (connection) => {
      const child = objects.add('connection', connection, async () => connection.destroy())
      objects.event(ref, 'connection', { connection: child, remotePublicKey: connection.remotePublicKey })
      watch(objects, ref, connection, mode)
    })
    const keyPair = seed ? HyperDHT.keyPair(bytes(seed)) : HyperDHT.keyPair()
    await server.listen(keyPair)
    objects.put(ref, server, () => dht.destroy())
    return { ref, publicKey: keyPair.publicKey }
  },

  /** {bootstrap, publicKey, seed?, mode?}: one connection as a client; answers when it is open. */
  async 'stream-client'(objects, { publicKey, seed, mode = 'manual', ...options }) {
    const ref = objects.name('stream-client')
    const dht = createNode(options)
    const connection = dht.connect(bytes(publicKey), seed ? { keyPair: HyperDHT.keyPair(bytes(seed)) } : {})
    watch(objects, ref, connection, mode)
    objects.put(ref, connection, async () => {
      connection.destroy()
      await dht.destroy()
    })
    if (!(await connection.opened)) throw new Error('Could not connect')
    return { ref, publicKey: connection.publicKey, remotePublicKey: connection.remotePublicKey }
  },

  async send(objects, { ref, data, text }) {
    objects.get(ref).write(data === undefined ? Buffer.from(text) : bytes(data))
  },

  /** {ref, bytes, chunk?, seed?, hashed?, end?}: writes that much; answers when all of it was handed down. */
  async pour(objects, { ref, end = true, ...options }) {
    const stream = objects.get(ref)
    const sent = await pour(stream, options)
    if (end) stream.end()
    return sent
  },

  async pause(objects, { ref }) {
    objects.get(ref).pause()
  },

  async resume(objects, { ref }) {
    objects.get(ref).resume()
  },

  async end(objects, { ref }) {
    objects.get(ref).end()
  },

  async destroy(objects, { ref }) {
    objects.get(ref).destroy()
  },

  /**
   * {bootstrap, publicKey, bytes, chunk?}: sends to an echo server and compares what comes back
   * -> {sent: {bytes, sha256}, received: {bytes, sha256}}
   */
  async 'echo-through'(objects, { publicKey, seed, bytes: size, chunk, ...options }) {
    const dht = createNode(options)
    const connection = dht.connect(bytes(publicKey), seed ? { keyPair: HyperDHT.keyPair(bytes(seed)) } : {})
    const received = new Counted()
    const done = new Promise((resolve, reject) => {
      connection.on('data', (data) => received.add(data))
      connection.on('end', resolve)
      connection.on('error', reject)
      connection.on('close', () => reject(new Error(`Closed after ${received.bytes} bytes`)))
    })
    try {
      const [sent] = await Promise.all([pour(connection, { bytes: size, chunk }).then((s) => (connection.end(), s)), done])
      return { sent, received: received.result() }
    } finally {
      connection.destroy()
      await dht.destroy()
    }
  }
}
