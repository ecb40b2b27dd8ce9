/**
 * The programs that are measured, each as a process of its own.
 *
 * @module
 */
import type { Bus } from "../../src/bus/bus.ts";
import { makeRunFolder, removeRunFolder } from "../testing/servers/run_folder.ts";
import { type ServerProcess, startProcess } from "../testing/servers/server_process.ts";
import { node } from "./event_stream.ts";

/** Where a candidate finds its two sides. */
export interface Surroundings {
  /** Base URL of the fake Asterisk's REST. */
  readonly httpUrl: string;
  /** URL of its event socket. */
  readonly websocketUrl: string;
  /** URL of the bus. */
  readonly busUrl: string;
  /** The bench's own connection to that bus. */
  readonly bus: Bus;
}

/** What is measured. */
export interface Program {
  /** Name in the table. */
  readonly name: "proxy" | "pass-through";
  /** Its application. */
  readonly app: string;
  /** Arguments of Deno. */
  args(surroundings: Surroundings): string[];
  /** A request for the data of a channel, about 1 KB of answer. */
  readonly request: string;
}

const file = (path: string) => new URL(path, import.meta.url).pathname;

/** All that is measured. */
export const programs: readonly Program[] = [
  {
    name: "proxy",
    app: "proxy",
    args: ({ httpUrl, websocketUrl, busUrl }) => [
      ...[file("../../cli.ts"), "serve", "--ari.application", "proxy", "--messagebus.url", busUrl],
      ...["--ari.http_url", httpUrl, "--ari.websocket_url", websocketUrl],
      ...["--ari.username", "bench", "--ari.password", "bench"],
    ],
    request: JSON.stringify({
      kind: "ChannelData",
      key: { kind: "channel", id: "1795385942.18", node, app: "proxy" },
    }),
  },
  {
    name: "pass-through",
    app: "plain",
    args: ({ httpUrl, websocketUrl, busUrl }) => [
      ...[file("pass_through.ts"), "plain", httpUrl, websocketUrl, busUrl],
    ],
    request: "GET /channels/1795385942.18",
  },
];

/** A program that runs. */
export class Candidate implements AsyncDisposable {
  private constructor(
    /** What runs. */
    readonly program: Program,
    /** From its start to its first announcement, in milliseconds. */
    readonly startUp: number,
    private readonly process: ServerProcess,
    private readonly folder: string,
  ) {}

  /** Starts a program and waits for its first announcement. */
  static async start(program: Program, surroundings: Surroundings): Promise<Candidate> {
    const folder = await makeRunFolder("bench");
    let announced = 0;
    const subscription = surroundings.bus.subscribe("ari.announce", ({ data }) => {
      const text = new TextDecoder().decode(data);
      if (text.includes(`"${program.app}"`)) announced ||= performance.now();
    });
    await surroundings.bus.flush();
    const begun = performance.now();
    const command = [Deno.execPath(), "run", "-A", ...program.args(surroundings)];
    const process = startProcess(command, { folder });
    try {
      await process.until(() => Promise.resolve(announced > 0));
      return new Candidate(program, announced - begun, process, folder);
    } catch (error) {
      await removeRunFolder(folder);
      throw error;
    } finally {
      subscription.close();
    }
  }

  /** Its process id. */
  get pid(): number {
    return this.process.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop(() => Deno.kill(this.process.pid, "SIGTERM"));
    await removeRunFolder(this.folder);
  }
}
