/**
 * The headers of messages on the bus: names, and what is in them. The original ignores them all.
 *
 * @module
 */

/** Header of an answer that holds what Asterisk said when it refused a request; one line of text. */
export const reasonHeader = "Ari-Reason";

/** Header of an event, the node of its subject; and of an answer that tells of a failure. */
export const nodeHeader = "Ari-Node";

/** Header of an event: tells one numbering from all others, of this node and of any other. */
export const epochHeader = "Ari-Epoch";

/** Header of an event: its number among the events of its application, node and epoch, from 1. */
export const seqHeader = "Ari-Seq";

/** Which event of which numbering a message is. A dialog's copy has the marks of its original. */
export interface EventMarks {
  /** Node that the event comes from. */
  readonly node: string;
  /** The numbering; a proxy has a new one at each start. */
  readonly epoch: string;
  /** The number, from 1, without holes for each application and node. */
  readonly seq: number;
}

/** The headers of an event. */
export function eventHeaders({ node, epoch, seq }: EventMarks): Readonly<Record<string, string>> {
  return { [nodeHeader]: node, [epochHeader]: epoch, [seqHeader]: `${seq}` };
}

/**
 * Reads the headers of an event.
 *
 * @returns undefined when they are not all there, as with events of the original's proxies.
 */
export function readEventMarks(
  headers: Readonly<Record<string, string>> | undefined,
): EventMarks | undefined {
  const node = headers?.[nodeHeader];
  const epoch = headers?.[epochHeader];
  const seq = headers?.[seqHeader];
  if (!node || !epoch || !seq || !/^[1-9]\d{0,14}$/.test(seq)) return undefined;
  return { node, epoch, seq: Number(seq) };
}
