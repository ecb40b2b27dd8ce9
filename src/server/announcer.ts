import type { Bus, BusMessage, BusSubscription } from "../bus/bus.ts";
import type { ThrottledLog } from "../common/throttle.ts";
import {
  type Announcement,
  decodeAnnouncement,
  encodeAnnouncement,
} from "../protocol/announcement.ts";
import type { Coordinates } from "../protocol/key.ts";
import { announceSubject, pingSubject } from "../protocol/subjects.ts";
import { RequestSubscriptions } from "./requests/subscriptions.ts";

interface ClusterAnnouncerOptions {
  readonly bus: Bus;
  /** Identifies this process. */
  readonly process: { readonly id: string; readonly version: string; readonly started: Date };
  /**
   * Time between announcements, in milliseconds.
   *
   * @default {60_000}
   */
  readonly interval?: number;
  /** The coordinates of the proxy at this moment; none while its Asterisk is not connected. */
  readonly selves: () => readonly Coordinates[];
  /** What else is announced. */
  readonly about: () => Pick<Announcement, "asteriskVersion" | "channels" | "counts">;
  /** Handles a request, for one of the applications. */
  readonly handle: (message: BusMessage, self: Coordinates) => void;
  /** Called when the bus has accepted the subscriptions, or cannot at the moment. */
  readonly onServing: () => void;
  readonly warnings: ThrottledLog;
}

/**
 * Makes a proxy a member of the cluster: subscribes to the requests for its coordinates, and announces it
 * as soon as the bus has accepted that, so that a client that receives the announcement can reach it. It is
 * announced on every ping, at an interval, and at each change; not while Asterisk is not connected, so
 * that no client waits for its response.
 */
export class ClusterAnnouncer implements Disposable {
  readonly #options: ClusterAnnouncerOptions;
  readonly #requests: RequestSubscriptions;
  readonly #subscriptions: readonly BusSubscription[];
  readonly #timer: ReturnType<typeof setInterval>;
  /** Whether the bus has accepted the subscriptions under the present coordinates. */
  #reachable = false;
  /** Counts the calls that change the subscriptions. */
  #change = 0;
  #ended = false;

  /** Starts to listen for pings and announcements; there are no coordinates to serve yet. */
  constructor(options: ClusterAnnouncerOptions) {
    const { bus, interval = 60_000, handle } = options;
    this.#options = options;
    this.#requests = new RequestSubscriptions({ bus, handle });
    this.#subscriptions = [
      bus.subscribe(pingSubject, () => this.announce()),
      bus.subscribe(announceSubject, ({ data }) => this.#compare(decodeAnnouncement(data))),
    ];
    this.#timer = setInterval(() => this.announce(), interval);
  }

  /** Subscribes to requests for the present coordinates, and announces these. */
  serve(): void {
    const change = ++this.#change;
    this.#reachable = false;
    this.#requests.open(this.#options.selves());
    // Without a connection to the bus it is announced after the reconnect.
    const announce = () => {
      if (change !== this.#change) return;
      this.#reachable = true;
      this.announce();
      this.#options.onServing();
    };
    this.#options.bus.flush().then(announce, announce);
  }

  /** Leaves requests of the class `create` to other proxies, and ends the announcements. */
  leave(): Promise<void> {
    this.#change++;
    this.#reachable = false;
    return this.#requests.leaveCreate();
  }

  /** Announces the coordinates, if they can be reached. */
  announce(): void {
    if (!this.#ended) this.#publish("up");
  }

  /** Ends the subscriptions to requests. Those that were delivered are handled. */
  drain(): Promise<void> {
    this.#change++;
    return this.#requests.drain();
  }

  /** Announces that the proxy is stopping, and stops listening. */
  [Symbol.dispose](): void {
    if (this.#ended) return;
    this.#ended = true;
    clearInterval(this.#timer);
    this.#subscriptions.forEach((subscription) => subscription.close());
    this.#publish("stopping");
  }

  #publish(state: string): void {
    const { bus, process: { id } } = this.#options;
    for (const announcement of this.#announcements()) {
      bus.publish(announceSubject, encodeAnnouncement({ ...announcement, id, state }));
    }
  }

  #announcements(): readonly Announcement[] {
    if (!this.#reachable) return [];
    const { selves, about, process: { version, started } } = this.#options;
    const rest = { version, ...about(), started: started.toISOString() };
    return selves().map((self) => ({ ...self, ...rest }));
  }

  #compare(other: Announcement | undefined): void {
    if (!other || other.id === this.#options.process.id || other.state === "stopping") return;
    const { app, node, version, started } = other;
    if (!this.#announcements().some((own) => app === own.app && node === own.node)) return;
    this.#options.warnings.warn(
      "Another process serves the same application and node: commands are carried out twice. " +
        "Stop one of them, or give one another --node-id",
      { application: app, node, version, started },
    );
  }
}
