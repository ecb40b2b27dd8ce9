/**
 * Fewer and larger writes.
 *
 * @module
 */

import { nextTick } from "node:process";
import type { Duplex } from "node:stream";

/**
 * Makes a socket send what is written in one go in one piece. The library writes each message by
 * itself, and for small ones the system call costs more than everything else.
 */
export function gatherWrites(socket: Duplex): void {
  const write = socket.write;
  Object.defineProperty(socket, "write", {
    // The socket puts another one in its place when the peer has ended.
    writable: true,
    configurable: true,
    value(...args: readonly unknown[]): boolean {
      if (socket.writableCorked === 0) {
        socket.cork();
        nextTick(() => socket.uncork());
      }
      return Reflect.apply(write, socket, args);
    },
  });
}
