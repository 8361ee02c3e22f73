// Bulk data: made from a seed, counted and hashed on both ends.
import { createCipheriv, createHash } from 'node:crypto'

/** Endless pseudo-random bytes, the same for the same seed, handed out in chunks of any size. */
export function noise(seed) {
  const key = createHash('sha256').update(String(seed)).digest()
  const cipher = createCipheriv('aes-256-ctr', key, Buffer.alloc(16))
  return (length) => cipher.update(Buffer.alloc(length))
}

export class Counted {
  #hash = createHash('sha256')
  bytes = 0

  add(chunk) {
    this.#hash.update(chunk)
    this.bytes += chunk.byteLength
  }

  result() {
    return { bytes: this.bytes, sha256: this.#hash.digest('hex') }
  }
}

/** Writes `bytes` bytes to a stream, waiting whenever it asks to, and tells what was written. */
export async function pour(stream, { bytes, chunk = 65536, seed = 1, hashed = true }) {
  const next = noise(seed)
  const same = hashed ? null : next(chunk)
  const counted = new Counted()
  let left = bytes
  while (left > 0) {
    const size = Math.min(left, chunk)
    const data = hashed ? next(size) : same.subarray(0, size)
    left -= size
    if (hashed) counted.add(data)
    else counted.bytes += size
    if (!stream.write(data)) await drained(stream)
  }
  return counted.result()
}

function drained(stream) {
  return new Promise((resolve, reject) => {
    if (stream.destroying) {
      reject(new Error('The stream ended while it was written to'))
      return
    }
    const settle = (done) => () => {
      stream.off('drain', onDrain)
      stream.off('close', onClose)
      done()
    }
    const onDrain = settle(resolve)
    const onClose = settle(() => reject(new Error('The stream ended while it was written to')))
    stream.on('drain', onDrain)
    stream.on('close', onClose)
  })
}
