/**
 * The policy of the settings.
 *
 * @module
 */
import { parsePolicyRule, Policy, PolicyRuleError } from "../../server/requests/policy.ts";
import { didYouMean } from "../closest.ts";
import { findSetting, unusable } from "./find.ts";
import type { SettingSources } from "./setting.ts";
import { UsageError } from "../errors.ts";

/**
 * Reads what may be done to Asterisk.
 *
 * @returns undefined when everything may be done.
 * @throws {UsageError} For a rule that names nothing, rules that contradict each other, and a list
 * that is there without a rule in it.
 */
export function readPolicy(sources: SettingSources): Policy | undefined {
  const allow = readRules("policy.allow", sources);
  const deny = readRules("policy.deny", sources);
  const readOnly = findSetting("policy.read_only", sources)?.value ?? false;
  if (!allow && !deny && !readOnly) return undefined;
  try {
    return new Policy({ allow, deny, readOnly });
  } catch (error) {
    if (!(error instanceof PolicyRuleError)) throw error;
    throw new UsageError(`Cannot use the settings of the policy together: ${error.message}`);
  }
}

function readRules(
  name: "policy.allow" | "policy.deny",
  sources: SettingSources,
): readonly string[] | undefined {
  const { file } = sources;
  // An empty list of what is allowed does not mean to allow everything.
  if (file?.values.get(name) === "") {
    throw unusable(
      name,
      `file ${file.path}`,
      new Error("it is empty; leave it out or name a rule"),
    );
  }
  const found = findSetting(name, sources);
  try {
    found?.value.forEach(parsePolicyRule);
  } catch (error) {
    if (!(error instanceof PolicyRuleError)) throw error;
    const { message, typed, known } = error;
    throw unusable(name, found?.source ?? "", new Error(message + didYouMean(typed, known)));
  }
  return found?.value;
}
