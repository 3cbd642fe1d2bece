import { type Cause, cause } from '../../store/api-error.ts'
import { nameCauses } from '../../store/names.ts'

/** What is wrong with a container's name and image. */
export function containerNameCauses(
  field: string,
  { name, image }: { name?: string; image?: string },
): Cause[] {
  return [
    ...nameCauses(`${field}.name`, name, 'label').map((c) =>
      c.reason === 'FieldValueRequired' ? cause.required(`${field}.name`) : c,
    ),
    ...(image ? [] : [cause.required(`${field}.image`)]),
  ]
}
