/**
 * What clients may do to the Asterisk of a proxy.
 *
 * @module
 */
import { description } from "../../protocol/api/description.ts";
import { asteriskSegments, operations, twinOf } from "../../protocol/api/lookup.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import type { Coordinates } from "../../protocol/key.ts";
import { mint } from "../../protocol/mint.ts";
import { type Kind, kindRows, kinds, kindsOf } from "../../protocol/kinds/kinds.ts";
import type { Request } from "../../protocol/request.ts";
import { type AriCall, isPlaceholder, restMethods, splitRoute } from "../../protocol/ari_call.ts";
import { mainCall } from "../../protocol/kinds/engine.ts";

/** The rules of a policy, as {@linkcode parsePolicyRule} reads them. */
interface PolicyOptions {
  /**
   * Rules of which one has to match.
   *
   * @default everything is allowed
   */
  readonly allow?: readonly string[];
  /**
   * Rules of which none may match; they override those that allow.
   *
   * @default nothing is denied
   */
  readonly deny?: readonly string[];
  /**
   * Whether only requests are allowed that Asterisk serves by GET.
   *
   * @default {false}
   */
  readonly readOnly?: boolean;
}

/** Allows or denies requests by their content, before anything is done for them. */
export class Policy {
  readonly #allow: readonly PolicyRule[] | undefined;
  readonly #deny: readonly PolicyRule[];
  readonly #readOnly: boolean;

  /**
   * Makes a policy.
   *
   * @throws {PolicyRuleError} For a rule that names nothing, and for rules that contradict each other.
   */
  constructor({ allow, deny = [], readOnly = false }: PolicyOptions) {
    this.#allow = allow?.map(parsePolicyRule);
    this.#deny = deny.map(parsePolicyRule);
    this.#readOnly = readOnly;
    const both = allow?.find((text) => deny.includes(text));
    if (both !== undefined) {
      throw new PolicyRuleError(`${JSON.stringify(both)} is allowed and denied`);
    }
    const writing = readOnly && this.#allow?.find(onlyWrites);
    if (writing) {
      throw new PolicyRuleError(
        `${JSON.stringify(writing.text)} is allowed, and does more than read`,
      );
    }
  }

  /**
   * Refuses a request that is not allowed.
   *
   * A kind is judged by its name and by its call to Asterisk; a call by `Rest` also by the kinds that
   * do the same.
   *
   * @param self The proxy that would carry it out.
   * @throws {AriProxyError} With the code `denied`, or `invalid` when it cannot be carried out.
   */
  check<K extends Kind>(request: Request<K>, self: Coordinates): void {
    const call = mainCall(request, { self, mint });
    const kinds = sameKinds(request, call);
    const paths = call ? pathsOf(call) : [];
    const called = (rule: PolicyRule) =>
      call && paths.some((segments) => rule.matchesCall(call.method, segments));
    const denied = this.#deny.some((rule) =>
      kinds.some((kind) => rule.kinds.has(kind)) || called(rule)
    );
    if (
      denied ||
      this.#readOnly && call && call.method !== "GET" ||
      this.#allow && !allows(this.#allow, { request, kinds, called })
    ) {
      const what = request.kind === "Rest" && call ? `${call.method} ${call.path}` : request.kind;
      throw new AriProxyError("denied", errorTexts.denied(what));
    }
  }
}

/** The kinds that a request is: its own, and for a call by `Rest` those that do the same. */
function sameKinds({ kind }: Request, call: AriCall | undefined): readonly Kind[] {
  const operation = kind === "Rest" && call && operations.find(call);
  return operation ? [kind, ...kindsOf(operation)] : [kind];
}

/**
 * The segments of all paths of the same operation: with the ID of what it creates, and without it, since
 * the ID may be in the query or body as well. An ID that is not known is empty.
 */
function pathsOf(call: AriCall): string[][] {
  const segments = asteriskSegments(call.path);
  const operation = operations.find(call);
  const twin = operation && twinOf(operation);
  if (!twin) return [segments];
  const other = twin.length < operation.length ? segments.slice(0, -1) : [...segments, ""];
  return [segments, other];
}

function allows(
  rules: readonly PolicyRule[],
  { request, kinds, called }: {
    readonly request: Request;
    readonly kinds: readonly Kind[];
    readonly called: (rule: PolicyRule) => boolean | undefined;
  },
): boolean {
  if (rules.some(called)) return true;
  const named = (kind: Kind) => rules.some((rule) => rule.kinds.has(kind));
  if (request.kind !== "Rest") return kinds.every(named);
  // A wildcard that happens to match the name `Rest` allows nothing here.
  if (rules.some((rule) => rule.exact && rule.kinds.has("Rest"))) return true;
  const same = kinds.slice(1);
  return same.length > 0 && same.every(named);
}

