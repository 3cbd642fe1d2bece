import type { Schema } from '../../store/schema/schema.ts'
import { flag, integer, keyed, list, object, set, text, textMap, time } from './build.ts'

const owner = object(
  {
    apiVersion: text('Its apiVersion.'),
    kind: text('Its kind.'),
    name: text('Its name.'),
    uid: text('Its uid.'),
    controller: flag('Whether it manages this object.'),
    blockOwnerDeletion: flag('Whether its foreground deletion waits for this object.'),
  },
  'An object that this one belongs to.',
  ['apiVersion', 'kind', 'name', 'uid'],
)

/** The metadata that every object has. */
export const metadataSchema: Schema = object(
  {
    name: text('Its name, unique among its kind in its namespace.'),
    generateName: text('Beginning of a name that the server completes.'),
    namespace: text('Its namespace.'),
    labels: textMap('What it can be selected by.'),
    annotations: textMap('What else is noted on it.'),
    uid: text('Tells it from all others, of its name too.'),
    resourceVersion: text('Version of its last change.'),
    generation: integer('Counts the changes of what is wanted.'),
    creationTimestamp: time('When it was created.'),
    deletionTimestamp: time('When it will be gone, once its deletion was asked for.'),
    deletionGracePeriodSeconds: integer('How long it has to end.'),
    finalizers: set(text('A finalizer.'), 'What must be done before it may go.'),
    ownerReferences: keyed(['uid'], owner, 'Objects that it goes with.'),
    managedFields: list(
      object(
        {
          manager: text('Who.'),
          operation: text('Apply or Update.'),
          apiVersion: text('In which version.'),
          time: time('When.'),
          fieldsType: text('FieldsV1.'),
          fieldsV1: { ...object({}, 'The fields.'), 'x-kubernetes-preserve-unknown-fields': true },
          subresource: text('Through which subresource.'),
        },
        'Fields that one writer owns.',
      ),
      'Who owns which fields.',
    ),
    selfLink: text('Not used any more.'),
  },
  'What every object has.',
)
