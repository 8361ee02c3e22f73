// Hyperswarm peers: topics, connections and the rule for duplicates, seen from the reference.
import HyperDHT from 'hyperdht'
import Hyperswarm from 'hyperswarm'
import { createNode } from './dht.js'
import { bytes } from './json.js'

export const commands = {
  /** {bootstrap, seed?, ...node options}: every connection says `hello <own key as hex>` and reports what it hears. */
  async swarm(objects, { seed, ...options }) {
    const ref = objects.name('swarm')
    const dht = createNode(options)
    const swarm = new Hyperswarm({ dht, keyPair: seed ? HyperDHT.keyPair(bytes(seed)) : HyperDHT.keyPair() })
    swarm.on('connection', (connection, info) => {
      const child = objects.add('connection', connection, async () => connection.destroy())
      const tell = (name, fields) =>
        objects.event(ref, name, { connection: child, remotePublicKey: connection.remotePublicKey, ...fields })
      tell('connection', { client: info.client, topics: info.topics })
      connection.on('data', (data) => tell('data', { text: data.toString() }))
      connection.on('error', (error) => tell('error', { error }))
      connection.on('close', () => tell('close'))
      connection.write(`hello ${swarm.keyPair.publicKey.toString('hex')}`)
    })
    swarm.on('update', () => objects.event(ref, 'update', { connections: swarm.connections.size }))
    objects.put(ref, swarm, () => swarm.destroy())
    return { ref, publicKey: swarm.keyPair.publicKey }
  },

  async listen(objects, { ref }) {
    await objects.get(ref).listen()
  },

  /** {ref, topic, server?, client?}: answers when announced (server) and every peer found was tried (client). */
  async join(objects, { ref, topic, server = true, client = true }) {
    const swarm = objects.get(ref)
    await swarm.join(bytes(topic), { server, client }).flushed()
    if (client) await swarm.flush()
  },

  async leave(objects, { ref, topic }) {
    await objects.get(ref).leave(bytes(topic))
  },

  async 'join-peer'(objects, { ref, publicKey }) {
    objects.get(ref).joinPeer(bytes(publicKey))
  }
}
