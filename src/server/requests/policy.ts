/**
 * What a proxy lets be done to its Asterisk, whoever asks.
 *
 * @module
 */
import { mainCall } from "../../protocol/row_call.ts";
import { AriProxyError, errorTexts } from "../../protocol/errors.ts";
import type { Coordinates } from "../../protocol/key.ts";
import type { Kind } from "../../protocol/kinds.ts";
import { mint } from "../../protocol/mint.ts";
import { operations } from "../../protocol/operations.ts";
import type { Request } from "../../protocol/request.ts";
import { kindsOfCall, waysOfCall } from "../../protocol/rest_kinds.ts";
import type { AriCall } from "../../protocol/route.ts";
import { parsePolicyRule, type PolicyRule, PolicyRuleError } from "./policy_rule.ts";

/** What a policy consists of. Rules are as at {@linkcode parsePolicyRule}. */
export interface PolicyOptions {
  /**
   * Rules of which one has to match.
   *
   * @default everything is allowed
   */
  readonly allow?: readonly string[];
  /**
   * Rules of which none may match; they count more than those that allow.
   *
   * @default nothing is denied
   */
  readonly deny?: readonly string[];
  /**
   * Whether nothing may be done that makes Asterisk do more than tell.
   *
   * @default {false}
   */
  readonly readOnly?: boolean;
}

/** Decides about requests by what they say, before anything is done for them. */
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
    const kinds = kindsOf(request, call);
    const ways = call ? waysOfCall(call) : [];
    const called = (rule: PolicyRule) =>
      call && ways.some((segments) => rule.matchesCall(call.method, segments));
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
function kindsOf({ kind }: Request, call: AriCall | undefined): readonly Kind[] {
  return kind === "Rest" && call ? [kind, ...kindsOfCall(call)] : [kind];
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
  // A wildcard that happens to match the name lets nothing through by this way.
  if (rules.some((rule) => rule.exact && rule.kinds.has("Rest"))) return true;
  const same = kinds.slice(1);
  return same.length > 0 && same.every(named);
}

/** Whether a rule names one kind, or a method, that cannot be carried out by reading. */
function onlyWrites({ kinds, method, text }: PolicyRule): boolean {
  if (method !== undefined) return method !== "GET" && method !== "*";
  const [kind] = kinds;
  const route = text === kind && operations[kind].call;
  return route ? !route.startsWith("GET ") : false;
}
