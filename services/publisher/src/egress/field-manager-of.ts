import { installationMarks } from '@pod-eip/domain'

/**
 * As whom the list is kept whose entries this annotation names, also one from before the annotation domain was
 * changed.
 */
export function fieldManagerOf(annotation: string): string {
  return installationMarks(annotation.slice(0, annotation.indexOf('/'))).fieldManager
}
