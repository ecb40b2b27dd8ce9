import type { Bus } from "../../src/bus/bus.ts";
import { announceSubject, pingSubject } from "../../src/protocol/subjects.ts";
import { makeRunFolder, removeRunFolder } from "../testing/servers/run_folder.ts";
import { type ServerProcess, startProcess } from "../testing/servers/server_process.ts";
import { node } from "./channel.ts";
import type { Program } from "./programs.ts";
import type { Site } from "./site.ts";

/** A running program, a separate process. */
export class Candidate implements AsyncDisposable {
  private constructor(
    /** What runs. */
    readonly program: Program,
    /** From its start to its first announcement, in milliseconds. */
    readonly startUp: number,
    private readonly process: ServerProcess,
    private readonly folder: string,
  ) {}

  /**
   * Starts a program and waits for its first announcement. It is pinged all the time, since the
   * original announces itself by itself only after a minute.
   */
  static async start(program: Program, site: Site): Promise<Candidate> {
    const folder = await makeRunFolder("bench");
    let announced = 0;
    const subscription = site.bus.subscribe(announceSubject, ({ data }) => {
      const text = new TextDecoder().decode(data);
      if (text.includes(`"${program.app}"`)) announced ||= performance.now();
    });
    await site.bus.flush();
    const begun = performance.now();
    const process = startProcess(program.command(site.addresses), { folder });
    try {
      await process.until(() => {
        if (announced === 0) site.bus.publish(pingSubject, new TextEncoder().encode("{}"));
        return Promise.resolve(announced > 0);
      });
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

  /**
   * Binds a channel to a dialog. It is asked again, since the original may miss a request that comes
   * soon after its start.
   */
  async bind(bus: Bus, channel: number, dialog: string): Promise<void> {
    const { app, bind } = this.program;
    if (!bind) return;
    const data = new TextEncoder().encode(bind(channel, dialog));
    const ask = () => bus.request(`ari.command.${app}.${node}`, data, { timeout: 2_000 });
    const answer = await ask().catch(ask).catch(ask);
    const text = new TextDecoder().decode(answer.data);
    if (!/^\{"error":"",?|^\{\}/.test(text)) throw new Error(`Cannot bind a dialog: ${text}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.process.stop(() => Deno.kill(this.process.pid, "SIGTERM"));
    await removeRunFolder(this.folder);
  }
}
