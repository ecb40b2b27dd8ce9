/**
 * Counts what was sent and is not known to have arrived.
 *
 * @module
 */

/** So many bytes make it worth asking at once. */
const ENOUGH = 256 * 1024;
/** Fewer are asked about after this many milliseconds. */
const SOON = 50;

/**
 * Bytes on their way to a server. It asks the server for an acknowledgement by itself, one at a
 * time: at once when much is on its way, else a moment later.
 */
export class Unacknowledged {
  /** Bytes added and not acknowledged. */
  bytes = 0;

  readonly #acknowledge: () => Promise<void>;
  #asking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Tells an answer that belongs to a connection that is gone. */
  #epoch = 0;

  /**
   * @param acknowledge Resolves when the server has everything that was sent before the call;
   * rejects when the connection is lost first.
   */
  constructor(acknowledge: () => Promise<void>) {
    this.#acknowledge = acknowledge;
  }

  /** Adds bytes that were sent. */
  add(bytes: number): void {
    this.bytes += bytes;
    if (this.#asking) return;
    if (this.bytes >= ENOUGH) this.#ask();
    else this.#timer ??= setTimeout(() => this.#ask(), SOON);
  }

  /** Forgets everything: the connection is gone, and nobody can tell what has arrived. */
  reset(): void {
    this.#epoch++;
    this.bytes = 0;
    this.#asking = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asking = true;
    const epoch = this.#epoch;
    const asked = this.bytes;
    this.#acknowledge().then(() => {
      if (epoch !== this.#epoch) return;
      this.#asking = false;
      this.bytes -= asked;
      if (this.bytes > 0) this.add(0);
    }, () => {
      // The connection is lost; whoever owns this resets it when it learns of that.
    });
  }
}
