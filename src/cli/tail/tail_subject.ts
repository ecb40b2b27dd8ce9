/**
 * Subjects to listen on, as people type them.
 *
 * @module
 */
import { UsageError } from "../usage_error.ts";

/**
 * What someone may have meant by a subject on which no event comes; undefined for all others. It may
 * be listened on nevertheless: other programs use the bus as well.
 *
 * @throws {UsageError} For the wildcard of RabbitMQ, which stands for itself here.
 */
export function subjectHint(subject: string): string | undefined {
  const parts = subject.split(".");
  if (parts.includes("#")) {
    throw new UsageError(
      `Cannot listen on ${subject}: write > for all that follows, and * for one part`,
    );
  }
  const meant = intended(parts);
  return meant && `Events come on ari.event.APPLICATION.NODE, and none on ${subject}; ` +
      `did you mean ${meant}?`;
}

function intended([first, second, ...rest]: readonly string[]): string | undefined {
  if (first === "event" && second) return `ari.event.${second}.>`;
  if (!["ari", "*", ">"].includes(first)) return `ari.event.${first}.>`;
  if (first === "ari" && second === undefined) return "ari.>";
  if (second !== "event") return undefined;
  if (rest.length === 0) return "ari.event.>";
  return rest.length === 1 && rest[0] !== ">" ? `ari.event.${rest[0]}.>` : undefined;
}
