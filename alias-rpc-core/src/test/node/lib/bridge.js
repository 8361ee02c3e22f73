// The reference's bridge to Prometheus: its published class on a node bound to loopback, with an HTTP server on a free port.
//
// Of what the package depends on two are not published under the names it uses; package.json puts the packages of the same
// code in their place. A third, the Node runtime for another JavaScript engine, is as large as everything else together and
// not used on Node; a package that is there anyway stands in for it.
import fastify from 'fastify'
import HyperDHT from 'hyperdht'
import Hyperswarm from 'hyperswarm'
import PooledClient from 'protomux-rpc-client'
import Bridge from 'hyperdht-prometheus-bridge'
import { createNode } from './dht.js'
import { bytes } from './json.js'

/** What to tell of each event; some payloads hold half the bridge. */
const EVENTS = {
  'set-alias': ({ alias, entry }) => ({ alias, ...entryOf(entry) }),
  'alias-expired': (fields) => fields,
  'aliases-updated': () => ({}),
  'load-aliases-error': (error) => ({ error }),
  'write-aliases-error': (error) => ({ error }),
  'upstream-error': (error) => ({ error })
}

const ALIAS_EVENTS = ['alias-request', 'alias-success', 'alias-unauthorised', 'alias-error']

function entryOf({ targetKey, hostname, service }) {
  return { publicKey: targetKey, hostname, service }
}

export const commands = {
  /**
   * {bootstrap, secret, seed?, targets, timeout?, entryExpiryMs?, checkExpiredsIntervalMs?, quiet?, ...node options}: a
   * bridge that keeps its aliases in the file `targets` and gives a scrape `timeout` milliseconds; listening, with the file
   * loaded, when it answers -> {ref, publicKey, host, port} with the address of its HTTP server. With `quiet` it tells no
   * events, for when what they cost would be measured
   */
  async bridge(objects, { secret, seed, targets, timeout, entryExpiryMs, checkExpiredsIntervalMs, quiet, ...options }) {
    const ref = objects.name('bridge')
    const dht = createNode(options)
    const keyPair = HyperDHT.keyPair(seed && bytes(seed))
    const swarm = new Hyperswarm({ dht, keyPair })
    const pool = new PooledClient(dht, { keyPair, requestTimeout: timeout })
    const http = fastify()
    const made = new Bridge(swarm, http, pool, bytes(secret), {
      prometheusTargetsLoc: targets,
      entryExpiryMs,
      checkExpiredsIntervalMs
    })
    if (!quiet) {
      for (const [name, tell] of Object.entries(EVENTS)) made.on(name, (event) => objects.event(ref, name, tell(event)))
      for (const name of ALIAS_EVENTS) made.aliasRpcServer.on(name, (fields) => objects.event(ref, name, fields))
    }
    await http.listen({ host: '127.0.0.1', port: 0 })
    await made.ready()
    objects.put(ref, made, async () => {
      await http.close()
      await pool.close()
      await made.close()
    })
    return { ref, publicKey: made.publicKey, host: '127.0.0.1', port: http.server.address().port }
  },

  /** {ref}: the bridge's table in its order. */
  async 'bridge-entries'(objects, { ref }) {
    return [...objects.get(ref).aliases].map(([alias, entry]) => ({ alias, ...entryOf(entry) }))
  }
}
