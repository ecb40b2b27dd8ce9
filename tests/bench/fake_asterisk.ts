/**
 * The bench's side of the fake Asterisk.
 *
 * @module
 */
import { TextLineStream } from "./lines.ts";

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
}

/** A fake Asterisk in a process of its own, which ends with this one. */
export class FakeAsterisk implements AsyncDisposable {
  readonly #process: Deno.ChildProcess;
  readonly #commands: WritableStreamDefaultWriter<Uint8Array>;
  readonly #lines: ReadableStreamDefaultReader<string>;
  #port = 0;

  private constructor() {
    this.#process = new Deno.Command(Deno.execPath(), {
      args: ["run", "-A", new URL("asterisk.ts", import.meta.url).pathname],
      stdin: "piped",
      stdout: "piped",
    }).spawn();
    this.#commands = this.#process.stdin.getWriter();
    this.#lines = this.#process.stdout.pipeThrough(new TextLineStream()).getReader();
  }

  /** Starts it. */
  static async start(): Promise<FakeAsterisk> {
    const asterisk = new FakeAsterisk();
    const { port } = await asterisk.#told();
    asterisk.#port = Number(port);
    return asterisk;
  }

  /** Base URL of REST. */
  get httpUrl(): string {
    return `http://127.0.0.1:${this.#port}/ari`;
  }

  /** URL of the event socket. */
  get websocketUrl(): string {
    return `ws://127.0.0.1:${this.#port}/ari/events`;
  }

  /** Its process id. */
  get pid(): number {
    return this.#process.pid;
  }

  /** Sends events to an application; resolves when the last one has been written. */
  async send(app: string, { count, rate = 0, window = 0 }: Sending): Promise<Sent> {
    this.#command(`send ${app} ${count} ${rate} ${window}`);
    const { begun, ended, longestWrite } = await this.#told();
    return { begun: Number(begun), ended: Number(ended), longestWrite: Number(longestWrite) };
  }

  /** Tells it how many events of the present sending have been received. */
  acknowledge(app: string, count: number): void {
    this.#command(`ack ${app} ${count}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#commands.close().catch(() => {});
    await this.#process.status;
    await this.#lines.cancel();
  }

  #command(line: string): void {
    // A process that has ended is noticed where it is waited for.
    this.#commands.write(new TextEncoder().encode(`${line}\n`)).catch(() => {});
  }

  async #told(): Promise<Readonly<Record<string, unknown>>> {
    const { done, value } = await this.#lines.read();
    if (done) throw new Error("Cannot use the fake Asterisk: it ended");
    const told: Record<string, unknown> = JSON.parse(value);
    if (told.error !== undefined) throw new Error(`Cannot use the fake Asterisk: ${told.error}`);
    return told;
  }
}
