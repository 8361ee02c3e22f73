// Raw UDX: one socket with one stream, driven step by step.
import UDX from 'udx-native'
import { Counted, pour } from './checksums.js'
import { bytes } from './json.js'

const LOOPBACK = '127.0.0.1'

class RawStream {
  #udx = new UDX()
  #received = new Counted()

  constructor(tell, { streamId, framed = false, mode = 'hash', hashed = true }) {
    this.socket = this.#udx.createSocket()
    this.socket.bind(0, LOOPBACK)
    this.stream = this.#udx.createStream(streamId, {
      framed,
      firewall: (socket, port, host) => {
        tell('firewall', { port, host })
        return false
      }
    })
    const { stream } = this
    if (mode === 'echo') {
      stream.on('data', (data) => {
        if (!stream.write(data)) stream.pause()
      })
      stream.on('drain', () => stream.resume())
      stream.on('end', () => stream.end())
    } else if (mode === 'hash') {
      stream.on('data', (data) => {
        if (hashed) this.#received.add(data)
        else this.#received.bytes += data.byteLength
      })
      stream.on('end', () => tell('received', this.#received.result()))
    }
    stream.on('message', (data) => tell('message', { data }))
    stream.on('error', (error) => tell('error', { error }))
    stream.on('remote-changed', () => tell('remote-changed'))
    stream.on('close', () => tell('close'))
  }

  get port() {
    return this.socket.address().port
  }

  write(data) {
    return this.stream.write(data)
  }

  async close() {
    this.stream.destroy()
    await this.socket.close()
  }
}

export const commands = {
  /** {streamId, framed?, mode: 'hash' | 'echo'}: a bound socket and a stream that is not connected yet. */
  async udx(objects, options) {
    const ref = objects.name('udx')
    const raw = new RawStream((name, fields) => objects.event(ref, name, fields), options)
    objects.put(ref, raw, () => raw.close())
    return { ref, host: LOOPBACK, port: raw.port }
  },

  async 'udx-connect'(objects, { ref, remoteId, port, host = LOOPBACK }) {
    const { stream, socket } = objects.get(ref)
    stream.connect(socket, remoteId, port, host)
  },

  /** {ref, bytes, chunk?, seed?, end?} -> {bytes, sha256} of what was handed down */
  async 'udx-send'(objects, { ref, end = true, ...options }) {
    const { stream } = objects.get(ref)
    const sent = await pour(stream, options)
    if (end) stream.end()
    return sent
  },

  /** Answers when the peer has acknowledged everything written so far. */
  async 'udx-flush'(objects, { ref }) {
    return { acknowledged: await objects.get(ref).stream.flush() }
  },

  /** An unordered, unreliable message. */
  async 'udx-message'(objects, { ref, data }) {
    return { sent: await objects.get(ref).stream.send(bytes(data)) }
  },

  async 'udx-end'(objects, { ref }) {
    objects.get(ref).stream.end()
  },

  async 'udx-destroy'(objects, { ref }) {
    objects.get(ref).stream.destroy()
  },

  async 'udx-pause'(objects, { ref }) {
    objects.get(ref).stream.pause()
  },

  async 'udx-resume'(objects, { ref }) {
    objects.get(ref).stream.resume()
  },

  async 'udx-keepalive'(objects, { ref, ms }) {
    objects.get(ref).stream.setKeepalive(ms)
  },

  /** {ref, remoteId, port}: sends from now on to another address, from a new socket if `newSocket`. */
  async 'udx-change-remote'(objects, { ref, remoteId, port, host = LOOPBACK }) {
    const { stream, socket } = objects.get(ref)
    await stream.changeRemote(socket, remoteId, port, host)
  },

  async 'udx-state'(objects, { ref }) {
    const { stream } = objects.get(ref)
    const { mtu, rtt, cwnd, inflight, retransmits, rtoCount, packetsTransmitted, packetsReceived } = stream
    return { mtu, rtt, cwnd, inflight, retransmits, rtoCount, packetsTransmitted, packetsReceived }
  },

  /** {left: {streamId, remoteId, port}, right: {...}}: two streams on one socket that pass their packets to each other. */
  async 'udx-relay'(objects, { left, right }) {
    const udx = new UDX()
    const socket = udx.createSocket()
    socket.bind(0, LOOPBACK)
    const ends = [left, right].map(({ streamId }) => udx.createStream(streamId))
    for (const stream of ends) stream.on('error', () => {})
    ends[0].relayTo(ends[1])
    ends[1].relayTo(ends[0])
    ;[left, right].forEach(({ remoteId, port }, i) => ends[i].connect(socket, remoteId, port, LOOPBACK))
    const ref = objects.add('udx-relay', ends, async () => {
      for (const stream of ends) stream.destroy()
      await socket.close()
    })
    return { ref, host: LOOPBACK, port: socket.address().port }
  }
}