/** Whether a rule names one kind, or a method, that cannot be carried out by reading. */
function onlyWrites({ kinds, method, text }: PolicyRule): boolean {
  if (method !== undefined) return method !== "GET" && method !== "*";
  const [kind] = kinds;
  const route = text === kind && kindRows[kind].call;
  return route ? !route.startsWith("GET ") : false;
}

/** A rule about kinds, such as `Channel*`, or about calls, such as `GET /channels/*`. */
interface PolicyRule {
  readonly text: string;
  /** The kinds that it names; none for a rule about calls. */
  readonly kinds: ReadonlySet<Kind>;
  /** Whether it names kinds without wildcards, or all of them. */
  readonly exact: boolean;
  /** For a rule about calls, the method that it names, `*` for any. */
  readonly method?: string;
  /** Whether it names a call with this method and these decoded segments of its path. */
  matchesCall(method: string, segments: readonly string[]): boolean;
}

/**
 * Parses a rule. In a kind `*` matches any letters. In a path it matches one segment or a part of it, as
 * `{channelId}` does, and at the end all that follows; alone every path. Paths are percent-encoded.
 *
 * @throws {PolicyRuleError} When it matches no kind and no operation of Asterisk.
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
    throw new PolicyRuleError(
      `${JSON.stringify(text)} is not a rule: ${wanted} DELETE /channels/*`,
    );
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

/** A rule about calls. */
interface CallPattern {
  /** The method that it names, `*` for any. */
  readonly method: string;
  /** Whether it names a call with this method and these decoded segments of its path. */
  matches(method: string, segments: readonly string[]): boolean;
}

/** The operations of Asterisk: method, and segments, of which those in braces are placeholders. */
const ariOperations = Object.keys(description).map(splitRoute);

/** The first segments of paths. */
const resources = [...new Set(ariOperations.map(({ segments }) => segments[0]))];

/**
 * Parses a method and a path with wildcards.
 *
 * @throws {PolicyRuleError} When it matches no operation of Asterisk: a rule that denies nothing, while an
 * operator relies on it, is worse than none.
 */
function parseCallPattern(given: string, path: string): CallPattern {
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
    throw new PolicyRuleError(`${JSON.stringify(path)} is not a path: ${why}`);
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
  const matching = ariOperations.some((operation) =>
    fits(operation.method, operation.segments) &&
    patterns.every((pattern, i) =>
      isPlaceholder(operation.segments[i]) || pattern.test(operation.segments[i])
    )
  );
  if (!matching) {
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

/** The pattern of a segment, percent-decoded but for its wildcards. */
function segmentPattern(segment: string): RegExp {
  const pieces = segment.replaceAll(/\{\w+\}/g, "*").split(/\*+/).map((piece) => {
    try {
      return decodeURIComponent(piece);
    } catch {
      throw new PolicyRuleError(`${JSON.stringify(segment)} has a % that is not written as %25`);
    }
  });
  // Asterisk ends a segment there, so no call has one.
  if (pieces.some((piece) => piece.includes("\0"))) {
    throw new PolicyRuleError(`${JSON.stringify(segment)} has %00 in it, which no call has`);
  }
  return joinWildcards(pieces);
}

/** A pattern with wildcards between the pieces. */
function joinWildcards(pieces: readonly string[]): RegExp {
  const parts = pieces.map((piece) => piece.replaceAll(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`, "s");
}

/** All operations, written as rules with the values of this one in their places. */
function callsLike(method: string, parts: readonly string[]): string[] {
  const calls = ariOperations.map((operation) => {
    const path = operation.segments.map((part, i) => isPlaceholder(part) ? parts[i] ?? "*" : part);
    return `${method === "*" ? "*" : operation.method} /${path.join("/")}`;
  });
  return [...new Set(calls)];
}

/** A rule that matches nothing, or contradicts another one. */
export class PolicyRuleError extends Error {
  /** The part that is wrong; empty where it is no single part. */
  readonly typed: string;
  /** What would have been right in its place. */
  readonly known: readonly string[];

  /** Makes an error. */
  constructor(message: string, typed = "", known: readonly string[] = []) {
    super(message);
    this.name = "PolicyRuleError";
    this.typed = typed;
    this.known = known;
  }
}
