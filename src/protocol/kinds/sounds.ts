import type { SoundData } from "../api/models.ts";
import { filled, type ReplyData, type ReplyKeys, type Rows } from "./columns.ts";
import { detail, list } from "./shared_rows.ts";

/** The kinds about sounds. */
export interface SoundKinds {
  /** Lists the sounds. */
  SoundList: ReplyKeys<{ readonly filters?: { readonly lang?: string; readonly format?: string } }>;
  /** Reads a sound. */
  SoundData: ReplyData<SoundData>;
}

export const soundRows: Rows<SoundKinds> = {
  SoundList: {
    ...list("sound", "GET /sounds"),
    payload: {
      member: "sound_list",
      optional: true,
      shape: {
        filters: { optional: true, object: { lang: "string?", format: "string?" } },
      },
    },
    query: { format: filled("filters.format"), lang: filled("filters.lang") },
    filtered: true,
  },
  SoundData: { ...detail("sound", "GET /sounds/{soundId}"), reply: "data" },
};
