import type { BusHeaders } from "../../bus/bus.ts";
import { eventHeaders, readEventMarks } from "../../protocol/headers.ts";
import { mint } from "../../protocol/mint.ts";
import { eventCoordinates } from "../../protocol/subjects.ts";
import type { EventMessage } from "../events/recorder.ts";

/** How many originals are remembered for the copies that follow them. */
const remembered = 1_000;

/**
 * Gives replayed events numbers of their own, without holes, so that nobody takes them for what was
 * published before, or finds missing what was not recorded.
 */
export class ReplayNumbers {
  readonly #epoch = mint("ep");
  readonly #last = new Map<string, number>();
  /** Headers of the last events, by those that were recorded. */
  readonly #originals = new Map<string, BusHeaders>();

  /** The headers of the next message. */
  next({ subject, headers }: EventMessage): BusHeaders {
    const marks = readEventMarks(headers);
    const name = marks && `${marks.node} ${marks.epoch} ${marks.seq}`;
    const original = eventCoordinates(subject);
    // A dialog's copy has the number of its original.
    if (!original) return name === undefined ? {} : this.#originals.get(name) ?? {};
    const seq = (this.#last.get(subject) ?? 0) + 1;
    this.#last.set(subject, seq);
    const own = eventHeaders({ node: original.node, epoch: this.#epoch, seq });
    if (name !== undefined) this.#remember(name, own);
    return own;
  }

  #remember(name: string, headers: BusHeaders): void {
    this.#originals.delete(name);
    this.#originals.set(name, headers);
    if (this.#originals.size <= remembered) return;
    const [oldest] = this.#originals.keys();
    this.#originals.delete(oldest);
  }
}
