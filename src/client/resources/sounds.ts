import type { AriClient } from "../client.ts";
import { Sound } from "../handles/sound.ts";
import type { ListOptions } from "./listing.ts";
import { listHandles, Resource } from "./resource.ts";

/** Options of {@linkcode Sounds.list}. */
export interface ListSoundsOptions extends ListOptions {
  /** Only those in this language. @default all */
  readonly language?: string;
  /** Only those in this format. @default all */
  readonly format?: string;
}

/** Sounds that the nodes have. */
export class Sounds extends Resource<Sound> {
  /** Makes the sounds of a client. */
  constructor(client: AriClient) {
    super(client, "sound", Sound);
  }

  /** Those of all nodes, each as often as there are nodes that have it. */
  list({ language, format, ...options }: ListSoundsOptions = {}): Promise<readonly Sound[]> {
    const filters = { ...(language && { lang: language }), ...(format && { format }) };
    return listHandles(this.client, "SoundList", {
      ...options,
      payload: { filters },
      make: (key) => this.handle(key),
    });
  }
}
