import type { Coordinates } from "../../protocol/key.ts";
import { Gap, type Moment } from "./gap.ts";
import type { Outbox } from "./outbox.ts";
import type { NumberedStream, NumberedStreams } from "./numbering.ts";

/** Appended where Asterisk kept the events of the downtime. */
const keptText =
  "; Asterisk kept what happened meanwhile, but what it had sent before may be missing";

/** Reports to listeners each time in which Asterisk sent no events. */
export class AsteriskDowntime {
  readonly #applications: { readonly names: readonly string[] };
  readonly #streams: NumberedStreams;
  readonly #outbox: Pick<Outbox, "report">;
  /** Why the ARI WebSocket is not connected; undefined while it is. */
  #reason: string | undefined;
  /** When it was connected last, in milliseconds since 1970. */
  #connectedAt = 0;
  /** Whether Asterisk kept the events of the last downtime. */
  #kept = false;

  /** Starts without a downtime; the first connection ends none. */
  constructor({ applications, streams, outbox }: {
    readonly applications: { readonly names: readonly string[] };
    readonly streams: NumberedStreams;
    readonly outbox: Pick<Outbox, "report">;
  }) {
    this.#applications = applications;
    this.#streams = streams;
    this.#outbox = outbox;
  }

  /** Records that the ARI WebSocket is not connected. */
  begin(reason: string): void {
    this.#reason ??= reason;
  }

  /**
   * Reports that the ARI WebSocket is connected.
   *
   * @param node The node now.
   * @param former The node before; empty at the start.
   * @param kept Whether Asterisk kept the events of the downtime.
   */
  end(node: string, former: string, kept: boolean): void {
    this.#kept = kept;
    const reason = this.#reason;
    this.#reason = undefined;
    this.#connectedAt = Date.now();
    for (const app of this.#applications.names) {
      const known = this.start({ app, node });
      if (reason === undefined) continue;
      const detail = `The ARI WebSocket was down: ${reason}${kept ? keptText : ""}`;
      const end = this.#connectedAt;
      if (known) this.#report(known, { detail, before: known.lastReceived, end });
      if (!former || former === node) continue;
      // No event follows there, and a client that listens to the former node alone has to learn that.
      const old = this.#streams.of({ app, node: former });
      const before = old.lastReceived;
      this.#report(old, { detail: `${detail}; Asterisk is now ${node}`, before, end });
    }
  }

  /**
   * Reports that the events of an application start.
   *
   * @returns Its stream, if it had started before.
   */
  start(self: Coordinates): NumberedStream | undefined {
    const known = this.#streams.find(self);
    if (!known) this.#reportStart(this.#streams.of(self));
    return known;
  }

  /** Reports that Asterisk got subscriptions only now that it had lost. */
  restored(self: Coordinates, count: number): void {
    const detail = `Asterisk had lost ${count} subscriptions or filters; they are restored`;
    const before = this.#connectedAt;
    this.#report(this.#streams.of(self), { detail, before, end: Date.now() });
  }

  #reportStart(stream: NumberedStream): void {
    const detail = this.#kept
      ? `The proxy started to listen${keptText}`
      : "The proxy started to listen; what came before is not known";
    const end = Date.now();
    const uncertain = this.#kept;
    const gap = new Gap({ reason: "started", detail, before: undefined, end, uncertain });
    this.#outbox.report(stream, gap);
  }

  #report(
    stream: NumberedStream,
    part: { readonly detail: string; readonly before: Moment; readonly end: number },
  ): void {
    const gap = new Gap({ ...part, reason: "asterisk", uncertain: this.#kept });
    this.#outbox.report(stream, gap);
  }
}
