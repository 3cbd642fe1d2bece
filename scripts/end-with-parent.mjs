// Loaded into what boot.mjs starts: when boot.mjs is killed the channel to it closes, and we end in good order.
if (process.channel) {
  process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
  // Listening keeps the process alive, which a finished command must not be.
  process.channel.unref()
}
