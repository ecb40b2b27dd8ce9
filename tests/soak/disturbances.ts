/**
 * What happens to a program in its life.
 *
 * @module
 */
import type { Scene } from "./soak.ts";

/** What is done to the scene, and its name. */
export type Disturbance = readonly [name: string, disturb: (scene: Scene) => Promise<void>];

/** They come one after the other, again and again. */
export const disturbances: readonly Disturbance[] = [
  ["connections to Asterisk are cut", ({ cutAsterisk }) => Promise.resolve(cutAsterisk())],
  ["a client is killed", ({ replaceClient }) => replaceClient()],
  ["the bus is killed", async ({ bus }) => {
    await bus.kill();
    await bus.restart();
  }],
  ["Asterisk is killed", async ({ asterisk }) => {
    await asterisk.kill();
    await asterisk.restart();
  }],
  ["a client is killed again", ({ replaceClient }) => replaceClient()],
  ["the bus is restarted in order", ({ bus }) => bus.restart()],
  ["Asterisk is restarted in order", ({ asterisk }) => asterisk.restart()],
];
