import type { MailboxData } from "../../protocol/api/models.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** A mailbox; its ID is its name. */
export class Mailbox extends Handle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<MailboxData> {
    return this.client.request("MailboxData", this.key, undefined, options);
  }

  /** Sets how many messages are new and old; makes the mailbox if need be. Without a node on all nodes. */
  set(
    messages: { readonly new: number; readonly old: number },
    options: AllNodesOptions = {},
  ): Promise<void> {
    const all = { ...options, payload: messages };
    return onAllNodes(this.client, "MailboxUpdate", this.key, all);
  }

  /** Deletes it; without a node on all nodes. */
  delete(options: AllNodesOptions = {}): Promise<void> {
    return onAllNodes(this.client, "MailboxDelete", this.key, options);
  }
}
