/**
 * The half of a rule that is about calls to Asterisk: a method and a path.
 *
 * @module
 */
import { restRows } from "../../protocol/api/rest_rows.ts";
import { restMethods } from "../../protocol/rest.ts";
import { PolicyRuleError } from "./policy_rule_error.ts";
import { isPlaceholder, splitRoute } from "../../protocol/route.ts";

/** What a rule says of calls. */
export interface CallPattern {
  /** The method that it names, `*` for any. */
  readonly method: string;
  /** Tells whether a call is meant, by its method and the decoded segments of its path. */
  matches(method: string, segments: readonly string[]): boolean;
}

/** The operations of Asterisk: method, and segments of which those in braces stand for values. */
const operations = Object.keys(restRows).map(splitRoute);

/** What paths begin with. */
const resources = [...new Set(operations.map(({ segments }) => segments[0]))];

/**
 * Reads a method and a path with wildcards.
 *
 * @throws {PolicyRuleError} When no operation of Asterisk is meant: a rule that denies nothing, while
 * somebody relies on it, is worse than none.
 */
export function parseCallPattern(given: string, path: string): CallPattern {
  const method = given.toUpperCase();
  const methods = [...restMethods, "*"];
  if (!methods.includes(method)) {
    throw new PolicyRuleError(
      `ARI has no method ${JSON.stringify(method)} but ${methods.join(", ")}`,
      method,
      methods,
    );
  }
  if (!/^(\*|\/[^/?#]+(\/[^/?#]+)*)$/.test(path)) {
    const why = "it begins with one slash, ends without one, and has no query";
    throw new PolicyRuleError(`${JSON.stringify(path)} is no path: ${why}`);
  }
  const parts = path === "*" ? ["*"] : path.slice(1).split("/");
  const [resource] = parts;
  if (!/[*{%]/.test(resource) && !resources.includes(resource)) {
    const known = resources.map((name) => `/${name}`);
    throw new PolicyRuleError(`ARI has nothing below "/${resource}"`, `/${resource}`, known);
  }
  const open = parts.at(-1) === "*";
  const patterns = parts.map(segmentPattern);
  const fits = (called: string, { length }: readonly string[]) =>
    (method === "*" || method === called) &&
    (open ? length >= parts.length : length === parts.length);
  const meant = operations.some((operation) =>
    fits(operation.method, operation.segments) &&
    patterns.every((pattern, i) =>
      isPlaceholder(operation.segments[i]) || pattern.test(operation.segments[i])
    )
  );
  if (!meant) {
    const typed = `${method} ${path}`;
    throw new PolicyRuleError(
      `ARI has no call ${JSON.stringify(typed)} (a slash within a name is %2F)`,
      typed,
      callsLike(method, parts),
    );
  }
  return {
    method,
    matches: (called, segments) =>
      fits(called, segments) && patterns.every((pattern, i) => pattern.test(segments[i])),
  };
}

/** Decodes a segment as those of calls are, but for its wildcards. */
function segmentPattern(segment: string): RegExp {
  const pieces = segment.replaceAll(/\{\w+\}/g, "*").split(/\*+/).map((piece) => {
    try {
      return decodeURIComponent(piece);
    } catch {
      throw new PolicyRuleError(`${JSON.stringify(segment)} has a % that is not written as %25`);
    }
  });
  // For Asterisk a segment ends there, so no call has one.
  if (pieces.some((piece) => piece.includes("\0"))) {
    throw new PolicyRuleError(`${JSON.stringify(segment)} has %00 in it, which no call has`);
  }
  return joinWildcards(pieces);
}

/** A pattern of the pieces of a text with wildcards between them. */
export function joinWildcards(pieces: readonly string[]): RegExp {
  const parts = pieces.map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

/** All operations, written as a rule is that has its values in their places. */
function callsLike(method: string, parts: readonly string[]): string[] {
  const calls = operations.map((operation) => {
    const path = operation.segments.map((part, i) => isPlaceholder(part) ? parts[i] ?? "*" : part);
    return `${method === "*" ? "*" : operation.method} /${path.join("/")}`;
  });
  return [...new Set(calls)];
}
