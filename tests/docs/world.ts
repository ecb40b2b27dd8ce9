/**
 * The world that the docs suppose: a program `ari-proxy` in the path, an Asterisk set up as the
 * README says, with a telephone `PJSIP/alice` that picks up, and a bus. Where the docs name a place,
 * such as `127.0.0.1:4222`, it is another one here.
 *
 * @module
 */
import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";
import { freePort } from "../testing/servers/free_port.ts";
import { type NatsServer, startNats } from "../testing/servers/nats.ts";
import { type RabbitmqServer, startRabbitmq } from "../testing/servers/rabbitmq.ts";
import { codeBlocks } from "./code_blocks.ts";
import { type DocumentSetup, readDocument, root } from "./documents.ts";
import { TerminalCommand } from "./terminal_command.ts";

/** Writes what is at a URL without its scheme, in Deno's language. */
const CURL = 'const answer = await fetch("http://" + Deno.args[0]); ' +
  "await answer.body.pipeTo(Deno.stdout.writable);";

/** The servers that all documents share. */
export class World implements AsyncDisposable {
  private constructor(
    private readonly asterisk: AsteriskServer,
    private readonly nats: NatsServer,
    private readonly cache: string,
    private readonly stack: AsyncDisposableStack,
  ) {}

  #rabbitmq: Promise<RabbitmqServer> | undefined;

  /** Starts them. */
  static async start(): Promise<World> {
    await using stack = new AsyncDisposableStack();
    const nats = stack.use(await startNats());
    const config = { ...await asteriskFiles(), "pjsip.conf": await telephones() };
    const asterisk = stack.use(await startAsterisk({ entityId: "02:00:00:00:00:0a", config }));
    return new World(asterisk, nats, await denoCache(), stack.move());
  }

  /** Where the bus of the nats-server listens: `127.0.0.1:PORT`. */
  get natsAddress(): string {
    return this.nats.url.slice("nats://".length);
  }

