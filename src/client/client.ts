import type { Bus } from "../bus/bus.ts";
import { AriProxyError } from "../protocol/errors.ts";
import { Calls, type ListenOptions } from "./calls.ts";
import { type AriClientOptions, ClusterClient, SharedConnection } from "./cluster.ts";
import { ClientLifetime } from "./lifetime.ts";
import { Applications } from "./resources/applications.ts";
import { Bridges } from "./resources/bridges.ts";
import { Channels } from "./resources/channels.ts";
import { DeviceStates } from "./resources/device_states.ts";
import { Endpoints } from "./resources/endpoints.ts";
import { Mailboxes } from "./resources/mailboxes.ts";
import { Playbacks } from "./resources/playbacks.ts";
import { Recordings } from "./resources/recordings.ts";
import { Sounds } from "./resources/sounds.ts";
import { AsteriskResource } from "./resources/system.ts";

/** Options of {@linkcode AriClient.fromBus}. */
export interface FromBusOptions extends AriClientOptions {
  /**
   * Whether closing the client closes the bus.
   *
   * @default {false}
   */
  readonly ownsBus?: boolean;
  /**
   * How long a node is listed after its last announcement, in milliseconds.
   *
   * @default {300_000}
   */
  readonly nodeMaxAge?: number;
}

/** Options of {@linkcode AriClient.derive}; the others are as in the parent. */
export type DeriveOptions = AriClientOptions;

/**
 * A client of a cluster of Asterisks. {@linkcode connect} makes one.
 *
 * Requests that name no node go to the node that has the entity; what is to be created is created on
 * any one node; lists are those of all nodes together.
 *
 * ```ts no-run
 * import { connect } from "@ari-proxy/ari-proxy";
 *
 * await using client = await connect({ app: "demo" });
 * for await (const { channel } of client.calls()) {
 *   await channel.answer();
 *   await channel.play("sound:hello-world").finished;
 *   await channel.hangup();
 * }
 * ```
 */
export class AriClient extends ClusterClient {
  /** Channels: calls, and each party's leg of them. */
  readonly channels: Channels = new Channels(this);
  /** Bridges, which connect channels. */
  readonly bridges: Bridges = new Bridges(this);
  /** Playbacks, of media to channels and bridges. */
  readonly playbacks: Playbacks = new Playbacks(this);
  /** Recordings, live and stored. */
  readonly recordings: Recordings = new Recordings(this);
  /** Endpoints, such as telephones and trunks. */
  readonly endpoints: Endpoints = new Endpoints(this);
  /** States of devices. */
  readonly deviceStates: DeviceStates = new DeviceStates(this);
  /** Mailboxes. */
  readonly mailboxes: Mailboxes = new Mailboxes(this);
  /** Sounds that can be played. */
  readonly sounds: Sounds = new Sounds(this);
  /** Stasis applications. */
  readonly applications: Applications = new Applications(this);
  /** Asterisk itself: info, variables, modules, log, configuration. */
  readonly asterisk: AsteriskResource = new AsteriskResource(this);

  /** Makes a client on a bus, which stays open when the client is closed. */
  static fromBus(bus: Bus, options: FromBusOptions = {}): AriClient {
    const { signal, ownsBus = false, nodeMaxAge } = options;
    const lifetime = new ClientLifetime(signal && { signal });
    const shared = new SharedConnection(bus, { ownsBus, ...(nodeMaxAge && { nodeMaxAge }) });
    return new AriClient({ shared, lifetime, options, isRoot: true });
  }

  /**
   * Makes a client that shares connection and nodes with this one. Closing it, or aborting its signal,
   * ends its own requests and streams only; it ends with its parent.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * await using patient = client.derive({ timeout: 30_000, signal: AbortSignal.timeout(60_000) });
   * await patient.asterisk.info();
   * ```
   *
   * @throws {AriProxyError} With the code `closed`.
   */
  derive(options: DeriveOptions = {}): AriClient {
    this.lifetime.assertOpen();
    const { signal, ...rest } = options;
    const lifetime = new ClientLifetime({ parent: this.lifetime, ...(signal && { signal }) });
    const { signal: _own, ...inherited } = this.options;
    const { shared } = this;
    return new AriClient({ shared, lifetime, options: { ...inherited, ...rest }, isRoot: false });
  }

  /**
   * Makes a client whose requests bind the entities that they touch to a dialog, and whose events are
   * those of the dialog.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const dialog = client.dialog("order-17");
   * await using events = dialog.events({ type: "ChannelDestroyed" });
   * await events.ready;
   * await dialog.channels.originate({ endpoint: "PJSIP/alice" });
   * for await (const event of events) console.log(event.cause_txt);
   * ```
   */
  dialog(id: string): AriClient {
    return this.derive({ dialog: id });
  }

  /**
   * New calls of the client's application, of which each goes to exactly one of the listeners in the
   * cluster. Channels that a program has originated into the application are among them; they can be
   * distinguished by their arguments.
   *
   * A call is over with the event `StasisEnd`, after which there is no other one of a call from the
   * dialplan; see {@linkcode Channel.ended} and {@linkcode Channel.untilEnd}. A channel that enters the
   * application once more is another call.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * for await (const { channel, args } of client.calls()) {
   *   if (args[0] === "callee") continue;
   *   await channel.continueInDialplan({ context: "demo", extension: "after", priority: 1 });
   * }
   * ```
   *
   * @throws {AriProxyError} With the code `closed`, or `invalid` when the client has no application.
   */
  calls(options: ListenOptions = {}): Calls {
    this.lifetime.assertOpen();
    const { app, shared, lifetime } = this;
    if (!app) {
      throw new AriProxyError("invalid", "Cannot listen for calls: the client has no application");
    }
    return new Calls({ client: this, app, shared, lifetime }, options);
  }
}
