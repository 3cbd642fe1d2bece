export { type Clock, systemClock } from './clock.ts'
export { type Ids, type Random, seededIds, seededRandom, systemIds, systemRandom } from './random.ts'
