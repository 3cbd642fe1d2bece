export * from './annotations/claim-terms.ts'
export * from './annotations/delete-policy.ts'
export {
  attributesJsonSchema,
  defaultAttributes,
  type EipAttributes,
  type InternetChargeType,
  maxBandwidth,
  type Parsed,
  parseEipAttributes,
  prepaid,
  providers,
  reservedPrefixes,
} from './annotations/eip-attributes.ts'
export {
  eipIdPattern,
  idsNamedIn,
  mostListedIds,
  numberOfPod,
  parseEipIdList,
} from './annotations/eip-id-list.ts'
export {
  claimHolder,
  type InstallationMarks,
  installationMarks,
  isPublisher,
} from './annotations/installation.ts'
export { codeFields, letterPatterns } from './annotations/letters.ts'
export * from './annotations/names.ts'
export * from './annotations/pod-request.ts'
export { mostShown, quote } from './annotations/quote.ts'
export { reservedTagKeys } from './annotations/reserved-tags.ts'
export { unknownFieldsWarning } from './annotations/unknown-fields.ts'
export * from './claim/claim.ts'
export * from './claim/decide-claim.ts'
export type { Decision, DecisionContext, Surroundings } from './claim/decision.ts'
export { evolveClaim } from './claim/evolve-claim.ts'
export { hostNetworkSentence } from './claim/judge-request.ts'
export type { Settings } from './claim/settings.ts'
export * from './cluster/cluster-record.ts'
export { driftOf, type ShownAddress } from './drift/drift-of.ts'
export { unclaimedSentence } from './drift/words.ts'
export * from './duration.ts'
export * from './egress/egress-entries.ts'
export * from './egress/ipv4-block.ts'
export * from './egress/nat-routes.ts'
export type * from './events/clock-events.ts'
export type * from './events/cloud-events.ts'
export type * from './events/cluster-events.ts'
export type * from './events/decisions.ts'
export * from './events/event.ts'
export type * from './events/guard-events.ts'
export * from './events/object-ref.ts'
export * from './events/outcomes.ts'
export type * from './events/recovery-events.ts'
export * from './events/schema-versions.ts'
export * from './events/survey-events.ts'
export type * from './events/teardown-events.ts'
export * from './events/upcasters.ts'
export * from './guard/guard.ts'
export { holdSentence } from './guard/hold.ts'
export { type Listing, mayTake } from './listing/listing.ts'
export { type ListSearch, noSearch, type RefusedListing, refusedListingSentence } from './listing/search.ts'
export * from './node/eip-limit.ts'
export * from './node/node.ts'
export * from './node/slot-wait.ts'
export * from './node/slots.ts'
export * from './owner/owner.ts'
export * from './projection/allocation-pace.ts'
export { causesIn } from './projection/causes.ts'
export * from './projection/decide-world.ts'
export { evolveIntent, orderedIntent } from './projection/evolve-intent.ts'
export type * from './projection/intent.ts'
export * from './projection/records.ts'
export * from './projection/world.ts'
export { type ClaimCondition, claimViewConditionTypes } from './status/conditions.ts'
export * from './status/describe-claim.ts'
export * from './status/event-story.ts'
export * from './status/foreign-words.ts'
export { predecessorStory } from './status/predecessor.ts'
export * from './status/reasons/codes.ts'
export * from './status/reasons/condition-reasons.ts'
export * from './status/reasons/event-reasons.ts'
export * from './status/reasons/phases.ts'
export type * from './status/reasons/reason-note.ts'
export * from './status/story/story-sentence.ts'
export { causeOf, reasonWord, sentence } from './status/words.ts'
