// DHT nodes: whole testnets, single nodes in somebody else's, and the queries a node can be asked to make.
import HyperDHT from 'hyperdht'
import { bytes } from './json.js'

const LOOPBACK = '127.0.0.1'
const FIND_PEER = 2 // hyperdht.md, section 1.1

/** A node that cannot reach anything but loopback: it has its address given and never an empty list of bootstrap nodes. */
export function createNode({ bootstrap, seed, keepAliveMs, ...options }) {
  if (!Array.isArray(bootstrap)) throw new Error('A node needs an explicit list of bootstrap nodes')
  const given = { ephemeral: true, ...options, bootstrap, host: LOOPBACK }
  if (seed) given.seed = bytes(seed)
  if (keepAliveMs !== undefined) given.connectionKeepAlive = keepAliveMs
  return new HyperDHT(given)
}

async function createPersistent(bootstrap, port) {
  const options = { bootstrap, ephemeral: false, firewalled: false }
  // Without a port a node tries the default ports first; tests do not care which it gets.
  if (port) Object.assign(options, { port, anyPort: false })
  const node = createNode(options)
  await node.fullyBootstrapped()
  return node
}

function addressOf(node) {
  return { host: LOOPBACK, port: node.address().port }
}

export const commands = {
  /** {nodes, bootstrap?, port?}: that many persistent nodes; with `bootstrap` they join a network that is there. */
  async testnet(objects, { nodes, bootstrap = [], port = 0 }) {
    const made = []
    const known = [...bootstrap]
    for (let i = 0; i < nodes; i++) {
      // An empty list is allowed for the first node of a network alone: it has nobody to ask and asks nobody.
      const node = await createPersistent(known, i === 0 ? port : 0)
      if (known.length === 0) known.push(addressOf(node))
      made.push(node)
    }
    const ref = objects.add('testnet', made, async () => {
      for (const node of made.reverse()) await node.destroy()
    })
    return { ref, bootstrap: known, addresses: made.map(addressOf) }
  },

  /** {bootstrap, ephemeral?, firewalled?, port?, seed?, bootstrapped?}: one node; waits for its bootstrap by default. */
  async node(objects, { bootstrapped = true, ...options }) {
    if (options.port) options.anyPort = false
    const node = createNode(options)
    if (bootstrapped) await node.fullyBootstrapped()
    else await node.ready()
    const ref = objects.add('node', node, () => node.destroy())
    return { ref, ...addressOf(node), id: node.id, publicKey: node.defaultKeyPair.publicKey }
  },

  async 'node-state'(objects, { ref }) {
    const node = objects.get(ref)
    return {
      ephemeral: node.ephemeral,
      firewalled: node.firewalled,
      online: node.online,
      id: node.id,
      knownNodes: node.toArray().map(({ host, port }) => ({ host, port })),
      remoteAddress: node.remoteAddress()
    }
  },

  async 'find-peer'(objects, { ref, publicKey }) {
    return collect(objects.get(ref).findPeer(bytes(publicKey)), (reply) => [reply.peer])
  },

  /** {ref, publicKey, host, port}: whether that one node knows the peer. */
  async 'ask-peer'(objects, { ref, publicKey, host, port }) {
    const target = HyperDHT.hash(bytes(publicKey))
    const reply = await objects.get(ref).request({ command: FIND_PEER, target, value: null }, { host, port })
    return { known: reply.value !== null }
  },

  async lookup(objects, { ref, topic }) {
    return collect(objects.get(ref).lookup(bytes(topic)), (reply) => reply.peers)
  },

  /** {ref, topic, seed, relayAddresses?}: announces the key pair of `seed` under the topic. */
  async announce(objects, { ref, topic, seed, relayAddresses = [] }) {
    const keyPair = HyperDHT.keyPair(bytes(seed))
    const query = objects.get(ref).announce(bytes(topic), keyPair, relayAddresses)
    await query.finished()
    return { publicKey: keyPair.publicKey, closest: query.closestNodes.length }
  },

  async unannounce(objects, { ref, topic, seed }) {
    await objects.get(ref).unannounce(bytes(topic), HyperDHT.keyPair(bytes(seed)))
  },

  async ping(objects, { ref, host, port }) {
    const reply = await objects.get(ref).ping({ host, port })
    return { rtt: reply.rtt, to: reply.to, id: reply.from.id }
  },

  /** {seed}: the public key that belongs to a seed, as the reference derives it. */
  async 'key-pair'(objects, { seed }) {
    return { publicKey: HyperDHT.keyPair(bytes(seed)).publicKey }
  }
}

async function collect(query, peersOf) {
  const peers = []
  let replies = 0
  for await (const reply of query) {
    replies++
    for (const { publicKey, relayAddresses } of peersOf(reply)) peers.push({ publicKey, relayAddresses })
  }
  return { replies, peers }
}
