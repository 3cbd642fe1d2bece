import { forgetOld } from '../state/forget.ts'
import type { LedgerEvent, SimulatedAddress, Task, TaskKind } from '../state/state.ts'
import { drawDuration, dropAddress, note, putAddress, type World } from '../state/world.ts'

/** Begins the asynchronous part of a change. */
export function startTask(
  world: World,
  at: number,
  kind: TaskKind,
  addressIds: string[],
  requestId: string | null,
  willFail = false,
): Task {
  const task: Task = {
    taskId: world.state.nextTaskId++,
    kind,
    addressIds,
    dueAt: at + drawDuration(world, kind),
    willFail,
    requestId,
  }
  world.region.tasks[task.taskId] = task
  return task
}

/** Begins an unbinding that nobody asked for, because what the EIP was bound to is gone. */
export function unbindByCloud(world: World, at: number, address: SimulatedAddress): void {
  if (address.status === 'BINDING') {
    for (const task of Object.values(world.region.tasks)) {
      if (task.kind === 'bind' && task.addressIds.includes(address.addressId)) task.willFail = true
    }
  } else if (address.status === 'BIND' || address.status === 'BIND_ENI') {
    note(world, at, 'unbind-started', putAddress(world, at, { ...address, status: 'UNBINDING' }), null)
    startTask(world, at, 'unbind', [address.addressId], null)
  }
}

/** Finishes, in their order and at their own times, the tasks that are due by `now`. True when any was. */
export function finishDueTasks(world: World, now: number): boolean {
  const due = Object.values(world.region.tasks)
    .filter((task) => task.dueAt <= now)
    .sort((a, b) => a.dueAt - b.dueAt || a.taskId - b.taskId)
  for (const task of due) finish(world, task)
  if (due.length > 0) forgetOld(world, now)
  return due.length > 0
}

function finish(world: World, task: Task): void {
  delete world.region.tasks[task.taskId]
  world.region.finishedTasks[task.taskId] = { result: task.willFail ? 'FAILED' : 'SUCCESS', at: task.dueAt }
  for (const addressId of task.addressIds) {
    const address = world.region.addresses[addressId]
    if (address) finishFor(world, task, address)
  }
}

function finishFor(world: World, task: Task, address: SimulatedAddress): void {
  const { dueAt: at, willFail, requestId } = task
  const become = (event: LedgerEvent, change: Partial<SimulatedAddress>) => {
    note(world, at, event, address, requestId)
    putAddress(world, at, { ...address, ...change })
  }
  const vanish = (event: LedgerEvent) => {
    note(world, at, event, address, requestId)
    dropAddress(world, at, address)
  }
  switch (task.kind) {
    case 'create':
      if (willFail) vanish('create-failed')
      else become('created', { status: 'UNBIND' })
      break
    case 'bind':
      if (willFail) become('bind-failed', { status: 'UNBIND', binding: null })
      else become('bound', { status: boundStatus(world, address) })
      break
    case 'unbind': {
      const settledAt = at + drawDuration(world, 'settle')
      if (willFail) become('unbind-failed', { status: boundStatus(world, address) })
      else become('unbound', { status: 'UNBIND', binding: null, settledAt })
      break
    }
    case 'release':
      if (willFail) become('release-failed', { status: 'UNBIND' })
      else vanish('released')
      break
    case 'modify':
      break
  }
}

function boundStatus(world: World, address: SimulatedAddress): 'BIND' | 'BIND_ENI' {
  return address.binding?.byInstance ? 'BIND' : world.config.boundToInterface
}
