import { parseEvent } from "../../protocol/event_text.ts";
import { readGap } from "../../protocol/gap.ts";
import type { EventMarks } from "../../protocol/headers.ts";
import { Sequence } from "../../protocol/sequence.ts";
import type { Io } from "../io.ts";
import { complain } from "../report_failure.ts";

/** An event that has come, with its text if it tells of a gap. */
export interface Arrived {
  /** Subject that it came on. */
  readonly subject: string;
  /** Its number. */
  readonly marks: EventMarks;
  /** Its text if it is a notice. */
  readonly notice: string | undefined;
}

/** Makes a function that says which numbers are missing before an event, if that does not say it itself. */
export function watchNumbers({ stderr }: Pick<Io, "stderr">): (arrival: Arrived) => void {
  const sequence = new Sequence();
  return ({ subject, marks, notice: text }) => {
    const notice = text === undefined ? undefined : readGap(parseEvent(text));
    const { epoch, first_seq: first, last_seq: last } = notice ?? {};
    const told = epoch && first && last ? { epoch, first, last } : undefined;
    const time = "";
    for (const missing of sequence.see({ subject, marks, time, ...(told && { told }) })) {
      const numbers = `${missing.first} to ${missing.last}`;
      complain(`Missed events on ${subject}: numbers ${numbers} did not arrive`, stderr);
    }
  };
}
