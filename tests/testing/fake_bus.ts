import {
  BusError,
  type BusHeaders,
  type BusPublisher,
  type PublisherOptions,
  type PublishOptions,
} from "../../src/bus/bus.ts";

/** A message that was published on a {@linkcode FakeBus}. */
interface PublishedMessage {
  readonly subject: string;
  readonly text: string;
  readonly headers: BusHeaders;
}

/** The sending side of a bus without subscribers: it accepts as many messages as a test allows. */
export class FakeBus {
  readonly maxSubject = 200;
  readonly maxPending = 400_000;
  /** What it has accepted, in order. */
  readonly messages: PublishedMessage[] = [];
  maxPayload = 10_000;
  connected = true;
  /** How many more messages it accepts. */
  room = Infinity;
  /** Bytes in flight; from `maxPending` on it accepts nothing. */
  pending = 0;
  /** The flushes, to be settled by the test. */
  flushes: PromiseWithResolvers<void>[] = [];

  publish(subject: string, data: Uint8Array, { headers = {} }: PublishOptions = {}): boolean {
    if (!this.connected || this.room === 0 || this.pending >= this.maxPending) return false;
    this.room--;
    this.messages.push({ subject, text: new TextDecoder().decode(data), headers });
    return true;
  }

  publisher(subject: string, { headers, number: name }: PublisherOptions): BusPublisher {
    if (subject.length > this.maxSubject) throw new BusError("invalid", "Too long");
    return {
      publish: (number, data) =>
        this.publish(subject, data, { headers: { ...headers, [name]: `${number}` } }),
      to: (other) => this.publisher(other, { headers, number: name }),
    };
  }

  flush(): Promise<void> {
    const flushed = Promise.withResolvers<void>();
    this.flushes.push(flushed);
    return flushed.promise;
  }
}
