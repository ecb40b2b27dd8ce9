import type { createOutput } from "../../src/cli/output.ts";

type Stream = Parameters<typeof createOutput>[0];

/** A stream that takes nothing until it is told to, as a pipe that is full. */
export class StuckStream implements Stream {
  /** What it has taken. */
  readonly written: string[] = [];
  /** Resolves when somebody tries to write. */
  readonly tried: Promise<void>;
  readonly #tried = Promise.withResolvers<void>();
  readonly #released = Promise.withResolvers<void>();

  /** Makes one that is stuck. */
  constructor() {
    this.tried = this.#tried.promise;
  }

  isTerminal(): boolean {
    return false;
  }

  async write(data: Uint8Array): Promise<number> {
    this.#tried.resolve();
    await this.#released.promise;
    this.written.push(new TextDecoder().decode(data));
    return data.length;
  }

  /** Takes everything from now on. */
  release(): void {
    this.#released.resolve();
  }
}
