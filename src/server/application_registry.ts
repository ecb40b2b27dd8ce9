import { configuredApplication } from "../common/application_name.ts";
import { errorText } from "../common/error_text.ts";
import type { Log } from "../common/log.ts";
import type { ThrottledLog } from "../common/throttle.ts";
import type { Coordinates } from "../protocol/key.ts";
import { assertFits, assertLevel } from "../protocol/subjects.ts";
import type { Counters } from "./metrics.ts";

interface ApplicationRegistryOptions {
  /** The applications that are served in any case. */
  readonly apps: readonly string[];
  /**
   * Whether to serve an application that is not among `apps`.
   *
   * @default its events count as those of the first of `apps`
   */
  readonly admit?: (application: string) => boolean;
  /** How many applications there may be; each costs subscriptions and a stream. @default no limit */
  readonly limit?: number;
  readonly bus: { readonly maxSubject: number };
  /** The Asterisk, with its node at this moment. */
  readonly asterisk: { readonly node: string };
  /** Called with each new application, before its first event is published. */
  readonly onAdded: (self: Coordinates) => void;
  /** Called once for all that were added in one turn of the event loop. */
  readonly onServe: () => void;
  readonly counters: Pick<Counters, "eventsDropped">;
  readonly log: Log;
  readonly warnings: ThrottledLog;
}

/** The applications of a proxy. */
export class ApplicationRegistry {
  readonly #options: ApplicationRegistryOptions;
  readonly #names: string[];
  #serveDue = false;

  /** Starts with the applications of the options. */
  constructor(options: ApplicationRegistryOptions) {
    this.#options = options;
    this.#names = [...options.apps];
  }

  /** The applications, in the order in which they were registered. */
  get names(): readonly string[] {
    return this.#names;
  }

  /**
   * Adds the application of an event if it is new.
   *
   * The first event counts, of whatever type. Asterisk has an event of its own for a new application, but
   * after a reconnect that comes only behind the events that it has kept.
   *
   * @param name As in the event, perhaps with a filter behind a colon.
   * @returns The application; undefined when its events are not published.
   */
  register(name: string): string | undefined {
    const { admit, limit = Infinity, bus, asterisk, counters, log, warnings } = this.#options;
    if (!admit) return this.#names[0];
    const app = configuredApplication(name);
    if (this.#names.includes(app)) return app;
    if (!admit(app)) return undefined;
    const self = { app, node: asterisk.node };
    try {
      assertLevel(app, "application");
      assertFits(self, bus.maxSubject);
    } catch (error) {
      const what = `Cannot serve an application of ${self.node}`;
      warnings.warn(what, { reason: errorText(error) });
      return undefined;
    }
    if (this.#names.length >= limit) {
      const text =
        `Dropped events: an Asterisk has more than ${limit} applications, name those to serve`;
      warnings.warn(text, { application: app, node: self.node });
      counters.eventsDropped++;
      return undefined;
    }
    this.#names.push(app);
    this.#options.onAdded(self);
    log.info("Serving an application of Asterisk", { application: app, node: self.node });
    this.#serveSoon();
    return app;
  }

  #serveSoon(): void {
    if (this.#serveDue) return;
    this.#serveDue = true;
    queueMicrotask(() => {
      this.#serveDue = false;
      this.#options.onServe();
    });
  }
}
