import type { SoundData } from "../../protocol/api/models.ts";
import type { ClusterClient } from "../cluster.ts";
import { Handle } from "../handles/handle.ts";
import type { AriRequestOptions } from "../requester.ts";
import { listHandles, type ListOptions, Resource } from "./resource.ts";

/** A sound that can be played, as `sound:<id>`. */
export class Sound extends Handle {
  /** Gets its data. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<SoundData> {
    return this.request("SoundData", undefined, options);
  }
}

/** Options of {@linkcode Sounds.list}. */
export interface ListSoundsOptions extends ListOptions {
  /** Only those in this language. @default all */
  readonly language?: string;
  /** Only those in this format. @default all */
  readonly format?: string;
}

/** Sounds of the nodes. */
export class Sounds extends Resource<Sound> {
  /** Makes the sounds of a client. */
  constructor(client: ClusterClient) {
    super(client, "sound", Sound);
  }

  /** Lists those of all nodes, each once for every node that has it. */
  list({ language, format, ...options }: ListSoundsOptions = {}): Promise<readonly Sound[]> {
    const filters = { ...(language && { lang: language }), ...(format && { format }) };
    return listHandles(this.client, "SoundList", {
      ...options,
      payload: { filters },
      make: (key) => this.handle(key),
    });
  }
}
