import type { ConfigTuple } from "../../protocol/entities.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** An object of Asterisk's dynamic configuration; its ID is `<class>/<type>/<name>`. */
export class ConfigObject extends Handle {
  /** Tells its attributes. @throws {AriProxyError} With the code `not_found`. */
  async data(options?: AriRequestOptions): Promise<readonly ConfigTuple[]> {
    const { Fields } = await this.client.request(
      "AsteriskConfigData",
      this.key,
      undefined,
      options,
    );
    return Fields ?? [];
  }

  /** Makes it or changes attributes of it; without a node on all nodes. */
  update(
    attributes: Readonly<Record<string, string>>,
    options?: AriRequestOptions,
  ): Promise<void> {
    const tuples = Object.entries(attributes).map(([attribute, value]) => ({ attribute, value }));
    return this.client.request("AsteriskConfigUpdate", this.key, { tuples }, options);
  }

  /** Deletes it; without a node on all nodes. */
  delete(options?: AriRequestOptions): Promise<void> {
    return this.client.request("AsteriskConfigDelete", this.key, undefined, options);
  }
}
