import { configuredApplication } from "../common/application_name.ts";
import { errorText } from "../common/error_text.ts";
import type { Coordinates } from "../protocol/key.ts";
import { assertFits, assertLevel } from "../protocol/subjects.ts";
import type { Log } from "../common/log.ts";
import type { ThrottledLog } from "../common/throttle.ts";

/** Options of {@linkcode createAdoption}. */
interface AdoptionOptions {
  /** The applications of the proxy, to which those are added that come. */
  readonly apps: string[];
  /** Whether an application is wanted. */
  readonly admit: (application: string) => boolean;
  /** How many applications there may be; each costs subscriptions and a stream of events. */
  readonly limit: number;
  /** The longest subject that the bus takes, in bytes. */
  readonly maxSubject: number;
  /** Node of the proxy at this moment. */
  readonly node: () => string;
  /** Called with each new application, before its first event. */
  readonly onBegin: (self: Coordinates) => void;
  /** Called once for all that have come in one turn of the event loop. */
  readonly onServe: () => void;
  /** Called with each event of an application beyond the limit. */
  readonly onLost: () => void;
  /** Says which applications are served. */
  readonly log: Log;
  /** Says which cannot be. */
  readonly warnings: ThrottledLog;
}

/**
 * Makes the function that has events of new applications served: given the name that an event has, it
 * returns the application, or undefined when its events are not wanted.
 *
 * The first event counts, of whatever type. Asterisk says that it has registered an application too,
 * but on a connection that comes back only behind the events that it has kept.
 */
export function createAdoption(
  options: AdoptionOptions,
): (application: string) => string | undefined {
  const { apps, admit, limit, maxSubject, node, onBegin, onServe, onLost, log, warnings } = options;
  let due = false;
  const serveSoon = () => {
    if (due) return;
    due = true;
    queueMicrotask(() => {
      due = false;
      onServe();
    });
  };
  return (name) => {
    const app = configuredApplication(name);
    if (apps.includes(app)) return app;
    if (!admit(app)) return undefined;
    const self = { app, node: node() };
    try {
      assertLevel(app, "application");
      assertFits(self, maxSubject);
    } catch (error) {
      const what = `Could not serve an application of ${self.node}`;
      warnings.warn(what, { reason: errorText(error) });
      return undefined;
    }
    if (apps.length >= limit) {
      const text =
        `Lost events: an Asterisk has more than ${limit} applications, name those to serve`;
      warnings.warn(text, { application: app, node: self.node });
      onLost();
      return undefined;
    }
    apps.push(app);
    onBegin(self);
    log.info("Serving an application of Asterisk", { application: app, node: self.node });
    serveSoon();
    return app;
  };
}
