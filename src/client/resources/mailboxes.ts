import type { AriClient } from "../client.ts";
import { Mailbox } from "../handles/mailbox.ts";
import { ListedResource } from "./resource.ts";

/** Mailboxes of the cluster. */
export class Mailboxes extends ListedResource<Mailbox> {
  /** Makes the mailboxes of a client. */
  constructor(client: AriClient) {
    super(client, "mailbox", Mailbox, { get: "MailboxGet", list: "MailboxList" });
  }
}
