import type { Coordinates } from "../../protocol/key.ts";
import type { NumberedStream, NumberedStreams } from "./stream.ts";
import { Gap, type Moment } from "./gap.ts";
import type { Outbox } from "./outbox.ts";

/** Options of {@linkcode Outages}. */
interface OutagesOptions {
  /** The applications of the proxy. */
  readonly apps: readonly string[];
  /** The streams of their events. */
  readonly streams: NumberedStreams;
  /** Where the notices go. */
  readonly outbox: Outbox;
  /** Tells the time, in milliseconds since 1970. */
  readonly now?: () => number;
}

/** Options of {@linkcode Outages.end}. */
export interface OutageOptions {
  /** Whether Asterisk has kept what happened meanwhile. @default false */
  readonly kept?: boolean;
}

const KEPT = "; Asterisk kept what happened meanwhile, but what it had sent before may be missing";

/** Tells listeners of every time in which no events came from Asterisk. */
export class Outages {
  readonly #options: OutagesOptions;
  readonly #now: () => number;
  /** Why the event socket is away; undefined while it is there. */
  #reason: string | undefined;
  /** When it came last. */
  #back = 0;
  /** Whether Asterisk keeps what happens while the event socket is away. */
  #kept = false;

  /** Makes it for a proxy that has no Asterisk yet. */
  constructor(options: OutagesOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
  }

  /** Takes note that the event socket is away. */
  begin(reason: string): void {
    this.#reason ??= reason;
  }

  /**
   * Tells that the event socket is there.
   *
   * @param node The node now.
   * @param former The node before; empty at the start.
   */
  end(node: string, former: string, { kept = false }: OutageOptions = {}): void {
    const { apps, streams } = this.#options;
    this.#kept = kept;
    const reason = this.#reason;
    this.#reason = undefined;
    this.#back = this.#now();
    for (const app of apps) {
      const known = this.start({ app, node });
      if (reason === undefined) continue;
      const detail = `The event socket was away: ${reason}${kept ? KEPT : ""}`;
      if (known) this.#tell(known, { detail, before: known.came, end: this.#back });
      if (!former || former === node) continue;
      // Nothing more will come there, and whoever listens there alone has to hear of it.
      const old = streams.of({ app, node: former });
      const before = old.came;
      this.#tell(old, { detail: `${detail}; Asterisk is now ${node}`, before, end: this.#back });
    }
  }

  /** Tells that an application's events begin; its stream if it was known before. */
  start(self: Coordinates): NumberedStream | undefined {
    const { streams } = this.#options;
    const known = streams.find(self);
    if (!known) this.#tellStart(streams.of(self));
    return known;
  }

  /** Tells that Asterisk has learnt only now what to send beside what it sends anyway. */
  restored(self: Coordinates, count: number): void {
    const detail = `Asterisk had forgotten ${count} subscriptions or filters; it has them again`;
    this.#tell(this.#options.streams.of(self), { detail, before: this.#back, end: this.#now() });
  }

  #tellStart(stream: NumberedStream): void {
    const detail = this.#kept
      ? `The proxy began to listen${KEPT}`
      : "The proxy began to listen; what came before is not known";
    const missing = new Gap({
      reason: "started",
      detail,
      before: undefined,
      end: this.#now(),
      doubtful: this.#kept,
    });
    this.#options.outbox.tell(stream, missing);
  }

  #tell(
    stream: NumberedStream,
    part: { readonly detail: string; readonly before: Moment; readonly end: number },
  ): void {
    const missing = new Gap({ ...part, reason: "asterisk", doubtful: this.#kept });
    this.#options.outbox.tell(stream, missing);
  }
}
