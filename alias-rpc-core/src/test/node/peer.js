// A Node counterpart for the Java tests: holds reference DHT nodes, alias servers, clients, streams and sockets, and does
// what its standard input says, one JSON object a line:
//
//   -> {"id": 1, "do": "testnet", "nodes": 3}
//   <- {"id": 1, "ok": {"ref": "testnet-1", "bootstrap": [{"host": "127.0.0.1", "port": 49737}]}}
//   -> {"id": 2, "do": "register", "ref": "alias-client-2", ...}
//   <- {"id": 2, "error": {"message": "...", "code": "...", "cause": {"message": "..."}}}
//   <- {"event": "alias-success", "ref": "alias-server-1", ...}        (at any time)
//
// Commands run concurrently and answer when they are done. The process ends with its standard input, so that no test run
// leaves an orphan behind.
import readline from 'node:readline'
import { Objects } from './lib/objects.js'
import { toJson, describe } from './lib/json.js'
import * as dht from './lib/dht.js'
import * as alias from './lib/alias.js'
import * as bridge from './lib/bridge.js'
import * as metrics from './lib/metrics.js'
import * as odd from './lib/odd-servers.js'
import * as streams from './lib/streams.js'
import * as swarms from './lib/swarms.js'
import * as udx from './lib/udx.js'
import * as load from './lib/load.js'

const print = (line) => process.stdout.write(toJson(line) + '\n')
const objects = new Objects((ref, event, fields) => print({ event, ref, ...fields }))

const commands = {
  ...dht.commands,
  ...alias.commands,
  ...bridge.commands,
  ...metrics.commands,
  ...odd.commands,
  ...streams.commands,
  ...swarms.commands,
  ...udx.commands,
  ...load.commands,

  async close(objects, { ref }) {
    await objects.close(ref)
  },

  async usage() {
    if (globalThis.gc) globalThis.gc()
    return { pid: process.pid, cpuMicros: process.cpuUsage(), memory: process.memoryUsage() }
  },

  async exit(objects) {
    await objects.closeAll()
    setImmediate(() => process.exit(0))
  }
}

async function run({ id, do: name, ...args }) {
  try {
    const command = commands[name]
    if (!command) throw new Error(`No such command: ${name}`)
    print({ id, ok: (await command(objects, args)) ?? {} })
  } catch (error) {
    print({ id, error: describe(error) })
  }
}

const input = readline.createInterface({ input: process.stdin, crlfDelay: Infinity })
input.on('line', (line) => {
  if (line.trim() !== '') run(JSON.parse(line))
})
input.on('close', () => process.exit(0))
print({ event: 'up', pid: process.pid, node: process.version })
