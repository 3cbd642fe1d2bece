import { type EventData, newEvent, surveyStream } from '@pod-eip/domain'
import type { EventLog, RecordedEvent } from '@pod-eip/event-log'
import { toNewEvent, upToDate } from '@pod-eip/read-models'
import type { Clock } from '@pod-eip/runtime'

/** What a survey came to. */
export type SurveyFindings = Omit<EventData['SurveyCompleted'], 'survey'>

/** Surveys that somebody asked for in the log and that nobody has made yet. */
export interface SurveyRequests {
  /** Those that wait, oldest first. */
  waiting(): Promise<RecordedEvent[]>
  /** Answers those that waited when the survey began. Safe to repeat: the log takes each answer once. */
  answer(requests: RecordedEvent[], findings: SurveyFindings): Promise<void>
}

export function createSurveyRequests(deps: {
  log: Pick<EventLog, 'append' | 'readStream'>
  clock: Pick<Clock, 'now'>
}): SurveyRequests {
  const { log, clock } = deps
  const open = new Map<string, RecordedEvent>()
  let version = 0

  return {
    async waiting() {
      for (const event of (await log.readStream(surveyStream, { after: version })).map(upToDate)) {
        const id = String(event.data.survey)
        if (event.type === 'SurveyRequested') open.set(id, event)
        else open.delete(id)
        version = event.version
      }
      return [...open.values()]
    },
    async answer(requests, findings) {
      if (requests.length === 0) return
      await log.append(
        requests.map(({ data, position, correlationId }) => {
          const survey = String(data.survey)
          return toNewEvent(newEvent('SurveyCompleted', { survey, ...findings }), {
            dedupeKey: `survey-completed/${survey}`,
            occurredAt: new Date(clock.now()).toISOString(),
            actor: 'worker',
            correlationId,
            causationPosition: position,
          })
        }),
      )
    },
  }
}
