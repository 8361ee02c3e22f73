// The living objects of one peer process under the names the other side knows them by.

export class Objects {
  #counter = 0
  #living = new Map()
  #emit

  constructor(emit) {
    this.#emit = emit
  }

  /** Keeps an object; `close` ends it and may take a while. The name is free to use in events before the object exists. */
  add(kind, object, close) {
    const ref = this.name(kind)
    this.put(ref, object, close)
    return ref
  }

  name(kind) {
    return `${kind}-${++this.#counter}`
  }

  put(ref, object, close) {
    this.#living.set(ref, { object, close })
  }

  get(ref) {
    const entry = this.#living.get(ref)
    if (!entry) throw new Error(`No such object: ${ref}`)
    return entry.object
  }

  event(ref, name, fields = {}) {
    this.#emit(ref, name, fields)
  }

  async close(ref) {
    const entry = this.#living.get(ref)
    if (!entry) return
    this.#living.delete(ref)
    await entry.close()
  }

  /** Ends everything, the youngest first: servers before the nodes they stand on. */
  async closeAll() {
    for (const ref of [...this.#living.keys()].reverse()) await this.close(ref)
  }
}
