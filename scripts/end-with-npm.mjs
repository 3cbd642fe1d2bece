// npm passes a signal on to the shell of its script only, and none when it is killed: so we look whether
// both are still there. Plain JavaScript, for Node >= 18.
import { readFileSync } from 'node:fs'

const everyMs = 250

/** Calls back once when the npm that runs this process has ended, or the shell between the two. */
export function onceNpmEnds(callback) {
  if (!process.env.npm_lifecycle_event) return
  const shell = process.ppid
  const npm = /^(npm|node)/.test(read(shell, 'comm') ?? '') ? undefined : parentOf(shell)
  const timer = setInterval(() => {
    if (process.ppid === shell && (npm === undefined || parentOf(shell) === npm)) return
    clearInterval(timer)
    callback()
  }, everyMs)
  timer.unref()
}

/** Undefined where there is no /proc. */
function parentOf(pid) {
  const stat = read(pid, 'stat')
  // The program's name, in parentheses, may hold anything.
  return stat && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function read(pid, file) {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return undefined
  }
}
