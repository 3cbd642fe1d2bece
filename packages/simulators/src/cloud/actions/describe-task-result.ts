import { ApiError } from '../requests/api-error.ts'
import type { Request } from '../requests/schemas.ts'
import type { Answer, Call } from './call.ts'

/** How a task goes. Why one failed is not told. */
export function describeTaskResult(call: Call, { TaskId }: Request<'DescribeTaskResult'>): Answer {
  if (call.region.tasks[TaskId]) return { TaskId, Result: 'RUNNING' }
  const finished = call.region.finishedTasks[TaskId]
  if (!finished || finished.at < call.now - call.config.taskMs)
    throw new ApiError('ResourceNotFound', `The task ${TaskId} does not exist.`)
  return { TaskId, Result: finished.result }
}
