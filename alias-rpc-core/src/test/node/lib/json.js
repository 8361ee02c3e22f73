// What the two ends exchange: bytes travel as lower-case hex, errors as {message, code, cause}.

export function toJson(value) {
  return JSON.stringify(value, (key, plain) => {
    if (plain instanceof Uint8Array) return hex(plain)
    // A Buffer has already turned itself into {type, data} when a replacer sees it.
    if (plain && plain.type === 'Buffer' && Array.isArray(plain.data)) return hex(plain.data)
    if (plain instanceof Error) return describe(plain)
    if (typeof plain === 'bigint') return Number(plain)
    return plain
  })
}

export function hex(bytes) {
  return Buffer.from(bytes).toString('hex')
}

export function bytes(text) {
  return Buffer.from(text, 'hex')
}

export function describe(error) {
  if (!(error instanceof Error)) return { message: String(error) }
  const told = { message: error.message }
  if (error.code) told.code = error.code
  if (error.cause) told.cause = describe(error.cause)
  return told
}
