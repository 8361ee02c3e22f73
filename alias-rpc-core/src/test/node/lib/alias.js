// Alias servers and clients of the three published generations, side by side.
import HyperDHT from 'hyperdht'
import Hyperswarm from 'hyperswarm'
import PooledClient from 'protomux-rpc-client'
import Server1 from 'alias-rpc-v1'
import Client1 from 'alias-rpc-v1/client.js'
import Server2 from 'alias-rpc-v2'
import Client2 from 'alias-rpc-v2/client.js'
import Server22 from 'alias-rpc-v2-2'
import Client22 from 'alias-rpc-v2-2/client.js'
import { createNode } from './dht.js'
import { bytes } from './json.js'

const GENERATIONS = {
  '1.0.3': { Server: Server1, Client: Client1, pooled: false },
  '2.1.0': { Server: Server2, Client: Client2, pooled: true },
  '2.2.1': { Server: Server22, Client: Client22, pooled: true }
}

const SERVER_EVENTS = [
  'connection-open',
  'connection-error',
  'connection-close',
  'alias-request',
  'alias-success',
  'alias-unauthorised',
  'alias-error'
]

function generation(version) {
  const found = GENERATIONS[version]
  if (!found) throw new Error(`No such version: ${version}`)
  return found
}

/**
 * The registrar of every server in the tests, ours too: a table in memory; the service decides how it behaves, so that one
 * server can be shared by tests that want different things of it.
 *   refuse       fails
 *   slow-<ms>    answers after that long
 *   anything     answers at once
 */
function createRegistrar() {
  const table = new Map()
  return async (alias, targetPublicKey, hostname, service) => {
    if (service === 'refuse') throw new Error('The registrar does not want this')
    const slow = /^slow-(\d+)$/.exec(service)
    if (slow) await new Promise((resolve) => setTimeout(resolve, Number(slow[1])))
    const key = targetPublicKey.toString('hex')
    if (table.get(alias) === key) return false
    table.set(alias, key)
    return true
  }
}

/** A client of either generation with a key pair of its own on a node that others share. */
export function createClient(dht, { version, serverPublicKey, secret, seed, requestTimeoutMs, backoffMs }) {
  const { Client, pooled } = generation(version)
  const keyPair = seed ? HyperDHT.keyPair(bytes(seed)) : HyperDHT.keyPair()
  if (!pooled) {
    // This generation always takes the node's own key pair, and asks nothing of its node but connect.
    const node = { connect: (key, options) => dht.connect(key, { ...options, keyPair }) }
    const client = new Client(serverPublicKey, secret, node, { requestTimeoutMs })
    return { client, keyPair, close: async () => {} }
  }
  const pool = new PooledClient(dht, { keyPair, requestTimeout: requestTimeoutMs, backoffValues: backoffMs })
  return { client: new Client(serverPublicKey, secret, pool), keyPair, close: () => pool.close() }
}

export const commands = {
  /** {version, bootstrap, secret, seed?, quiet?, ...node options}: listening and announced when it answers. */
  async 'alias-server'(objects, { version, secret, seed, quiet = false, listening = true, ...options }) {
    const ref = objects.name('alias-server')
    const dht = createNode(options)
    const swarm = new Hyperswarm({ dht, ...(seed && { seed: bytes(seed) }) })
    const { Server } = generation(version)
    const server = new Server(swarm, bytes(secret), createRegistrar())
    for (const name of quiet ? [] : SERVER_EVENTS) {
      server.on(name, (fields) => objects.event(ref, name, fields))
    }
    const listens = swarm.listen()
    if (listening) await listens
    objects.put(ref, { swarm, server }, () => swarm.destroy())
    return { ref, publicKey: server.publicKey, port: dht.address()?.port }
  },

  /** {ref}: breaks every connection of an alias server, as when its process died but politely. */
  async 'drop-connections'(objects, { ref }) {
    for (const connection of objects.get(ref).swarm.connections) connection.destroy()
  },

  /** {version, bootstrap, serverPublicKey, secret, seed?, requestTimeoutMs?, backoffMs?, ...node options} */
  async 'alias-client'(objects, { version, serverPublicKey, secret, seed, requestTimeoutMs, backoffMs, ...options }) {
    const ref = objects.name('alias-client')
    const dht = createNode(options)
    const made = createClient(dht, { version, serverPublicKey, secret, seed, requestTimeoutMs, backoffMs })
    for (const name of ['alias-attempt', 'connection-error']) {
      made.client.on(name, (fields) => objects.event(ref, name, fields))
    }
    objects.put(ref, made, async () => {
      await made.close()
      await dht.destroy()
    })
    return { ref, publicKey: made.keyPair.publicKey }
  },

  /** {ref, alias, targetKey, hostname, service, major?, minor?, timeout?} -> {updated} */
  async register(objects, { ref, alias, targetKey, hostname, service, major, minor, timeout }) {
    const { client } = objects.get(ref)
    const updated = await client.registerAlias(alias, targetKey, hostname, service, { major, minor, timeout })
    return { updated }
  },

  /**
   * {version, bootstrap, serverPublicKey, secret, clients, targetKey, hostname, service}: registers `burst-0`, `burst-1`, ...
   * at the same time, each with a client and a key pair of its own -> {updated, failures}
   */
  async burst(objects, { version, serverPublicKey, secret, clients, targetKey, hostname, service, prefix, ...options }) {
    const { requestTimeoutMs, backoffMs, ...nodeOptions } = options
    const dht = createNode(nodeOptions)
    await dht.fullyBootstrapped()
    const failures = []
    let updated = 0
    const one = async (index) => {
      const made = createClient(dht, { version, serverPublicKey, secret, requestTimeoutMs, backoffMs })
      try {
        if (await made.client.registerAlias(`${prefix}${index}`, targetKey, hostname, service)) updated++
      } catch (error) {
        failures.push(error)
      } finally {
        await made.close()
      }
    }
    await Promise.all(Array.from({ length: clients }, (_, index) => one(index)))
    await dht.destroy()
    return { updated, failures }
  }
}
