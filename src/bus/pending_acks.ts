/**
 * What was sent and is not acknowledged: the one place that counts these bytes, and that
 * asks for acknowledgements.
 *
 * @module
 */

/** From so many bytes on an acknowledgement is asked for at once. */
const ENOUGH = 256 * 1024;
/** For fewer it is asked for after this many milliseconds. */
const SOON = 50;

/**
 * Counts bytes that were sent to a server and are not acknowledged. It asks the server for an
 * acknowledgement, one at a time: at once when many bytes are pending, else a moment later.
 */
export class PendingAcks {
  readonly #acknowledge: () => Promise<void>;
  #bytes = 0;
  #asking = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** Distinguishes an acknowledgement of a connection that is gone. */
  #epoch = 0;

  /**
   * @param acknowledge Resolves when the server has everything that was sent before the call;
   * rejects when the connection is lost first.
   */
  constructor(acknowledge: () => Promise<void>) {
    this.#acknowledge = acknowledge;
  }

  /** Bytes that were added and are not acknowledged. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Adds bytes that were sent. */
  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#asking) return;
    if (this.#bytes >= ENOUGH) this.#ask();
    else this.#timer ??= setTimeout(() => this.#ask(), SOON);
  }

  /** Clears the count: the connection is gone, and what has arrived is unknown. */
  reset(): void {
    this.#epoch++;
    this.#bytes = 0;
    this.#asking = false;
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#asking = true;
    const epoch = this.#epoch;
    const asked = this.#bytes;
    this.#acknowledge().then(() => {
      if (epoch !== this.#epoch) return;
      this.#asking = false;
      this.#bytes -= asked;
      if (this.#bytes > 0) this.add(0);
    }, () => {
      // The connection is lost; the owner resets the count when that is reported.
    });
  }
}
