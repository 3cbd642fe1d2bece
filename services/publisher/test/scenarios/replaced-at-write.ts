import { pods } from '@pod-eip/kube'
import type { Scene } from './scene.ts'

/** The Pod is replaced between the publisher's look at it and its first write. Returns whether that has happened. */
export function replacedAtWrite(scene: Scene): () => boolean {
  let replaced = false
  scene.meets({
    async apply(...args) {
      if (args[0] === pods && !replaced) {
        replaced = true
        await scene.cluster.delete(pods, 'default', scene.name)
        await scene.stage.makePod(scene.name)
      }
      return scene.cluster.apply(...args)
    },
  })
  return () => replaced
}
