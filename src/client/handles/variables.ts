/** Variables that are set, as texts by name. */
export function textsOf(
  variables: Readonly<Record<string, unknown>> | undefined,
): Readonly<Record<string, string>> {
  const texts = Object.entries(variables ?? {}).filter(
    (entry): entry is [string, string] => typeof entry[1] === "string",
  );
  return Object.fromEntries(texts);
}
