import type { MailboxData } from "../../protocol/entities.ts";
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
    options?: AriRequestOptions,
  ): Promise<void> {
    return this.client.request("MailboxUpdate", this.key, messages, options);
  }

  /** Deletes it. */
  delete(options?: AriRequestOptions): Promise<void> {
    return this.client.request("MailboxDelete", this.key, undefined, options);
  }
}
