import type { ApplicationData } from "../../protocol/entities.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** A Stasis application of a node; its ID is its name. */
export class Application extends Handle {
  /** Tells what it is subscribed to. */
  data(options?: AriRequestOptions): Promise<ApplicationData> {
    return this.client.request("ApplicationData", this.key, undefined, options);
  }

  /**
   * Subscribes it to the events of something, without a node on all nodes that have it.
   *
   * @param source `channel:<id>`, `bridge:<id>`, `endpoint:<tech>/<resource>` or `deviceState:<name>`.
   */
  subscribe(source: string, options?: AriRequestOptions): Promise<void> {
    return this.client.request("ApplicationSubscribe", this.key, { event_source: source }, options);
  }

  /** Ends such a subscription. */
  unsubscribe(source: string, options?: AriRequestOptions): Promise<void> {
    return this.client.request(
      "ApplicationUnsubscribe",
      this.key,
      { event_source: source },
      options,
    );
  }
}
