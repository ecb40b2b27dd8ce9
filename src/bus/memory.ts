/**
 * A bus inside one process: for tests, and for programs that are alone.
 *
 * @module
 */

import { BusBase, checkHeaders, closedMeanwhile, disconnected, numberedHeaders } from "./base.ts";
import {
  type Bus,
  BusError,
  type BusHeaders,
  type BusMessage,
  type BusPublisher,
  type BusSubscription,
  type PublisherOptions,
  type PublishOptions,
  type RequestOptions,
  type SubscribeOptions,
} from "./bus.ts";
import { Requests } from "./requests.ts";
import {
  checkPublishSubject,
  checkQueueName,
  checkSubscribeSubject,
  MAX_SUBJECT,
  SubjectTree,
} from "./subjects.ts";

/** A connection to an in-process broker, with which an outage can be simulated. */
export interface InProcessBus extends Bus {
  /** Loses the connection, and what is in flight to this side. */
  disconnect(): void;
  /** Restores the connection and its subscriptions. */
  reconnect(): void;
}

/** A subscription in the broker. */
export interface InProcessInterest {
  /** Name of its queue group, if it is in one. */
  readonly queue?: string;
  /** Gets a message that was published on a subject that matches; undefined for "no responders". */
  deliver(subject: string, message: BusMessage | undefined): void;
}

/** Made by the broker's `connect`. */
class Connection extends BusBase implements InProcessBus {
  readonly #broker: InProcessBroker;
  readonly #requests: Requests;
  readonly #interests = new Map<InProcessInterest, string>();
  #connected = true;
  #arrived: (() => void)[] = [];
  #delivering: Promise<void> | undefined;

  readonly pending = 0;
  readonly maxPending = Infinity;

