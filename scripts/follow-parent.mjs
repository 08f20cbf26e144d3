// Preloaded (--import) into what the launcher starts: when the launcher is killed outright, nobody forwards a signal
// any more, so the process notices by itself and stops as if it had been asked to.
const parent = process.ppid

setInterval(() => {
  if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
}, 250).unref()
