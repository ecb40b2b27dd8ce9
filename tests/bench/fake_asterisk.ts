/**
 * The bench's side of the fake Asterisk.
 *
 * @module
 */
import { Helper } from "./helper.ts";

/** What became of a sending. Times are microseconds since 1970. */
export interface Sent {
  /** When the first event was sent. */
  readonly begun: number;
  /** When the last event was sent. */
  readonly ended: number;
  /** The longest that one write waited for the reader, in milliseconds. */
  readonly longestWrite: number;
}

/** How events are sent. */
export interface Sending {
  /** How many. */
  readonly count: number;
  /** Events a second. @default as fast as the reader takes them */
  readonly rate?: number;
  /** How many events may be unacknowledged. @default any number */
  readonly window?: number;
  /** How many channels the events are of, in turn. @default 1 */
  readonly channels?: number;
}

/** A fake Asterisk in its own process, which ends with this one. */
export class FakeAsterisk implements AsyncDisposable {
  readonly #helper: Helper;
  readonly #port: number;

  private constructor(helper: Helper, port: number) {
    this.#helper = helper;
    this.#port = port;
  }

  /** Starts it. */
  static async start(): Promise<FakeAsterisk> {
    const helper = new Helper("asterisk.ts");
    const { port } = await helper.told();
    return new FakeAsterisk(helper, Number(port));
  }

  /** Base URL of REST. */
  get httpUrl(): string {
    return `http://127.0.0.1:${this.#port}/ari`;
  }

  /** URL of the event socket. */
  get websocketUrl(): string {
    return `ws://127.0.0.1:${this.#port}/ari/events`;
  }

  /** Sends events to an application; resolves when the last one has been written. */
  async send(
    app: string,
    { count, rate = 0, window = 0, channels = 1 }: Sending,
  ): Promise<Sent> {
    this.#helper.say(`send ${app} ${count} ${rate} ${window} ${channels}`);
    const { begun, ended, longestWrite } = await this.#helper.told();
    return { begun: Number(begun), ended: Number(ended), longestWrite: Number(longestWrite) };
  }

  /** Tells it how many events of the present sending have been received. */
  acknowledge(app: string, count: number): void {
    this.#helper.say(`ack ${app} ${count}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#helper[Symbol.asyncDispose]();
  }
}
