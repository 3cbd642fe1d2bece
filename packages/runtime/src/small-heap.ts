import { setFlagsFromString } from 'node:v8'

/**
 * Lets V8 collect garbage early instead of letting the heap grow: a third to a half less memory for a few percent more
 * CPU time. For processes that mostly wait. To be called before anything large is imported, once; both settings are read
 * at each collection, so that they may come after the start.
 */
export function keepHeapSmall(): void {
  // Objects that die young are collected every megabyte; by default the space for them grows to 32 MB.
  setFlagsFromString('--semi-space-growth-factor=1')
  // All others are collected once their memory has grown by a fifth; by default it may grow fourfold.
  setFlagsFromString('--heap-growing-percent=20')
}
