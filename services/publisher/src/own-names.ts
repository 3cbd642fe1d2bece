import {
  type AnnotationNames,
  annotationNames,
  type InstallationMarks,
  installationMarks,
} from '@pod-eip/domain'

/** Everything by which what this installation writes is known in the cluster. */
export type OwnNames = AnnotationNames & InstallationMarks

/** @param domain `POD_EIP_ANNOTATION_DOMAIN` */
export function ownNames(domain: string): OwnNames {
  return { ...annotationNames(domain), ...installationMarks(domain) }
}
