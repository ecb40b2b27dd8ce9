import type { MailboxData } from "../../protocol/api/models.ts";
import { type AllNodesOptions, onAllNodes } from "../all_nodes.ts";
import type { ClusterClient } from "../cluster.ts";
import { Handle } from "../handles/handle.ts";
import type { AriRequestOptions } from "../requester.ts";
import { ListedResource } from "./resource.ts";

/** A mailbox; its ID is its name. */
export class Mailbox extends Handle {
  /** Gets its data. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<MailboxData> {
    return this.request("MailboxData", undefined, options);
  }

  /** Sets how many messages are new and old; creates the mailbox if it does not exist. Without a node on all nodes. */
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

/** Mailboxes of the cluster. */
export class Mailboxes extends ListedResource<Mailbox> {
  /** Makes the mailboxes of a client. */
  constructor(client: ClusterClient) {
    super(client, "mailbox", Mailbox, { get: "MailboxGet", list: "MailboxList" });
  }
}
