import type { Bus, BusSubscription } from "../bus/bus.ts";
import { encodeAnnouncement } from "../protocol/announcement.ts";
import type { Coordinates } from "../protocol/key.ts";
import { announceSubject, pingSubject } from "../protocol/subjects.ts";

/** Options of {@linkcode Presence}. */
export interface PresenceOptions {
  /** Where to announce. */
  readonly bus: Bus;
  /**
   * Time between announcements, in milliseconds.
   *
   * @default {60_000}
   */
  readonly interval?: number;
}

/**
 * Tells the cluster that a proxy is there: at once, on every ping, and at an interval. While Asterisk
 * is away nothing is said, so that nobody waits for an answer.
 */
export class Presence implements Disposable {
  readonly #bus: Bus;
  readonly #pings: BusSubscription;
  readonly #timer: ReturnType<typeof setInterval>;
  #self: Coordinates | undefined;

  /** Begins to listen for pings. */
  constructor({ bus, interval = 60_000 }: PresenceOptions) {
    this.#bus = bus;
    this.#pings = bus.subscribe(pingSubject, () => this.announce());
    this.#timer = setInterval(() => this.announce(), interval);
  }

  /** Sets whom to announce, and announces it; undefined while Asterisk is away. */
  set self(self: Coordinates | undefined) {
    this.#self = self;
    this.announce();
  }

  /** Announces the proxy, if its Asterisk is there. */
  announce(): void {
    if (this.#self) this.#bus.publish(announceSubject, encodeAnnouncement(this.#self));
  }

  /** Stops. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#pings.close();
  }
}
