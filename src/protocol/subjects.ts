/**
 * The subjects of the protocol, which are NATS subjects and RabbitMQ routing keys alike.
 *
 * @module
 */
import { invalid, quoted } from "./errors.ts";
import type { Coordinates, Key } from "./key.ts";

/** Class of a request: it decides which proxies receive it, not how it is handled. */
export type RequestClass = "get" | "data" | "command" | "create";

/** All classes. Requests of `create` go to exactly one proxy, those of the others to every one. */
export const requestClasses: readonly RequestClass[] = ["get", "data", "command", "create"];

/** Whether the requests of a class only read, so that carrying one out again, or late, is harmless. */
export function isRead(requestClass: RequestClass): boolean {
  return requestClass === "get" || requestClass === "data";
}

/** The queue group in which all proxies share the requests of the class `create`. */
export const createQueue = "ariproxy";

/** Subject of the request to the proxies that they announce themselves. */
export const pingSubject = "ari.ping";

/** The longest subject that any bus takes, in bytes of UTF-8. */
const maxSubject = 1024;

/** Prefix of the subjects of the events of proxies. */
const eventSubjects = "ari.event.";

/** Prefix of the subjects of dialogs. */
const dialogSubjects = "ari.dialogevent.";

const encoder = new TextEncoder();

/** Subject of the announcements. */
export const announceSubject = "ari.announce";

/**
 * Subject of a request: of one proxy with complete coordinates, of an application's proxies without
 * a node, else of all. A node counts only after an application.
 *
 * @throws {AriProxyError} With the code `invalid` when a part cannot be in a subject.
 */
export function requestSubject(requestClass: RequestClass, key: Key): string {
  const levels = key.app ? [key.app, ...(key.node ? [key.node] : [])] : [];
  levels.forEach((level, index) => assertLevel(level, index === 0 ? "application" : "node"));
  return ["ari", requestClass, ...levels].join(".");
}

/** Application and node that a {@linkcode requestSubject} names, as far as it names any. */
export function requestCoordinates(subject: string): Partial<Coordinates> {
  const [, , app, node] = subject.split(".");
  return { ...(app !== undefined && { app }), ...(node !== undefined && { node }) };
}

/**
 * Whether a response may be published on the reply subject of a request. The requester chooses that
 * subject, but the proxy publishes with its own rights: below `ari.` the response would be taken for an
 * event, an announcement or a request, and below `$` for a request to the server of the bus (such as
 * `$JS.API` of NATS, whose gateways alone use reply subjects that begin so).
 */
export function isReplySubject(subject: string): boolean {
  return !/^(?:ari(?:\.|$)|\$(?!GR\.))/.test(subject);
}

/** The three subjects on which a proxy takes the requests of a class, from general to particular. */
export function requestSubjects(requestClass: RequestClass, self: Coordinates): string[] {
  return [{}, { app: self.app }, self].map((key) => requestSubject(requestClass, key));
}

/**
 * Subject of every event of a proxy.
 *
 * @throws {AriProxyError} With the code `invalid` when a part cannot be in a subject.
 */
export function eventSubject(self: Coordinates): string {
  assertLevel(self.app, "application");
  assertLevel(self.node, "node");
  return `${eventSubjects}${self.app}.${self.node}`;
}

/** Application and node of an {@linkcode eventSubject}; undefined for any other subject. */
export function eventCoordinates(subject: string): Coordinates | undefined {
  const [, app, node] = /^ari\.event\.([^.]+)\.([^.]+)$/.exec(subject) ?? [];
  return app !== undefined && node !== undefined ? { app, node } : undefined;
}

/** Whether a subject, or a pattern of subjects, is of the events of proxies rather than of a dialog. */
export function isProxyEventSubject(subject: string): boolean {
  return subject.startsWith(eventSubjects);
}

/** The application that a subject, or a pattern, of the events of proxies names; empty when it names none. */
export function eventApplication(subject: string): string {
  if (!isProxyEventSubject(subject)) return "";
  const [application] = subject.slice(eventSubjects.length).split(".");
  return application === ">" || application === "*" ? "" : application;
}

/** The queue group in which the listeners of an application share its new calls. */
export function callsQueue(application: string): string {
  return `ari-proxy-calls.${application}`;
}

/** Whether events come on a subject, be they of a proxy or of a dialog. */
export function isEventSubject(subject: string): boolean {
  return subject.startsWith(dialogSubjects) || eventCoordinates(subject) !== undefined;
}

/**
 * Subject of the events of a dialog. Dots in a dialog make further levels, which is allowed.
 *
 * @param max The longest subject that the bus takes, in bytes.
 * @throws {AriProxyError} With the code `invalid` when the dialog cannot be in a subject.
 */
export function dialogSubject(dialog: string, max = maxSubject): string {
  if (!dialog.split(".").every((part) => levelPattern.test(part))) refuse("dialog", dialog);
  const subject = `${dialogSubjects}${dialog}`;
  if (isLonger(subject, max)) {
    throw invalid(
      `Cannot use ${quoted(dialog)} as dialog: its subject is over ${max} bytes`,
    );
  }
  return subject;
}

/**
 * Refuses an application, with a node or without, whose subjects are too long for a bus.
 *
 * @param max The longest subject that the bus takes, in bytes.
 * @throws {AriProxyError} With the code `invalid`.
 */
export function assertFits(self: Pick<Key, "app" | "node">, max: number): void {
  // The longest is this one with the queue group, which is a part of a name on RabbitMQ.
  if (!isLonger(`${createQueue}-${requestSubject("create", self)}`, max)) return;
  const node = self.node ? ` with ${quoted(self.node)} as node` : "";
  throw invalid(
    `Cannot use ${quoted(self.app ?? "")} as application${node}: ` +
      `with the prefix of subjects they are over ${max} bytes`,
  );
}

function isLonger(text: string, max: number): boolean {
  // A character has at most three bytes.
  return 3 * text.length > max && encoder.encode(text).length > max;
}

/**
 * What to subscribe to for the events that concern a key: those of its dialog if it has one, else
 * those of its coordinates, as far as they go.
 *
 * @throws {AriProxyError} With the code `invalid` when a part cannot be in a subject.
 */
export function eventSubscription(key: Key): string {
  if (key.dialog) return dialogSubject(key.dialog);
  if (!key.app) return "ari.event.>";
  if (key.node) return eventSubject({ app: key.app, node: key.node });
  assertLevel(key.app, "application");
  return `ari.event.${key.app}.>`;
}

/**
 * Refuses an application or node that would change the meaning of a subject: an empty one, or
 * one with dots, blanks, control characters or wildcards.
 *
 * @throws {AriProxyError} With the code `invalid`.
 */
export function assertLevel(value: string, what: string): void {
  if (!levelPattern.test(value)) refuse(what, value);
}

// deno-lint-ignore no-control-regex -- control characters are what it refuses
const levelPattern = /^[^\s\u0000-\u001f\u007f.*>#]+$/u;

function refuse(what: string, value: string): never {
  throw invalid(
    `Cannot use ${quoted(value)} as ${what}: blanks, control characters, dots and the ` +
      `wildcards *, > and # would change the subject`,
  );
}
