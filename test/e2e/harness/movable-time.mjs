// Loaded into a service before anything else: its time is ahead of the machine's by what the variable says, and
// from then on by what its parent tells it. What it waits for, in milliseconds, takes as long as ever.
const SystemDate = Date
let aheadMs = Number(process.env.TEST_TIME_AHEAD_MS)
const now = () => SystemDate.now() + aheadMs

globalThis.Date = new Proxy(SystemDate, {
  construct: (target, given, as) => Reflect.construct(target, given.length === 0 ? [now()] : given, as),
  apply: () => new SystemDate(now()).toString(),
  get: (target, name, self) => (name === 'now' ? now : Reflect.get(target, name, self)),
})

process.on('message', (message) => {
  aheadMs = message.aheadMs
  process.send('moved')
})
process.channel.unref()
