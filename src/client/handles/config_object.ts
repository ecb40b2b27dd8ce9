import type { ConfigTuple } from "../../protocol/api/models.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
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
    options: AllNodesOptions = {},
  ): Promise<void> {
    const tuples = Object.entries(attributes).map(([attribute, value]) => ({ attribute, value }));
    const payload = { tuples };
    return onAllNodes(this.client, "AsteriskConfigUpdate", this.key, { ...options, payload });
  }

  /** Deletes it; without a node on all nodes. */
  delete(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "AsteriskConfigDelete", this.key, options);
  }
}
