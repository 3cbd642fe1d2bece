import { type ChildProcess, spawn } from 'node:child_process'
import { constants } from 'node:os'
import { systemClock } from '@pod-eip/runtime'

/**
 * The server runs under a shell that waits for end-of-file on a pipe whose other end only we hold. The
 * kernel closes that end when we die, whatever we die of, so the server never outlives us. One that does not listen,
 * as kube-apiserver without its etcd, is ended by force. The folders named first, one a line, are removed after the
 * server; after one that was killed, so is what it has started.
 */
const guardScript = `
cleanup=$1; signal=$2; patience=$3; shift 3
exec 3<&0
"$@" </dev/null 3<&- & server=$!
trap 'kill -s "$signal" $server' INT TERM HUP
{
  while read -r _; do :; done
  kill -s "$signal" $server
  while [ "$patience" -gt 0 ]; do sleep 1; patience=$((patience - 1)); done
  kill -s KILL $server
} <&3 >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait $server; code=$?
while kill -0 $server 2>/dev/null; do wait $server; code=$?; done
kill -s KILL $watch 2>/dev/null
set -f
IFS='
'
rm -rf -- $cleanup
[ $code -ne 137 ] || kill -s KILL 0
exit $code
`

/** What to run under a guard. */
export interface GuardedCommand {
  command: string
  args: readonly string[]
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Run as this user and group; only root can ask for it. */
  user?: { uid: number; gid: number } | undefined
  /** The signal that makes the program end in good order. */
  stopSignal: 'INT' | 'TERM'
  /** So long after that signal it is ended by force when we are not there to do it, in seconds. Default 20. */
  patienceSeconds?: number
  /** Where standard output and error go: an open file descriptor, our own, or nowhere. */
  output: number | 'inherit' | 'ignore'
  /** Folders that are removed once the program has ended, as far as its user may. */
  removeAtEnd?: readonly string[]
}

/** A program that ends when we end. */
export interface GuardedProcess {
  /** Process id of the guard; it leads a process group of its own. */
  pid: number
  /** Resolves with the exit code (128 + number for a signal) once program and guard are gone. */
  exited: Promise<number>
  /** True until the program has ended. */
  running(): boolean
  /** Ends the program in good order, by force after `patience` ms (default 20000). Safe to call twice. */
  stop(patience?: number): Promise<void>
}

/**
 * Starts a program that cannot outlive this process: it is stopped when we call `stop`, when we exit and
 * when we are killed. Ctrl-C in a terminal does not reach it (it has a session of its own), so that we
 * decide the order in which things end.
 *
 * @throws when the program cannot be started
 */
export async function spawnGuarded(what: GuardedCommand): Promise<GuardedProcess> {
  const child = spawn(
    '/bin/sh',
    [
      '-c',
      guardScript,
      'guard',
      (what.removeAtEnd ?? []).join('\n'),
      what.stopSignal,
      String(what.patienceSeconds ?? 20),
      what.command,
      ...what.args,
    ],
    {
      cwd: what.cwd,
      env: what.env ?? process.env,
      uid: what.user?.uid,
      gid: what.user?.gid,
      detached: true,
      stdio: ['pipe', what.output, what.output],
    },
  )
  const exited = new Promise<number>((resolve) =>
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))),
  )
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve)
    child.once('error', reject)
  })
  child.stdin?.on('error', () => {})
  // A program that only tests or a script started must not keep Node alive after everything else is done.
  child.unref()
  unrefPipe(child)

  const pid = child.pid!
  const running = () => child.exitCode === null && child.signalCode === null
  return {
    pid,
    exited,
    running,
    async stop(patience = 20_000) {
      child.ref()
      child.stdin?.end()
      const stopped = new AbortController()
      await Promise.race([
        exited.then(() => stopped.abort()),
        systemClock.sleep(patience, stopped.signal).then(() => {
          if (running()) killGroup(pid)
        }),
      ])
      await exited
    },
  }
}

function unrefPipe(child: ChildProcess): void {
  const pipe = child.stdin as (NodeJS.WritableStream & { unref?: () => void }) | null
  pipe?.unref?.()
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // gone in the meantime
  }
}
