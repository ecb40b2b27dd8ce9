import type { MailboxData } from "../api/models.ts";
import type { ReplyData, ReplyKey, ReplyKeys, ReplyOk, Rows } from "./columns.ts";
import { command, detail, list } from "./shared_rows.ts";

/** The kinds about mailboxes. */
export interface MailboxKinds {
  /** Lists the mailboxes. */
  MailboxList: ReplyKeys;
  /** Reads a mailbox. */
  MailboxData: ReplyData<MailboxData>;
  /** Checks that a mailbox exists. */
  MailboxGet: ReplyKey;
  /** Sets the counts of a mailbox. */
  MailboxUpdate: ReplyOk<{ readonly new: number; readonly old: number }>;
  /** Deletes a mailbox. */
  MailboxDelete: ReplyOk;
}

export const mailboxRows: Rows<MailboxKinds> = {
  MailboxList: list("mailbox", "GET /mailboxes"),
  MailboxData: { ...detail("mailbox", "GET /mailboxes/{mailboxName}"), reply: "data" },
  MailboxGet: { ...detail("mailbox", "GET /mailboxes/{mailboxName}"), reply: "key", class: "get" },
  MailboxUpdate: {
    ...command("mailbox", "PUT /mailboxes/{mailboxName}"),
    payload: { member: "mailbox_update", shape: { new: "integer", old: "integer" } },
    body: {
      newMessages: { from: "new", asText: true },
      oldMessages: { from: "old", asText: true },
    },
  },
  MailboxDelete: command("mailbox", "DELETE /mailboxes/{mailboxName}"),
};
