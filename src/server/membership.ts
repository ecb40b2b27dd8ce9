import type { Bus, BusMessage, BusSubscription } from "../bus/bus.ts";
import type { ThrottledLog } from "../common/throttle.ts";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../protocol/announcement.ts";
import type { Coordinates } from "../protocol/key.ts";
import { announceSubject, pingSubject } from "../protocol/subjects.ts";
import type { ProxyOptions } from "./proxy_options.ts";
import { RequestSubscriptions } from "./requests/subscriptions.ts";

/** Options of {@linkcode Membership}. */
interface MembershipOptions {
  /** The bus. */
  readonly bus: Bus;
  /** What tells this process from others. */
  readonly process: ProxyOptions["process"];
  /** Time between announcements, in milliseconds. @default as of {@linkcode ProxyOptions} */
  readonly interval?: number;
  /** Coordinates of the proxy at this moment; none while its Asterisk is away. */
  readonly selves: () => readonly Coordinates[];
  /** What else is announced of it. */
  readonly about: () => Pick<Announcement, "asteriskVersion" | "channels" | "counts">;
  /** Takes a request, for one of the applications. */
  readonly handle: (message: BusMessage, self: Coordinates) => void;
  /** Called when the bus has learnt of subscriptions, or cannot at the moment. */
  readonly onServing: () => void;
  /** Says that another process serves the same. */
  readonly warnings: ThrottledLog;
}

/**
 * How a proxy is there for the cluster: it takes requests under its coordinates, and is announced as
 * soon as the bus knows of that, so that whoever hears of it can reach it.
 */
export class Membership implements Disposable {
  readonly #options: MembershipOptions;
  readonly #subscriptions: RequestSubscriptions;
  readonly #presence: Presence;
  /** Whether the bus knows of the subscriptions under the present coordinates. */
  #reachable = false;
  /** Tells an opening of subscriptions from later ones. */
  #turn = 0;

  /** Begins to listen to the cluster; there are no coordinates to serve yet. */
  constructor(options: MembershipOptions) {
    const { bus, interval, handle, process: { id } } = options;
    this.#options = options;
    this.#subscriptions = new RequestSubscriptions({ bus, handle });
    this.#presence = new Presence({
      bus,
      id,
      interval,
      announcements: () => this.#announcements(),
      onDouble: (other) => this.#tellDouble(other),
    });
  }

  /** Takes requests under the present coordinates, and announces them. */
  serve(): void {
    const turn = ++this.#turn;
    this.#reachable = false;
    this.#subscriptions.open(this.#options.selves());
    // Without the bus it is announced when that is back.
    const announce = () => {
      if (turn !== this.#turn) return;
      this.#reachable = true;
      this.#presence.announce();
      this.#options.onServing();
    };
    this.#options.bus.flush().then(announce, announce);
  }

  /** Leaves requests that make something to others, and is not announced any more. */
  leave(): Promise<void> {
    this.#turn++;
    this.#reachable = false;
    return this.#subscriptions.leaveCreate();
  }

  /** Announces the coordinates, if they can be reached. */
  announce(): void {
    this.#presence.announce();
  }

  /** Takes no requests any more. Those that were delivered are handled. */
  drain(): Promise<void> {
    this.#turn++;
    return this.#subscriptions.drain();
  }

  /** Says good-bye to the cluster, and stops listening to it. */
  [Symbol.dispose](): void {
    this.#presence[Symbol.dispose]();
  }

  #announcements(): readonly Announcement[] {
    if (!this.#reachable) return [];
    const { selves, about, process: { version, started } } = this.#options;
    const rest = { version, ...about(), started: started.toISOString() };
    return selves().map((self) => ({ ...self, ...rest }));
  }

  #tellDouble({ app, node, version, started }: Announcement): void {
    this.#options.warnings.warn(
      "Another process serves the same application and node: requests are carried out twice. " +
        "Stop one of them, or give one another --node-id",
      { application: app, node, version, started },
    );
  }
}

/** Options of {@linkcode Presence}. */
interface PresenceOptions {
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
class Presence implements Disposable {
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
