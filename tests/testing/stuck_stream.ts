import type { createOutput } from "../../src/cli/output.ts";

type Stream = Parameters<typeof createOutput>[0];

/** A stream that accepts nothing until it is released, as a full pipe. */
export class StuckStream implements Stream {
  /** What it has taken. */
  readonly written: string[] = [];
  /** Resolves when a write begins. */
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

  /** Accepts everything. */
  release(): void {
    this.#released.resolve();
  }
}
