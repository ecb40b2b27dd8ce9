import { AriProxyError } from "../../protocol/errors.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { nanosOfSeconds } from "../milliseconds.ts";
import type { RestRequestOptions } from "../rest_request.ts";
import { type ChannelEnd, channelEnd, type ChannelEndOptions } from "./channel_end.ts";
import type {
  ContinueOptions,
  DialOptions,
  HangupOptions,
  HangupReason,
  TransferState,
} from "./channel_options.ts";
import { EventfulHandle } from "./handle.ts";

/** The part of a channel that is about the call: from dialling to hanging up, and where it goes. */
export abstract class ChannelSignalling extends EventfulHandle {
  #untilEnd: AbortSignal | undefined;

  /**
   * Waits for the end of the channel in its application: it is hung up, goes on in the dialplan or moves
   * to another application. Where it comes back later, or is moved to the same application, that is a new
   * call, which {@linkcode AriClient.calls} gives to one who listens.
   *
   * Do not count on the event `ChannelDestroyed`: of a channel that came from the dialplan the last one
   * that an application gets is `StasisEnd`. Only a channel that a client has made is told to be destroyed,
   * after the `StasisEnd` if it came as far as that.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * const channel = await client.channels.originate({ endpoint: "PJSIP/alice" });
   * const end = await channel.ended();
   * if (end?.type === "ChannelDestroyed") console.log("never answered:", end.cause_txt);
   * ```
   *
   * @returns The event of its end; undefined when no event told, or it was over before, as a call may be
   * that is refused at once: for its cause listen before it is made, with {@linkcode Channels.prepare}.
   * @throws {AriProxyError} With the code `no_node` when its node goes, `closed` when the client is closed.
   * Nobody has to look at it: what is rejected and not looked at is no unhandled rejection.
   */
  ended(options: ChannelEndOptions = {}): Promise<ChannelEnd | undefined> {
    const end = channelEnd(this.client, this.key, options);
    end.catch(() => {});
    return end;
  }

  /**
   * A signal that aborts at the end of the channel in its application, as {@linkcode ended} tells it, for
   * what shall not go on longer than the call.
   *
   * ```ts no-run
   * import { connect } from "@ari-proxy/ari-proxy";
   *
   * await using client = await connect({ app: "demo" });
   * for await (const { channel } of client.calls()) {
   *   const signal = channel.untilEnd();
   *   for await (const { digit } of channel.events({ type: "ChannelDtmfReceived", signal })) {
   *     console.log(digit);
   *   }
   *   // The caller has hung up.
   * }
   * ```
   *
   * @returns Always the same signal. Its reason is an {@linkcode AriProxyError} with the code `not_found`, or
   * what `ended` rejects with.
   */
  untilEnd(): AbortSignal {
    if (this.#untilEnd) return this.#untilEnd;
    const controller = new AbortController();
    this.ended().then(
      () =>
        controller.abort(new AriProxyError("not_found", "The channel has left the application")),
      (error) => controller.abort(error),
    );
    return this.#untilEnd = controller.signal;
  }

  /** Answers it. */
  answer(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelAnswer", this.key, undefined, options);
  }

  /**
   * Hangs it up.
   *
   * @param reason What its party is told; a code in the options counts instead.
   */
  hangup(reason: HangupReason = "normal", options: HangupOptions = {}): Promise<void> {
    const { code, ...request } = options;
    return this.client.request("ChannelHangup", this.key, {
      reason,
      ...(code !== undefined && { reason_code: `${code}` }),
    }, request);
  }

  /** Hangs it up as busy. */
  busy(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelBusy", this.key, undefined, options);
  }

  /** Hangs it up as congested. */
  congestion(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelCongestion", this.key, undefined, options);
  }

  /** Lets it leave the application and go on in the dialplan. */
  continueInDialplan(options: ContinueOptions = {}): Promise<void> {
    const { context = "", extension = "", priority = 0, label, ...request } = options;
    return this.client.request(
      "ChannelContinue",
      this.key,
      { context, extension, priority, ...(label && { label }) },
      request,
    );
  }

  /** Moves it to another Stasis application of its node. Proxies in Go do not know how. */
  async move(app: string, appArgs = "", options?: AriRequestOptions): Promise<void> {
    const parameters = { channelId: this.id, app, ...(appArgs && { appArgs }) };
    await this.client.rest("POST /channels/{channelId}/move", parameters, this.#here(options));
  }

  /** Redirects it to another endpoint, as SIP does with 302 and REFER. Proxies in Go do not know how. */
  async redirect(endpoint: string, options?: AriRequestOptions): Promise<void> {
    const parameters = { channelId: this.id, endpoint };
    await this.client.rest("POST /channels/{channelId}/redirect", parameters, this.#here(options));
  }

  /**
   * Takes a call that the dialplan has offered to several applications (`CallBroadcast`) for one of
   * them. Proxies in Go do not know how.
   *
   * @param app The application; that of the handle when it is empty.
   * @throws {AriProxyError} With the code `conflict` when another one has got it.
   */
  async claim(app = "", options?: AriRequestOptions): Promise<void> {
    const application = app || this.key.app || "";
    await this.client.rest(
      "POST /events/claim",
      { channelId: this.id, application },
      this.#here(options),
    );
  }

  /**
   * Tells the party that has asked for a transfer, by SIP, how it goes on. Proxies in Go do not know
   * how.
   */
  async transferProgress(state: TransferState, options?: AriRequestOptions): Promise<void> {
    await this.client.rest(
      "POST /channels/{channelId}/transfer_progress",
      { channelId: this.id, states: state },
      this.#here(options),
    );
  }

  /**
   * Dials a channel that was created without. It resolves when Asterisk has begun to dial; the events of
   * the channel tell how that goes on. The `timeout` of the options is how long to ring; the answer to the
   * request is waited for as long as the client waits for any.
   */
  dial(options: DialOptions = {}): Promise<void> {
    const { caller = "", timeout = 0, ...request } = options;
    const payload = { caller, timeout: nanosOfSeconds(timeout) };
    return this.client.request("ChannelDial", this.key, payload, request);
  }

  /** Lets its party hear ringing. */
  ring(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelRing", this.key, undefined, options);
  }

  /** Stops the ringing. */
  stopRing(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelStopRing", this.key, undefined, options);
  }

  /** Tells its party that the call makes progress, so that early media are heard. Proxies in Go do not know how. */
  async progress(options?: AriRequestOptions): Promise<void> {
    await this.client.rest(
      "POST /channels/{channelId}/progress",
      { channelId: this.id },
      this.#here(options),
    );
  }

  /** Puts its party on hold. */
  hold(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelHold", this.key, undefined, options);
  }

  /** Takes its party from hold. */
  stopHold(options?: AriRequestOptions): Promise<void> {
    return this.client.request("ChannelStopHold", this.key, undefined, options);
  }

  #here(options?: AriRequestOptions): RestRequestOptions {
    return { ...options, key: this.key };
  }
}
