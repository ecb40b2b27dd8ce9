import type { Bus, BusMessage } from "../bus/bus.ts";
import type { Announcement } from "../protocol/announcement.ts";
import type { Coordinates } from "../protocol/key.ts";
import { Presence } from "./presence.ts";
import type { ProxyOptions } from "./proxy_options.ts";
import { RequestSubscriptions } from "./requests/subscriptions.ts";
import type { ThrottledLog } from "../common/throttle.ts";

/** Options of {@linkcode Membership}. */
export interface MembershipOptions {
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
