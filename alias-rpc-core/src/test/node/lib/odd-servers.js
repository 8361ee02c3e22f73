// Servers that a client must survive: each accepts connections and then does something an alias server never does.
import HyperDHT from 'hyperdht'
import Protomux from 'protomux'
import ProtomuxRPC from 'protomux-rpc'
import { createNode } from './dht.js'
import { bytes } from './json.js'

/** Bytes as they are, so that a reply can be anything. */
const raw = {
  preencode(state, value) {
    state.end += value.byteLength
  },
  encode(state, value) {
    state.buffer.set(value, state.start)
    state.start += value.byteLength
  },
  decode(state) {
    const value = state.buffer.subarray(state.start, state.end)
    state.start = state.end
    return value
  }
}

function answering(reply) {
  return (connection) => {
    const rpc = new ProtomuxRPC(connection, { protocol: 'register-alias' })
    rpc.respond('alias', { requestEncoding: raw, responseEncoding: raw }, reply)
  }
}

const KINDS = {
  /** Takes the connection, reads all of it and never says a word. */
  silent: () => (connection) => connection.resume(),
  /** Has a muxer, but nobody who speaks the alias protocol: the channel is rejected. */
  rejecting: () => (connection) => new Protomux(connection),
  /** Has the channel, but not the method. */
  'without-method': () => (connection) => new ProtomuxRPC(connection, { protocol: 'register-alias' }),
  /** Has channel and method, and never answers. */
  'never-answering': () => answering(() => new Promise(() => {})),
  /** Answers every request with the bytes given in `reply`. */
  replying: ({ reply }) => answering(() => bytes(reply)),
  /** Takes requests of another major version only. */
  'of-version-2': () => (connection) => {
    const rpc = new ProtomuxRPC(connection, { protocol: 'register-alias' })
    const requestEncoding = {
      ...raw,
      decode: () => {
        throw new Error('Cannot decode RegisterRequest of other major version 1 (own major: 2)')
      }
    }
    rpc.respond('alias', { requestEncoding, responseEncoding: raw }, () => Buffer.alloc(0))
  },
  /** Breaks the connection when a request comes. */
  'leaving-on-request': () => (connection) => {
    answering(() => {
      connection.destroy()
      return new Promise(() => {})
    })(connection)
  },
  /** Breaks the connection as soon as it is there. */
  'leaving-at-once': () => (connection) => connection.destroy()
}

export const commands = {
  /** {kind, bootstrap, seed?, reply?, firewallAll?}: a server of one of the kinds above. */
  async 'odd-server'(objects, { kind, seed, reply, firewallAll = false, ...options }) {
    const behave = KINDS[kind]?.({ reply })
    if (!behave) throw new Error(`No such kind: ${kind}`)
    const ref = objects.name('odd-server')
    const dht = createNode(options)
    const server = dht.createServer({ firewall: () => firewallAll }, (connection) => {
      objects.event(ref, 'connection', { remotePublicKey: connection.remotePublicKey })
      // A reset by the client is the normal end of a connection here.
      connection.on('error', () => {})
      connection.on('close', () => objects.event(ref, 'close', { remotePublicKey: connection.remotePublicKey }))
      behave(connection)
    })
    const keyPair = seed ? HyperDHT.keyPair(bytes(seed)) : HyperDHT.keyPair()
    await server.listen(keyPair)
    objects.put(ref, server, () => dht.destroy())
    return { ref, publicKey: keyPair.publicKey }
  }
}
