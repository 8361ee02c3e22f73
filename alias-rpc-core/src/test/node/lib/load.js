// The load generator of the end-to-end benchmark: the same load on whichever server it is pointed at.
import HyperDHT from 'hyperdht'
import { createClient } from './alias.js'
import { createNode } from './dht.js'
import { bytes } from './json.js'
import { pour } from './checksums.js'

const TARGET = '77'.repeat(32)

/** Runs `total` operations, `width` at a time, and tells how long each took. */
async function timed(total, width, operation) {
  const micros = []
  let failures = 0
  let next = 0
  const lane = async (number) => {
    while (next < total) {
      const index = next++
      const start = process.hrtime.bigint()
      try {
        await operation(index, number)
        micros.push(Number((process.hrtime.bigint() - start) / 1000n))
      } catch (error) {
        failures++
        process.stderr.write(`operation ${index}: ${error.message}\n`)
      }
    }
  }
  const start = process.hrtime.bigint()
  await Promise.all(Array.from({ length: width }, (_, number) => lane(number)))
  const elapsedMicros = Number((process.hrtime.bigint() - start) / 1000n)
  micros.sort((a, b) => a - b)
  const quantile = (q) => micros[Math.min(micros.length - 1, Math.floor(q * micros.length))]
  return { operations: micros.length, failures, elapsedMicros, p50Micros: quantile(0.5), p99Micros: quantile(0.99) }
}

async function withNode(bootstrap, use) {
  const dht = createNode({ bootstrap })
  await dht.fullyBootstrapped()
  try {
    return await use(dht)
  } finally {
    await dht.destroy()
  }
}

export const commands = {
  /** {bootstrap, serverPublicKey, secret, total, width}: every registration on a connection and a key of its own. */
  async 'load-cold'(objects, { bootstrap, serverPublicKey, secret, total, width }) {
    return withNode(bootstrap, (dht) =>
      timed(total, width, async (index) => {
        const { client } = createClient(dht, { version: '1.0.3', serverPublicKey, secret, requestTimeoutMs: 20000 })
        await client.registerAlias(`cold-${index}`, TARGET, 'host', 'service')
      })
    )
  },

  /** {..., connections, width, total}: `connections` pooled clients, each with `width` requests under way. */
  async 'load-warm'(objects, { bootstrap, serverPublicKey, secret, connections, width, total }) {
    return withNode(bootstrap, async (dht) => {
      const made = Array.from({ length: connections }, () =>
        createClient(dht, { version: '2.1.0', serverPublicKey, secret, requestTimeoutMs: 20000 })
      )
      const register = (index, lane) =>
        made[lane % connections].client.registerAlias(`warm-${lane}`, TARGET, 'host', 'service')
      // Opens every connection and lets both ends warm up before the clock runs.
      await timed(connections * width * 20, connections * width, register)
      const result = await timed(total, connections * width, register)
      for (const { close } of made) await close()
      return { ...result, allOperations: total + connections * width * 20 }
    })
  },

  async wait(objects, { ms }) {
    const start = process.hrtime.bigint()
    await new Promise((resolve) => setTimeout(resolve, ms))
    return { elapsedMicros: Number((process.hrtime.bigint() - start) / 1000n) }
  },

  /** {bootstrap, publicKey, connections}: opens that many connections and holds them until the ref is closed. */
  async 'load-idle'(objects, { bootstrap, publicKey, connections, width = 16 }) {
    const dht = createNode({ bootstrap })
    await dht.fullyBootstrapped()
    const held = []
    const result = await timed(connections, width, async () => {
      const connection = dht.connect(bytes(publicKey), { keyPair: HyperDHT.keyPair() })
      connection.on('error', () => {})
      // Its first byte shows that the server has the connection: "opened" alone does not.
      if (!(await connection.opened)) throw new Error('Could not connect')
      await new Promise((resolve) => connection.once('data', resolve))
      held.push(connection)
    })
    const ref = objects.add('load-idle', held, async () => {
      for (const connection of held) connection.destroy()
      await dht.destroy()
    })
    return { ref, held: held.filter((connection) => !connection.destroying).length, ...result }
  },

  /** {bootstrap, publicKey, bytes, chunk?}: one stream to a counting server; ends when the server has ended its side. */
  async 'load-upload'(objects, { bootstrap, publicKey, bytes: size, chunk = 65536 }) {
    return withNode(bootstrap, async (dht) => {
      const connection = dht.connect(bytes(publicKey))
      const ended = new Promise((resolve, reject) => {
        connection.on('data', () => {})
        connection.on('end', resolve)
        connection.on('error', reject)
      })
      const start = process.hrtime.bigint()
      const poured = pour(connection, { bytes: size, chunk, hashed: false }).then(() => connection.end())
      await Promise.all([poured, ended])
      return { bytes: size, elapsedMicros: Number((process.hrtime.bigint() - start) / 1000n) }
    })
  },

  /** {bootstrap, publicKey, bytes}: asks a source for that much and reads it. */
  async 'load-download'(objects, { bootstrap, publicKey, bytes: size }) {
    return withNode(bootstrap, async (dht) => {
      const connection = dht.connect(bytes(publicKey))
      let total = 0
      const start = process.hrtime.bigint()
      const ended = new Promise((resolve, reject) => {
        connection.on('data', (data) => {
          total += data.byteLength
        })
        connection.on('end', resolve)
        connection.on('error', reject)
      })
      connection.write(`${size} unhashed`)
      await ended
      connection.end()
      return { bytes: total, elapsedMicros: Number((process.hrtime.bigint() - start) / 1000n) }
    })
  }
}
