/**
 * A real Asterisk on a real bus, on which every operation is called and every type of event is
 * waited for, and which notes what was.
 *
 * @module
 */
import assert from "node:assert/strict";
import { connectBus } from "../../src/bus/connect.ts";
import { type AriClient, connect, type KnownEvent } from "../../mod.ts";
import type { RestArguments, RestCall, RestResult } from "../../src/client/rest_request.ts";
import type { JsonObject } from "../../src/protocol/json.ts";
import { description } from "../../src/protocol/api/description.ts";
import { startProxy } from "../../src/server/proxy.ts";
import {
  describe,
  type Description,
  type Documents,
  fetchDocuments,
} from "../../scripts/api/description.ts";
import { MemoryLog } from "../testing/proxy_fixture.ts";
import { EventLog } from "../testing/real_cluster.ts";
import { type AsteriskServer, startAsterisk } from "../testing/servers/asterisk.ts";
import { startNats } from "../testing/servers/nats.ts";
import { conforms } from "./conforms.ts";

/** The application of the scenarios. */
export const app = "coverage";

/** Another one of the same proxy. */
export const otherApp = "elsewhere";

/** Something to do with an Asterisk. */
export interface Scenario {
  /** What it is about. */
  readonly name: string;
  /** Does it. */
  readonly run: (bench: Bench) => Promise<void>;
}

/** What scenarios work with. */
export class Bench implements AsyncDisposable {
  /** Operations by method and path, and events by type, with their scenario, the first of several. */
  readonly exercised = new Map([["GET /events", "the ARI WebSocket of the proxy itself"]]);
  /** What Asterisk says of itself, reduced. */
  readonly description: Description;
  #scenario = "";
  /** How many events had come before the scenario. */
  #before = 0;

  private constructor(
    readonly asterisk: AsteriskServer,
    readonly client: AriClient,
    private readonly events: EventLog,
    /** What it says of itself. */
    readonly documents: Documents,
    private readonly stack: AsyncDisposableStack,
  ) {
    this.description = describe(documents);
  }

  /** Starts everything, and waits until the proxy serves. */
  static async start(): Promise<Bench> {
    await using stack = new AsyncDisposableStack();
    const { url } = stack.use(await startNats());
    const asterisk = stack.use(await startAsterisk({ config: await overlay() }));
    const bus = stack.use(await connectBus(url, { name: "coverage" }));
    const events = new EventLog(bus);
    const log = new MemoryLog();
    const process = { id: crypto.randomUUID(), version: "0.0.0", started: new Date() };
    stack.use(startProxy({ apps: [app, otherApp], process, asterisk, bus, log }));
    await log.line("Asterisk is connected");
    const client = stack.use(await connect({ url, app }));
    await client.settled;
    const { httpUrl, username, password } = asterisk;
    const authorization = `Basic ${btoa(`${username}:${password}`)}`;
    const documents = await fetchDocuments(httpUrl, authorization);
    return new Bench(asterisk, client, events, documents, stack.move());
  }

  /** Runs a scenario, after hanging up what others have left. */
  async run({ name, run }: Scenario): Promise<void> {
    for (const { id } of await this.client.rest("GET /channels")) {
      await this.client.rest("DELETE /channels/{channelId}", { channelId: id }).catch(() => {});
    }
    this.#scenario = name;
    this.#before = this.events.received.items.length;
    await run(this);
  }

  /** Calls an operation, notes it, and checks the result against Asterisk's description. */
  async rest<O extends RestCall>(operation: O, ...args: RestArguments<O>): Promise<RestResult<O>> {
    const result = await this.client.rest(operation, ...args).catch((cause) => {
      throw new Error(`${operation} failed: ${cause.message}`, { cause });
    });
    const { result: type } = description[operation];
    const complaints = conforms(result, type, this.description.models);
    assert.deepEqual(complaints, [], operation);
    this.#note(operation);
    return result;
  }

  /** Waits for an event with the members, notes its type, and checks it. */
  async event(type: KnownEvent["type"], members: JsonObject = {}): Promise<JsonObject> {
    const { event } = await this.events.next(type, members).catch(() => {
      const came = this.events.received.items.slice(this.#before).map(({ event }) => event);
      const wanted = JSON.stringify({ type, ...members });
      throw new Error(`No event like ${wanted}: there came ${JSON.stringify(came)}`);
    });
    assert.deepEqual(conforms(event, type, this.description.models), [], type);
    this.#note(type);
    return event;
  }

  /** Calls an endpoint, and waits until it is in the application. */
  async call(
    id: string,
    endpoint: string,
    more: { readonly variables?: Record<string, string> } = {},
  ): Promise<string> {
    await this.rest("POST /channels/{channelId}", { channelId: id, endpoint, app, ...more });
    await this.event("StasisStart", { channel: { id } });
    return id;
  }

  #note(what: string): void {
    if (!this.exercised.has(what)) this.exercised.set(what, this.#scenario);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stack.disposeAsync();
  }
}

/** What the scenarios need of Asterisk beside what the other tests do. */
async function overlay(): Promise<Record<string, string>> {
  const base = (name: string) =>
    Deno.readTextFile(new URL(`../testing/servers/asterisk/${name}`, import.meta.url));
  return {
    "extensions.conf": await base("extensions.conf") + extensions,
    "pjsip.conf": await base("pjsip.conf") + holds,
    "features.conf": "[featuremap]\natxfer = *2\n",
  };
}

/** As `loop`, but it signals hold to the other side by SIP. */
const holds = `
[holds]
type = endpoint
context = demo
disallow = all
allow = ulaw
direct_media = no
from_user = holds
moh_passthrough = yes
aors = loop
`;

/** They join the context `demo`. */
const extensions = `
; offer: to all applications, which are notified when one has claimed it
exten => offer,1,StasisBroadcast(5000,,,yes)
 same => n,Hangup()

; refer-WHERE: asks by SIP to be sent to WHERE
exten => _refer-.,1,Answer()
 same => n,Wait(0.5)
 same => n,Transfer(PJSIP/sip:\${EXTEN:6}@127.0.0.1)
 same => n,Wait(3600)

; transferable: a party who may transfer the other; attend: one who does, to the extension 9
exten => transferable,1,Set(__TRANSFER_CONTEXT=demo)
 same => n,Dial(Local/answer@demo/n,,T)
exten => attend,1,Answer()
 same => n,Wait(0.7)
 same => n,SendDTMF(*2)
 same => n,Wait(1.5)
 same => n,SendDTMF(9#)
 same => n,Wait(2)
 same => n,Hangup()
exten => 9,1,Answer()
 same => n,Wait(3600)
`;