  /** What one document's commands are run in. */
  async place(setup: DocumentSetup): Promise<Place> {
    const folder = await Deno.makeTempDir({ prefix: "ari-proxy-docs-" });
    const bus = await this.#busOf(setup);
    const { hostname, port } = new URL(bus);
    const busAddress = `${hostname}:${port}`;
    const health = `127.0.0.1:${await freePort()}`;
    const listen = `127.0.0.1:${await freePort()}`;
    for (const sub of ["bin", "home", "secrets"]) await Deno.mkdir(`${folder}/${sub}`);
    for (const name of ["pbx", "ari"]) {
      await Deno.writeTextFile(`${folder}/secrets/${name}`, "secret\n");
    }
    for (const [name, text] of Object.entries(setup.files ?? {})) {
      await Deno.writeTextFile(`${folder}/home/${name}`, text);
    }
    const { given = "settings" } = setup;
    const defaults = given === "nothing" ? {} : {
      ARI_HTTP_URL: this.asterisk.httpUrl,
      ...(setup.bus === "own" ? { EMBEDDED_LISTEN: busAddress } : { MESSAGEBUS_URL: bus }),
    };
    await writeProgram(`${folder}/bin/ari-proxy`, [
      ...Object.entries(defaults).map(([name, value]) => `export ${name}="\${${name}:-${value}}"`),
      // Who is not `serve` does not open a bus, but looks for the one at the usual address.
      ...(setup.bus === "own"
        ? [`case "$1" in serve) ;; *) export MESSAGEBUS_URL="${bus}" ;; esac`]
        : []),
      `exec "${Deno.execPath()}" run --quiet -A "${new URL("cli.ts", root).pathname}" "$@"`,
    ]);
    await writeProgram(`${folder}/bin/deno`, [`exec "${Deno.execPath()}" "$@"`]);
    // What the docs ask it for; not every machine has the real one.
    await writeProgram(`${folder}/bin/curl`, [
      'while [ "$#" -gt 1 ]; do shift; done',
      `exec "${Deno.execPath()}" eval --quiet '${CURL}' "$1"`,
    ]);
    const places: readonly (readonly [RegExp, string])[] = [
      [/\b(127\.0\.0\.1|localhost|bus|nats):4222\b|\b127\.0\.0\.1:5672\b/g, busAddress],
      [/\b127\.0\.0\.1:9090\b/g, health],
      [/\b(0\.0\.0\.0|127\.0\.0\.1):8089\b/g, listen],
      [/http:\/\/(127\.0\.0\.1|localhost):8088\/ari\b/g, this.asterisk.httpUrl],
      [/\bdocs\/examples\//g, new URL("docs/examples/", root).pathname],
      [/\/run\/secrets\//g, `${folder}/secrets/`],
    ];
    const settings = {
      ARI_APPLICATION: "demo",
      ARI_USERNAME: "asterisk",
      ARI_PASSWORD: "secret",
    };
    const env = {
      ...(given === "settings" ? settings : {}),
      PATH: `${folder}/bin:${Deno.env.get("PATH")}`,
      HOME: `${folder}/home`,
      DENO_DIR: this.cache,
      TERM: "dumb",
      LC_ALL: "C.UTF-8",
    };
    return new Place(folder, env, places);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }

  /** URL of the bus for a document. */
  async #busOf({ bus = "nats" }: DocumentSetup): Promise<string> {
    if (bus === "own") return `nats://127.0.0.1:${await freePort()}`;
    if (bus === "nats") return this.nats.url;
    this.#rabbitmq ??= startRabbitmq().then((server) => this.stack.use(server));
    return (await this.#rabbitmq).url;
  }
}

/** A folder to run commands in, with programs and places of its own. */
export class Place implements AsyncDisposable {
  #exports = "";

  constructor(
    private readonly folder: string,
    private readonly env: Readonly<Record<string, string>>,
    private readonly places: readonly (readonly [RegExp, string])[],
  ) {}

  /** Starts a command as a document has it. What it exports holds for those after it. */
  start(command: string): TerminalCommand {
    const here = this.places.reduce((text, [name, place]) => text.replaceAll(name, place), command);
    const running = new TerminalCommand(`${this.#exports}${here}`, {
      env: this.env,
      cwd: `${this.folder}/home`,
    });
    if (/^export /.test(here)) this.#exports += `${here}\n`;
    return running;
  }

  /** Lines that were written, with the paths that the docs have. */
  shown(lines: readonly string[]): string[] {
    return lines.map((line) => line.replaceAll(`${this.folder}/secrets/`, "/run/secrets/"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Deno.remove(this.folder, { recursive: true });
  }
}

/** The files of Asterisk's configuration that the README shows; their first line has the name. */
async function asteriskFiles(): Promise<Record<string, string>> {
  const files = codeBlocks(await readDocument("README.md")).flatMap(({ language, text }) => {
    const name = language === "ini" ? /^; (\w+\.conf)\n/.exec(text)?.[1] : undefined;
    return name === undefined ? [] : [[name, text]];
  });
  const { "http.conf": http, "ari.conf": ari } = Object.fromEntries(files);
  if (!http || !ari) throw new Error("The README does not show http.conf and ari.conf any more");
  // The port that the README relies on is Asterisk's default, of which a machine has only one.
  return {
    "http.conf": `${http}\nbindport = @HTTP_PORT@\n`,
    "ari.conf": `${ari}\n`,
  };
}

/** The telephones of the tests, of which that of alice picks up by itself. */
async function telephones(): Promise<string> {
  const usual = new URL("../testing/servers/asterisk/pjsip.conf", import.meta.url);
  return `${await Deno.readTextFile(usual)}\ncontact = sip:echo@127.0.0.1:@SIP_PORT@\n`;
}

async function writeProgram(path: string, lines: readonly string[]): Promise<void> {
  await Deno.writeTextFile(path, `#!/bin/sh\n${lines.join("\n")}\n`, { mode: 0o755 });
}

/** Where Deno has its modules; it looks there by HOME, which the commands have another one of. */
async function denoCache(): Promise<string> {
  const { stdout } = await new Deno.Command(Deno.execPath(), { args: ["info", "--json"] }).output();
  const { denoDir } = JSON.parse(new TextDecoder().decode(stdout));
  return denoDir;
}
