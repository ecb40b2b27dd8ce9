import type { Bus, BusSubscription } from "../bus/bus.ts";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../protocol/announcement.ts";
import { announceSubject, pingSubject } from "../protocol/subjects.ts";

/** Options of {@linkcode Presence}. */
export interface PresenceOptions {
  /** Where to announce. */
  readonly bus: Bus;
  /** What tells this process from all others. */
  readonly id: string;
  /**
   * Time between announcements, in milliseconds.
   *
   * @default {60_000}
   */
  readonly interval?: number;
  /** What to announce at this moment, one for each application; nothing while Asterisk is away. */
  readonly announcements: () => readonly Announcement[];
  /** Called when another process announces itself under coordinates of ours. */
  readonly onDouble: (other: Announcement) => void;
}

/**
 * Tells the cluster that a proxy is there: on every ping, at an interval, and when it is told to.
 * While Asterisk is away nothing is said, so that nobody waits for an answer.
 */
export class Presence implements Disposable {
  readonly #options: PresenceOptions;
  readonly #subscriptions: readonly BusSubscription[];
  readonly #timer: ReturnType<typeof setInterval>;
  #ended = false;

  /** Begins to listen for pings, and for others under the same coordinates. */
  constructor(options: PresenceOptions) {
    const { bus, interval = 60_000 } = options;
    this.#options = options;
    this.#subscriptions = [
      bus.subscribe(pingSubject, () => this.announce()),
      bus.subscribe(announceSubject, ({ data }) => this.#compare(decodeAnnouncement(data))),
    ];
    this.#timer = setInterval(() => this.announce(), interval);
  }

  /** Announces the proxy, if its Asterisk is there. */
  announce(state = "up"): void {
    if (this.#ended) return;
    const { bus, id, announcements } = this.#options;
    for (const announcement of announcements()) {
      bus.publish(announceSubject, encodeAnnouncement({ ...announcement, id, state }));
    }
  }

  /** Says good-bye, and stops. */
  [Symbol.dispose](): void {
    clearInterval(this.#timer);
    this.#subscriptions.forEach((subscription) => subscription.close());
    this.announce("stopping");
    this.#ended = true;
  }

  #compare(other: Announcement | undefined): void {
    const { id, announcements, onDouble } = this.#options;
    if (!other || other.id === id || other.state === "stopping") return;
    const same = announcements().some(({ app, node }) => app === other.app && node === other.node);
    if (same) onDouble(other);
  }
}
