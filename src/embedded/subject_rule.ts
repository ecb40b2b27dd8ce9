/**
 * Which subjects the embedded bus takes.
 *
 * It is nats-server's rule: our own adapters are stricter, but other clients are to work unchanged.
 * How long a subject can be follows from the longest line.
 *
 * @module
 */

/** Whether a subscription can name it: no empty part, and `>` as the last part only. */
export function isPattern(subject: string): boolean {
  const parts = subject.split(".");
  return parts.every((part, index) => part !== "" && (part !== ">" || index === parts.length - 1));
}

/** Whether a message can be published on it: a pattern without wildcards. */
export function isSubject(subject: string): boolean {
  return subject.split(".").every((part) => part !== "" && part !== "*" && part !== ">");
}

/** Whether a pattern has wildcards. */
export function hasWildcards(pattern: string): boolean {
  return !isSubject(pattern);
}
