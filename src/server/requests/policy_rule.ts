/**
 * One rule of a policy: a pattern of kinds, or one of calls to Asterisk.
 *
 * @module
 */
import type { Kind } from "../../protocol/kinds.ts";
import { kinds } from "../../protocol/operations.ts";
import { restMethods } from "../../protocol/rest.ts";

/** A rule that cannot be meant. */
export class PolicyRuleError extends Error {
  /** The part that is wrong; empty when it is nothing in particular. */
  readonly typed: string;
  /** What it could have been. */
  readonly known: readonly string[];

  /** Makes an error. */
  constructor(message: string, typed = "", known: readonly string[] = []) {
    super(message);
    this.name = "PolicyRuleError";
    this.typed = typed;
    this.known = known;
  }
}

/** A rule about kinds, such as `Channel*`, or about calls, such as `GET /channels/*`. */
export interface PolicyRule {
  /** As it was written. */
  readonly text: string;
  /** The kinds that it names; none for a rule about calls. */
  readonly kinds: ReadonlySet<Kind>;
  /** Whether it names kinds without wildcards, or all of them. */
  readonly exact: boolean;
  /** For a rule about calls, the method that it names, `*` for any. */
  readonly method?: string;
  /** Tells whether a call is meant, by its method and the decoded segments of its path. */
  matchesCall(method: string, segments: readonly string[]): boolean;
}

/** What paths begin with. */
const resources = [
  "applications",
  "asterisk",
  "bridges",
  "channels",
  "deviceStates",
  "endpoints",
  "events",
  "mailboxes",
  "playbacks",
  "recordings",
  "sounds",
] as const;

/**
 * Reads a rule. In a kind `*` stands for any letters. In a path it stands for one segment or a part
 * of it, as `{channelId}` does, and at the end for all that follows; alone for every path.
 *
 * @throws {PolicyRuleError} When it names no kind and no call.
 */
export function parsePolicyRule(text: string): PolicyRule {
  const [, method, path] = /^(\S+)\s+(\S+)$/.exec(text) ?? [];
  if (path !== undefined) return callRule(text, method.toUpperCase(), path);
  if (!/^[A-Za-z*]+$/.test(text)) {
    const wanted = "it is neither a kind, as in Channel*, nor a method with a path, as in";
    throw new PolicyRuleError(`${JSON.stringify(text)} is no rule: ${wanted} DELETE /channels/*`);
  }
  const pattern = wildcard(text);
  const named = kinds.filter((kind) => pattern.test(kind));
  if (named.length === 0) {
    const known = text.includes("*") ? kindGroups() : kinds;
    throw new PolicyRuleError(`no kind of request is ${JSON.stringify(text)}`, text, known);
  }
  return {
    text,
    kinds: new Set<Kind>(named),
    exact: !text.includes("*") || /^\*+$/.test(text),
    matchesCall: () => false,
  };
}

function callRule(text: string, method: string, path: string): PolicyRule {
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
  if (!/[*{]/.test(resource) && !resources.some((known) => known === resource)) {
    const known = resources.map((name) => `/${name}`);
    throw new PolicyRuleError(`ARI has nothing below "/${resource}"`, `/${resource}`, known);
  }
  const open = parts.at(-1) === "*";
  const patterns = parts.map((part) => wildcard(part.replaceAll(/\{\w+\}/g, "*")));
  return {
    text,
    kinds: new Set(),
    exact: true,
    method,
    matchesCall: (called, segments) =>
      (method === "*" || method === called) &&
      (open ? segments.length >= parts.length : segments.length === parts.length) &&
      patterns.every((pattern, i) => pattern.test(segments[i])),
  };
}

/** The groups that kinds form by their first word, as in `Channel*`. */
function kindGroups(): string[] {
  return [...new Set(kinds.map((kind) => `${/^[A-Z][a-z]+/.exec(kind)?.[0]}*`))];
}

function wildcard(text: string): RegExp {
  const parts = text.split(/\*+/).map((part) => part.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}
