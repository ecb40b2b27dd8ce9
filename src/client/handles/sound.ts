import type { SoundData } from "../../protocol/api/models.ts";
import type { AriRequestOptions } from "../ari_client_options.ts";
import { Handle } from "./handle.ts";

/** A sound that can be played, as `sound:<id>`. */
export class Sound extends Handle {
  /** Tells about it. @throws {AriProxyError} With the code `not_found`. */
  data(options?: AriRequestOptions): Promise<SoundData> {
    return this.client.request("SoundData", this.key, undefined, options);
  }
}
