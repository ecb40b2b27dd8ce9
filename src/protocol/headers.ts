/**
 * The headers of messages on the bus: names and contents. The original ignores them all.
 *
 * @module
 */

/** Header of a response with the reason that Asterisk gave for a refusal; one line of text. */
export const reasonHeader = "Ari-Reason";

/** Header of an event, the node of its subject; and of a response with an error. */
export const nodeHeader = "Ari-Node";

/** Header of an event: identifies a numbering among all of all nodes. */
export const epochHeader = "Ari-Epoch";

/** Header of an event: its number among the events of its application, node and epoch, from 1. */
export const seqHeader = "Ari-Seq";

/** Numbering and number of an event. A dialog's copy has those of its original. */
export interface EventMarks {
  /** Node that the event comes from. */
  readonly node: string;
  /** The numbering; a proxy has a new one at each start. */
  readonly epoch: string;
  /** The number, from 1, without gaps for each application and node. */
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
