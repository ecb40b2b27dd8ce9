import type { AriRequestOptions } from "../ari_client_options.ts";
import { nanosOfSeconds } from "../milliseconds.ts";
import type { RestRequestOptions } from "../rest_request.ts";
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