  constructor(broker: InProcessBroker) {
    super();
    this.#broker = broker;
    this.#requests = new Requests({
      listen: (subject, onAnswer) => this.#join(subject, onAnswer).close,
      send: (subject, data, replyTo, headers) => this.#send(subject, data, headers, replyTo),
    });
  }

  get connected(): boolean {
    return this.#connected;
  }

  get maxPayload(): number {
    return this.#broker.maxPayload;
  }

  get maxSubject(): number {
    return this.#broker.maxSubject;
  }

  publish(subject: string, data: Uint8Array, options?: PublishOptions): boolean {
    return this.#send(subject, data, options?.headers);
  }

  publisher(subject: string, options: PublisherOptions): BusPublisher {
    checkPublishSubject(subject, this.maxSubject);
    numberedHeaders(options, "0");
    return {
      publish: (number, data) => this.#send(subject, data, numberedHeaders(options, `${number}`)),
      to: (other) => this.publisher(other, options),
    };
  }

  subscribe(
    subject: string,
    handler: (message: BusMessage) => void,
    options: SubscribeOptions = {},
  ): BusSubscription {
    checkSubscribeSubject(subject, this.maxSubject);
    if (options.queue !== undefined) checkQueueName(options.queue);
    this.assertOpen();
    const guarded = this.guarded(subject, handler);
    return this.#join(
      subject,
      (_, message) => message !== undefined && guarded(message),
      options.queue,
    );
  }

  // deno-lint-ignore require-await -- what is thrown at once must reject
  async request(
    subject: string,
    data: Uint8Array,
    options: RequestOptions,
  ): Promise<BusMessage> {
    this.assertOpen();
    return this.#requests.request(subject, data, options);
  }

  async *requestMany(
    subject: string,
    data: Uint8Array,
    options: RequestOptions & { readonly replyTo?: string },
  ): AsyncGenerator<BusMessage, void, undefined> {
    this.assertOpen();
    yield* this.#requests.requestMany(subject, data, options);
  }

  // deno-lint-ignore require-await -- the broker has everything already, but errors must reject
  async flush(): Promise<void> {
    this.assertOpen();
    if (!this.#connected) throw disconnected("flush");
  }

  disconnect(): void {
    if (this.closing || !this.#connected) return;
    this.#connected = false;
    this.#arrived = [];
    for (const [interest, subject] of this.#interests) this.#broker.leave(subject, interest);
    this.#requests.fail(disconnected("wait for an answer"));
    this.report({ type: "disconnected", reason: "the outage is simulated" });
  }

  reconnect(): void {
    if (this.closing || this.#connected) return;
    this.#connected = true;
    for (const [interest, subject] of this.#interests) this.#broker.join(subject, interest);
    this.report({ type: "connected", server: "in process" });
  }

  protected async shutDown(): Promise<void> {
    this.#connected = false;
    this.#arrived = [];
    for (const [interest, subject] of this.#interests) this.#broker.leave(subject, interest);
    this.#interests.clear();
    this.#requests.fail(closedMeanwhile());
    this.report({ type: "closed" });
    await this.#delivering;
  }

  #join(
    subject: string,
    onMessage: (subject: string, message: BusMessage | undefined) => void,
    queue?: string,
  ): BusSubscription {
    let open = true;
    const interest: InProcessInterest = {
      queue,
      deliver: (on, message) => {
        this.#arrived.push(() => open && !this.closing && onMessage(on, message));
        this.#delivering ??= this.#deliver();
      },
    };
    const leave = () => {
      this.#interests.delete(interest);
      this.#broker.leave(subject, interest);
    };
    this.#interests.set(interest, subject);
    if (this.#connected) this.#broker.join(subject, interest);
    return {
      close() {
        open = false;
        leave();
      },
      drain: async () => {
        leave();
        await this.#delivering;
        open = false;
      },
    };
  }

  async #deliver(): Promise<void> {
    // A subscription of the publisher must not be called before `publish` returns.
    await undefined;
    while (this.#arrived.length > 0) {
      const batch = this.#arrived;
      this.#arrived = [];
      for (const call of batch) call();
    }
    this.#delivering = undefined;
  }

  #send(subject: string, data: Uint8Array, headers?: BusHeaders, replyTo?: string): boolean {
    checkPublishSubject(subject, this.maxSubject);
    if (headers !== undefined) checkHeaders(headers);
    if (data.length > this.maxPayload) {
      throw new BusError(
        "too_large",
        `Cannot publish on ${subject}: ${data.length} bytes are over ${this.maxPayload} bytes`,
      );
    }
    if (!this.#connected) return false;
    const receivers = this.#broker.route({
      subject,
      data,
      ...(replyTo === undefined ? {} : { replyTo }),
      ...(headers === undefined || Object.keys(headers).length === 0
        ? {}
        : { headers: { ...headers } }),
    });
    if (receivers === 0 && replyTo !== undefined) this.#broker.notify(replyTo);
    return true;
  }
}

/** Options of {@linkcode InProcessBroker}. */
export interface InProcessOptions {
  /**
   * The largest payload, in bytes.
   *
   * @default 1048576
   */
  readonly maxPayload?: number;
  /**
   * The longest subject, in bytes.
   *
   * @default 1024
   */
  readonly maxSubject?: number;
}

/** Carries messages between the connections made to it. Deliveries happen in microtasks. */
export class InProcessBroker {
  /** The largest payload, headers not counted, in bytes. */
  readonly maxPayload: number;
  /** The longest subject, in bytes. */
  readonly maxSubject: number;

  readonly #interests = new SubjectTree<InProcessInterest>();
  readonly #turns = new Map<string, number>();

  /** Makes a broker without connections. */
  constructor(options: InProcessOptions = {}) {
    this.maxPayload = options.maxPayload ?? 1024 * 1024;
    this.maxSubject = options.maxSubject ?? MAX_SUBJECT;
  }

  /** Makes a connection. */
  connect(): InProcessBus {
    return new Connection(this);
  }

  /** Adds a subscription. */
  join(subject: string, interest: InProcessInterest): void {
    this.#interests.add(subject, interest);
  }

  /** Removes a subscription. */
  leave(subject: string, interest: InProcessInterest): void {
    this.#interests.remove(subject, interest);
  }

  /** Delivers a message to the subscriptions that match, and returns how many those are. */
  route(message: BusMessage): number {
    const groups = new Map<string, InProcessInterest[]>();
    let count = 0;
    for (const interest of this.#interests.match(message.subject)) {
      if (interest.queue === undefined) {
        interest.deliver(message.subject, copy(message));
        count++;
        continue;
      }
      const group = groups.get(interest.queue);
      if (group === undefined) groups.set(interest.queue, [interest]);
      else group.push(interest);
    }
    for (const [queue, members] of groups) {
      members[this.#turn(queue) % members.length].deliver(message.subject, copy(message));
      count++;
    }
    return count;
  }

  /** Notifies a requester that there are no subscribers. */
  notify(replyTo: string): void {
    for (const interest of this.#interests.match(replyTo)) interest.deliver(replyTo, undefined);
  }

  #turn(queue: string): number {
    const turn = this.#turns.get(queue) ?? 0;
    this.#turns.set(queue, turn + 1);
    return turn;
  }
}

/** Every receiver gets its own bytes, as it would from a server. */
function copy(message: BusMessage): BusMessage {
  return { ...message, data: message.data.slice() };
}
