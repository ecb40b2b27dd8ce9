/**
 * One rule of a policy: a pattern of kinds, or one of calls to Asterisk.
 *
 * @module
 */
import type { Kind } from "../../protocol/kinds.ts";
import { kinds } from "../../protocol/operations.ts";
import { joinWildcards, parseCallPattern } from "./policy_call.ts";
import { PolicyRuleError } from "./policy_rule_error.ts";

export { PolicyRuleError } from "./policy_rule_error.ts";

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

/**
 * Reads a rule. In a kind `*` stands for any letters. In a path it stands for one segment or a part
 * of it, as `{channelId}` does, and at the end for all that follows; alone for every path. What is
 * percent-encoded in a path is taken as such, as in calls.
 *
 * @throws {PolicyRuleError} When it names no kind and no call that Asterisk has.
 */
export function parsePolicyRule(text: string): PolicyRule {
  const [, method, path] = /^(\S+)\s+(\S+)$/.exec(text) ?? [];
  if (path !== undefined) {
    const pattern = parseCallPattern(method, path);
    return {
      text,
      kinds: new Set(),
      exact: true,
      method: pattern.method,
      matchesCall: pattern.matches,
    };
  }
  if (!/^[A-Za-z*]+$/.test(text)) {
    const wanted = "it is neither a kind, as in Channel*, nor a method with a path, as in";
    throw new PolicyRuleError(`${JSON.stringify(text)} is no rule: ${wanted} DELETE /channels/*`);
  }
  const pattern = joinWildcards(text.split(/\*+/));
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

/** The groups that kinds form by their first word, as in `Channel*`. */
function kindGroups(): string[] {
  return [...new Set(kinds.map((kind) => `${/^[A-Z][a-z]+/.exec(kind)?.[0]}*`))];
}
