import { redactUrls } from "../../common/redact_url.ts";
import { readContexts } from "../settings/contexts.ts";
import type { Candidate } from "./completion_candidate.ts";
import type { Io } from "../io.ts";

/** The names of all contexts, with their buses; none where they cannot be read. */
export async function contextCandidates(io: Io): Promise<Candidate[]> {
  try {
    const { contexts } = await readContexts(io);
    return Array.from(contexts, ([word, values]) => {
      const brief = redactUrls(values.get("messagebus.url") ?? "");
      return { word, ...(brief && { brief }) };
    });
  } catch {
    return [];
  }
}
