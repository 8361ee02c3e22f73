// The metrics process of the reference and its scraper.
import HyperDHT from 'hyperdht'
import PooledClient from 'protomux-rpc-client'
import MetricsProcess from 'dht-prom-client'
import Scraper from 'dht-prom-client/scraper.js'
import { createNode } from './dht.js'
import { bytes } from './json.js'
import { Counted } from './checksums.js'

const EVENTS = [
  'connection-open',
  'connection-error',
  'connection-close',
  'metrics-request',
  'metrics-success',
  'metrics-error',
  'firewall-block',
  'register-alias-success',
  'register-alias-error'
]

/** A text in the format of Prometheus of exactly that length, with a character of two bytes in it. */
function text(length) {
  const line = 'metric{label="größe"} 1\n'
  const lines = line.repeat(Math.floor(length / Buffer.byteLength(line)))
  return lines + '#'.repeat(length - Buffer.byteLength(lines))
}

function digest(metrics) {
  const counted = new Counted()
  counted.add(Buffer.from(metrics))
  return counted.result()
}

export const commands = {
  /**
   * {bootstrap, scraperPublicKey, secret, alias, service, hostname?, seed?, length, registerInterval?, ...node options}: a
   * process whose metrics have that length, or cannot be collected if it is negative, and which registers every so many
   * milliseconds; listening when it answers -> {ref, publicKey, bytes, sha256}
   */
  async 'metrics-process'(
    objects,
    { scraperPublicKey, secret, alias, service, hostname, seed, length, registerInterval, ...options }
  ) {
    const ref = objects.name('metrics-process')
    const dht = createNode(options)
    const keyPair = HyperDHT.keyPair(seed && bytes(seed))
    const metrics = length < 0 ? '' : text(length)
    const collect = async () => {
      if (length < 0) throw new Error('I break stuff')
      return metrics
    }
    const made = new MetricsProcess(dht, collect, bytes(scraperPublicKey), alias, bytes(secret), service, {
      keyPair,
      hostname,
      registerIntervalMs: registerInterval
    })
    for (const name of EVENTS) {
      made.on(name, (fields) => objects.event(ref, name, fields instanceof Error ? { error: fields } : fields))
    }
    await made.ready()
    objects.put(ref, made, () => made.close())
    return { ref, publicKey: made.publicKey, ...digest(metrics) }
  },

  /** {bootstrap, seed, timeout, ...node options}: scrapes with the key pair of that seed */
  async 'metrics-scraper'(objects, { seed, timeout, ...options }) {
    const dht = createNode(options)
    const pool = new PooledClient(dht, {
      keyPair: HyperDHT.keyPair(bytes(seed)),
      requestTimeout: timeout,
      backoffValues: [500, 500, 1000]
    })
    const ref = objects.add('metrics-scraper', pool, async () => {
      await pool.close()
      await dht.destroy()
    })
    return { ref }
  },

  /** {ref, publicKey, timeout?} -> {success, errorMessage?, bytes, sha256} */
  async scrape(objects, { ref, publicKey, timeout }) {
    const scraper = new Scraper(objects.get(ref), bytes(publicKey))
    const reply = await scraper.requestMetrics({ timeout })
    return { success: reply.success, errorMessage: reply.errorMessage, ...digest(reply.metrics ?? '') }
  }
}
