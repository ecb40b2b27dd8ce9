import type { Bus } from "../bus/bus.ts";
import { AriProxyError } from "../protocol/errors.ts";
import type {
  DeriveOptions,
  EventsOptions,
  FromBusOptions,
  ListenOptions,
} from "./ari_client_options.ts";
import { ClientCore } from "./client_core.ts";
import type { ClientParts } from "./client_parts.ts";
import { ClusterClient } from "./cluster.ts";
import { callSource } from "./events/call_source.ts";
import { Calls } from "./calls.ts";
import { eventSource } from "./events/event_source.ts";
import { EventStream } from "./event_stream.ts";
import type { AriEventType, EventOf } from "./events/model.ts";
import { Channel } from "./handles/channel.ts";
import { Applications } from "./resources/applications.ts";
import { AsteriskResource } from "./resources/system.ts";
import { Bridges } from "./resources/bridges.ts";
import { Channels } from "./resources/channels.ts";
import { DeviceStates } from "./resources/device_states.ts";
import { Endpoints } from "./resources/endpoints.ts";
import { Mailboxes } from "./resources/mailboxes.ts";
import { Playbacks } from "./resources/playbacks.ts";
import { Recordings } from "./resources/recordings.ts";
import { Sounds } from "./resources/sounds.ts";
import { requestRest, type RestArguments, type RestCall, type RestResult } from "./rest_request.ts";
import { Scope } from "./lifetime.ts";

/**
 * A client of a cluster of Asterisks. {@linkcode connect} makes one.
 *
 * Requests that name no node go to the node that has the entity; what is to be made is made on any
 * one node; lists are those of all nodes together.
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
  /** Channels, that is calls and their halves. */
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

  private constructor(parts: ClientParts) {
    super(parts);
  }

  /** Makes a client on a bus, which stays open when the client is closed. */
  static fromBus(bus: Bus, options: FromBusOptions = {}): AriClient {
    const { signal, ownsBus = false, nodeMaxAge } = options;
    const scope = new Scope("client", signal && { signal });
    const core = new ClientCore(bus, { ownsBus, ...(nodeMaxAge && { maxAge: nodeMaxAge }) });
    return new AriClient({ core, scope, options, isRoot: true });
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
    this.parts.scope.assertOpen();
    const { signal, ...rest } = options;
    const scope = new Scope("client", { parent: this.parts.scope, ...(signal && { signal }) });
    const { signal: _own, ...inherited } = this.parts.options;
    const { core } = this.parts;
    return new AriClient({ core, scope, options: { ...inherited, ...rest }, isRoot: false });
  }

  /**
   * Makes a client whose requests bind what they touch to a dialog, and whose events are those of the
   * dialog.
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
   * The events of the client's application, or those that the options ask for.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * for await (const event of client.events({ types: ["StasisStart", "ChannelDtmfReceived"] })) {
   *   if (event.type === "StasisStart") console.log(event.channel.name, event.args);
   *   else console.log(event.channel.name, event.digit);
   * }
   * ```
   *
   * @throws {AriProxyError} With the code `closed`, or `invalid` for what cannot be part of a subject.
   */
  events<T extends AriEventType = AriEventType>(
    options: EventsOptions<T> = {},
  ): EventStream<EventOf<T>> {
    this.parts.scope.assertOpen();
    const { key = {} } = options;
    const place = this.key({
      app: key.app,
      node: options.node ?? key.node,
      dialog: options.dialog ?? key.dialog,
    });
    return new EventStream(
      eventSource(this.parts.core.hub, this.parts.scope, { ...options, place }),
      options,
    );
  }

  /**
   * New calls of the client's application, of which each goes to exactly one of the listeners in the
   * cluster. Channels that a program has originated into the application are among them; their
   * arguments tell them apart.
   *
   * A call is over with the event `StasisEnd`, and calls that came from the dialplan have none after it;
   * {@linkcode Channel.ended} and {@linkcode Channel.untilEnd} tell. A channel that enters the application
   * once more is another call.
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
    this.parts.scope.assertOpen();
    const { app, node } = this;
    if (!app) {
      throw new AriProxyError("invalid", "Cannot listen for calls: the client has no application");
    }
    const join = callSource(this.parts.core, this.parts.scope, {
      app,
      ...(node && { node }),
      ...(options.signal && { signal: options.signal }),
      ...(options.onGap && { onGap: options.onGap }),
      channel: (key) => new Channel(this, key),
    });
    return new Calls(join, options);
  }

  /**
   * Calls an operation of Asterisk's REST interface, with parameters and result as Asterisk
   * describes them. It goes where a request of any kind goes, and lists are those of all nodes
   * together; `key` in the options names a node, and `strict` and `onPartial` are as of other lists.
   * Proxies of the original do not know it.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const made = await client.rest("POST /channels", { endpoint: "PJSIP/alice", app: "demo" });
   * const { id: channelId } = made;
   * await client.rest("POST /channels/{channelId}/move", { channelId, app: "other" });
   * ```
   *
   * @returns The body of Asterisk's answer; the bytes for a file.
   * @throws {AriProxyError} As {@linkcode ClusterClient.request}.
   */
  async rest<O extends RestCall>(
    operation: O,
    ...args: RestArguments<O>
  ): Promise<RestResult<O>> {
    this.parts.scope.assertOpen();
    return await requestRest(this, operation, args);
  }
}
